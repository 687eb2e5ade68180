// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.ChannelQuantizer;
import dev.octant.core.QuantParams;
import dev.octant.core.TensorQuantizer;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.FreshNames;
import dev.octant.onnx.internal.quantize.Kernels.Kernel;
import dev.octant.onnx.internal.run.Batches;
import dev.octant.onnx.internal.run.ModelPart;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Output;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Accuracy.BiasShift;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Moves the biases of int8 ops so that what they compute is right on average: rounding the inputs and weights of an op
 * shifts the mean of each of its channels, and shifts add up from layer to layer.
 *
 * <pre>
 * bias[c] -= mean over the data of (int8 output - float output)[c]
 * </pre>
 *
 * <p>Memory: a batch's outputs of these ops, and a number for each channel. Source: Nagel et al., Data-Free
 * Quantization Through Weight Equalization and Bias Correction, 2019, section 4.2, with means from data.
 */
public final class BiasCorrection {
    private final Int8Draft draft;
    private final List<Kernel> kernels;
    private final Batches batches;

    private BiasCorrection(Int8Draft draft, Batches batches) {
        this.draft = draft;
        this.kernels = draft.kernels();
        this.batches = batches;
    }

    /**
     * The draft with moved biases, if the model is better for it on the first rows of the data: in a deep model that
     * normalizes what it computes, moving each bias by itself may take away what made good for something else.
     *
     * <p>{@link BiasShift#LOCAL} puts an op beside each int8 op in the float model, which reads the same values, and
     * the same weight, as codes. {@link BiasShift#SEQUENTIAL} runs the int8 model up to each op, with what was before
     * it moved already: what that does not make good is made good behind it.
     */
    public static Int8Draft apply(Int8Draft draft, BiasShift how, Batches batches) throws IOException {
        BiasCorrection correction = new BiasCorrection(draft, batches);
        if (how == BiasShift.NONE || correction.kernels.isEmpty()) {
            return draft;
        }
        Int8Draft moved = how == BiasShift.LOCAL ? draft.withShifts(correction.local()) : correction.sequential();
        Sample sample = Sample.of(draft.graph(), batches);
        return sample.noise(moved.model()) <= sample.noise(draft.model()) ? moved : draft;
    }

    private Int8Draft sequential() throws IOException {
        Map<String, Kernel> outputs = new LinkedHashMap<>();
        kernels.forEach(kernel -> outputs.put(floatNode(kernel.sum()).getOutput(0), kernel));
        Map<Kernel, double[]> wanted = means(draft.graph().model(), outputs, Optimization.NONE);
        Map<String, double[]> shifts = new HashMap<>();
        Int8Draft moved = draft.withShifts(shifts);
        for (Kernel kernel : kernels) {
            PairWriter writer = moved.writer();
            String output = writer.nameOf(draft.plan().node(kernel.sum()).getOutput(0));
            double[] found = means(writer.model(), Map.of(output, kernel), Optimization.ALL)
                    .get(kernel);
            shifts.put(kernel.bias(), difference(found, wanted.get(kernel)));
            moved = draft.withShifts(shifts);
        }
        return moved;
    }

    private NodeProto floatNode(int at) {
        return draft.graph().nodes().get(at);
    }

    private static double[] difference(double[] found, double[] wanted) {
        double[] difference = new double[found.length];
        for (int i = 0; i < found.length; i++) {
            double shift = found[i] - wanted[i];
            // Infinite activations have no mean.
            difference[i] = Double.isFinite(shift) ? shift : 0;
        }
        return difference;
    }

    /** The mean of each channel of these outputs over all data. */
    private Map<Kernel, double[]> means(ModelProto model, Map<String, Kernel> outputs, Optimization optimization)
            throws IOException {
        Map<Kernel, ChannelMeans> means = new HashMap<>();
        outputs.values().forEach(kernel -> means.put(kernel, new ChannelMeans()));
        Set<String> names = new LinkedHashSet<>(outputs.keySet());
        ModelProto part = ModelPart.of(model, names);
        try (Session session = Session.open(part, draft.graph().external(), optimization, Threads.USUAL)) {
            batches.forEach(batch -> session.run(batch, names, (name, output) -> {
                Kernel kernel = outputs.get(name);
                means.get(kernel).add(output, kernel);
            }));
        }
        Map<Kernel, double[]> found = new HashMap<>();
        means.forEach((kernel, mean) -> found.put(kernel, mean.means()));
        return found;
    }

