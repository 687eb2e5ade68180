// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/**
 * A model loaded into ONNX Runtime, with all its optimizations.
 *
 * <pre>
 * try (ModelRunner runner = ModelRunner.open(OnnxModel.read(file))) {
 *     Map&lt;String, TensorValue&gt; outputs = runner.run(Map.of("x", TensorValue.of(List.of(1L, 3L), 1f, 2f, 3f)));
 * }
 * </pre>
 *
 * <p>Thread safe, but for {@link #close}. Its memory is outside the heap until it is closed.
 */
public final class ModelRunner implements AutoCloseable {
    private final Session session;
    private final Set<String> outputs = new LinkedHashSet<>();

    private ModelRunner(OnnxModel model, Session session) {
        this.session = session;
        model.info().outputs().forEach(output -> outputs.add(output.name()));
    }

    /**
     * Loads a model.
     *
     * @throws FormatException if ONNX Runtime cannot be loaded, or refuses the model
     */
    public static ModelRunner open(OnnxModel model) throws IOException {
        return open(model, Provider.CPU);
    }

    /**
     * Loads a model for another provider.
     *
     * @throws FormatException if that is not there, or as {@link #open(OnnxModel)}
     */
    public static ModelRunner open(OnnxModel model, Provider provider) throws IOException {
        return new ModelRunner(
                model, Session.open(model.proto(), model.external(), Optimization.ALL, Threads.USUAL, provider));
    }

    /**
     * Runs the model once.
     *
     * @param inputs all inputs of the model by name; direct buffers are not copied
     * @return its outputs by name, with buffers of their own, in the order of the model
     * @throws FormatException if ONNX Runtime refuses the inputs or fails; if an output is no tensor of numbers
     */
    public Map<String, TensorValue> run(Map<String, TensorValue> inputs) throws IOException {
        Map<String, TensorValue> values = new LinkedHashMap<>();
        session.run(inputs, outputs, (name, output) -> values.put(name, output.value()));
        return values;
    }

    @Override
    public void close() throws IOException {
        session.close();
    }
}
