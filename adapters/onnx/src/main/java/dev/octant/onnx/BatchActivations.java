// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.run.AllOutputs;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.commons.lang3.Validate;

/**
 * What a float model computes on batches that the caller has: for whoever feeds a model from elsewhere than files, as
 * the tasks of a cluster do. {@link ModelActivations} does the same for files.
 *
 * <pre>
 * try (BatchActivations activations = BatchActivations.open(model, Target.CPU)) {
 *     activations.read(batch, (tensor, values, from, count) -&gt; observe(tensor, values, from, count));
 * }
 * </pre>
 *
 * <p>The tensors are all values of float32 that are given or computed once the model is prepared for a target. ONNX
 * Runtime computes a batch on one thread; values may differ in the last place between batches of different sizes.
 *
 * <p>Memory: for each thread that reads, the activations of a batch. Thread safe, but for {@link #close}.
 */
public final class BatchActivations implements AutoCloseable {
    private final Session session;
    private final Set<String> inputs = new LinkedHashSet<>();
    private final Set<String> computed = new LinkedHashSet<>();
    private final List<String> tensors;

    private BatchActivations(Session session, FloatGraph graph) {
        this.session = session;
        for (ValueInfoProto input : graph.model().getGraph().getInputList()) {
            add(input.getName(), inputs, graph);
        }
        for (NodeProto node : graph.nodes()) {
            node.getOutputList().forEach(output -> add(output, computed, graph));
        }
        List<String> all = new ArrayList<>(inputs);
        all.addAll(computed);
        tensors = List.copyOf(all);
    }

    private static void add(String value, Set<String> values, FloatGraph graph) {
        if (graph.isFloat(value) && graph.constant(value).isEmpty()) {
            values.add(value);
        }
    }

    /**
     * Loads a model.
     *
     * @param model read from a file, or one in memory
     * @param target the one that the model will be quantized for
     * @throws FormatException if the model is quantized already or of an opset below 10, or ONNX Runtime refuses it
     */
    public static BatchActivations open(OnnxModel model, Target target) throws IOException {
        ExternalData external = model.external();
        ModelQuantizer.requireFloat(model, false);
        ModelProto prepared = ModelQuantizer.prepared(model.proto(), external, target);
        Session session = Session.open(AllOutputs.of(prepared), external, Optimization.NONE, Threads.ONE);
        try {
            return new BatchActivations(
                    session, new FloatGraph(prepared, external, session.outputTypes(), session.arrays()));
        } catch (IOException | RuntimeException e) {
            session.close();
            throw e;
        }
    }

    /** Their names: the inputs', then the computed in the order of the model. */
    public List<String> tensors() {
        return tensors;
    }

    /**
     * Runs the model on a batch and shows all values, tensor by tensor, for as long as the visitor wants more.
     *
     * @param batch all inputs of the model by name
     * @throws FormatException if ONNX Runtime refuses the batch or fails
     * @throws IllegalArgumentException if an input of float32 is missing or of another type
     */
    public void read(Map<String, TensorValue> batch, TensorPart.Visitor visitor) throws IOException {
        Wanted wanted = new Wanted(visitor);
        for (String input : inputs) {
            Validate.isTrue(
                    batch.containsKey(input), "batch must have the input %s, was without", VisibleText.of(input));
            wanted.visit(input, batch.get(input).floats());
        }
        if (wanted.isOpen && !computed.isEmpty()) {
            session.run(batch, computed, (name, output) -> {
                if (wanted.isOpen) {
                    wanted.visit(name, output.floats());
                }
            });
        }
    }

    /** Hands values on for as long as they are wanted. */
    private static final class Wanted {
        private final TensorPart.Visitor visitor;
        private boolean isOpen = true;

        Wanted(TensorPart.Visitor visitor) {
            this.visitor = visitor;
        }

        void visit(String tensor, float[] values) throws IOException {
            if (isOpen && values.length > 0) {
                isOpen = visitor.visit(tensor, values, 0, values.length);
            }
        }
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