    private Map<String, double[]> local() throws IOException {
        Twins twins = new Twins(draft);
        Map<String, Kernel> floats = new LinkedHashMap<>();
        Map<String, Kernel> all = new LinkedHashMap<>();
        Map<String, Kernel> codes = new LinkedHashMap<>();
        for (Kernel kernel : kernels) {
            floats.put(floatNode(kernel.at()).getOutput(0), kernel);
            codes.put(twins.add(kernel), kernel);
        }
        all.putAll(floats);
        all.putAll(codes);
        Map<String, ChannelMeans> means = new HashMap<>();
        all.keySet().forEach(name -> means.put(name, new ChannelMeans()));
        ModelProto part = ModelPart.of(twins.model(), all.keySet());
        try (Session session = Session.open(part, draft.graph().external(), Optimization.NONE, Threads.USUAL)) {
            batches.forEach(batch -> session.run(
                    batch, all.keySet(), (name, output) -> means.get(name).add(output, all.get(name))));
        }
        Map<String, double[]> shifts = new HashMap<>();
        codes.forEach((name, kernel) -> shifts.put(
                kernel.bias(),
                difference(
                        means.get(name).means(),
                        means.get(floatNode(kernel.at()).getOutput(0)).means())));
        return shifts;
    }

    /** The mean of each channel of what an op writes. */
    private static final class ChannelMeans {
        private double[] sums = new double[0];
        private long perChannel;

        void add(Output output, Kernel kernel) {
            long[] shape = output.shape();
            int axis = kernel.axis(shape.length);
            int channels = (int) shape[axis];
            int inner = 1;
            for (int i = axis + 1; i < shape.length; i++) {
                inner *= (int) shape[i];
            }
            float[] values = output.floats();
            if (sums.length == 0) {
                sums = new double[channels];
            }
            for (int from = 0; from < values.length; from += inner) {
                double sum = 0;
                for (int i = from; i < from + inner; i++) {
                    sum += values[i];
                }
                sums[from / inner % channels] += sum;
            }
            perChannel += values.length / Math.max(1, channels);
        }

        double[] means() {
            double[] means = sums.clone();
            for (int i = 0; i < means.length; i++) {
                means[i] /= Math.max(1, perChannel);
            }
            return means;
        }
    }

    /** A float model with a second op beside each int8 one, which reads what the float model computes as codes. */
    private static final class Twins {
        private final Int8Draft draft;
        private final Parameters parameters;
        private final GraphProto.Builder graph;
        private final FreshNames names;
        private final Map<String, String> asCodes = new HashMap<>();

        Twins(Int8Draft draft) throws IOException {
            this.draft = draft;
            this.parameters = draft.parameters();
            this.graph = draft.graph().model().getGraph().toBuilder();
            this.names = new FreshNames(draft.graph().model().getGraph());
        }

        ModelProto model() {
            return draft.graph().model().toBuilder().setGraph(graph).build();
        }

        /** The output of the twin. */
        String add(Kernel kernel) throws IOException {
            NodeProto node = draft.plan().node(kernel.at());
            NodeProto.Builder twin = draft.graph().nodes().get(kernel.at()).toBuilder();
            for (int i = 0; i < 2; i++) {
                twin.setInput(i, asCodes(node.getInput(i)));
            }
            String output = names.of(twin.getOutput(0) + "_twin");
            graph.addNode(twin.setName(names.of(output + "_node")).setOutput(0, output));
            return output;
        }

        /** The value that a value has once it was rounded to codes. */
        private String asCodes(String value) throws IOException {
            String known = asCodes.get(value);
            if (known == null) {
                FloatGraph floats = draft.graph();
                known = floats.constant(value).isPresent()
                        ? constant(floats.constant(value).get(), parameters.of(value))
                        : activation(value, parameters.of(value).params().get(0));
                asCodes.put(value, known);
            }
            return known;
        }

        private String constant(TensorProto constant, Parameters.OfValue of) throws IOException {
            float[] values = Tensors.floats(constant, draft.graph().external());
            if (of.axis().isPresent()) {
                ChannelQuantizer.of(Parameters.layout(constant, of.axis().getAsInt()), of.params())
                        .fakeQuantize(values, 0, values, 0, values.length);
            } else {
                TensorQuantizer.of(of.params().get(0)).fakeQuantize(values, 0, values, 0, values.length);
            }
            String name = names.of(constant.getName() + "_rounded");
            graph.addInitializer(Tensors.ofFloats(name, constant.getDimsList(), values));
            return name;
        }

        private String activation(String value, QuantParams params) {
            String scale = names.of(value + "_step");
            String zero = names.of(value + "_zero");
            String codes = names.of(value + "_codes");
            String rounded = names.of(value + "_rounded");
            OnnxType type = params.type().isSigned() ? OnnxType.INT8 : OnnxType.UINT8;
            graph.addInitializer(Tensors.ofFloats(scale, List.of(), params.scale()));
            graph.addInitializer(
                    Tensors.ofBytes(zero, type, List.of(), params.type().raw(params.zeroPoint())));
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("QuantizeLinear")
                    .setName(codes)
                    .addAllInput(List.of(value, scale, zero))
                    .addOutput(codes));
            graph.addNode(NodeProto.newBuilder()
                    .setOpType("DequantizeLinear")
                    .setName(rounded)
                    .addAllInput(List.of(codes, scale, zero))
                    .addOutput(rounded));
            return rounded;
        }
    }
}
