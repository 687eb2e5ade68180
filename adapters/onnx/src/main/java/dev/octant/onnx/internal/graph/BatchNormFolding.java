// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a BatchNormalization into the Conv, ConvTranspose or Gemm whose output it alone reads, for it has no int8
 * kernel:
 *
 * <pre>
 * f = gain / sqrt(variance + epsilon)          W' = f * W          b' = f * (b - mean) + shift
 * </pre>
 *
 * <p>in double, rounded once to float, for each output channel. The op gets constants of its own, {@code
 * <output>_weight} and {@code <output>_bias}.
 */
public final class BatchNormFolding {
    private static final float USUAL_EPSILON = 1e-5f;
    private static final Set<String> KERNELS = Set.of("Conv", "ConvTranspose", "Gemm");

    private final ExternalData external;
    private final Map<String, TensorProto> constants;
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, Integer> readers;
    private final FreshNames names;

    private BatchNormFolding(GraphProto graph, ExternalData external) {
        this.external = external;
        this.readers = Captures.readers(graph.getNodeList());
        this.names = new FreshNames(graph);
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
        constants = Tensors.constants(graph);
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
        }
    }

    /** The model without such nodes, which must be in an order in which they can run. */
    public static ModelProto apply(ModelProto model, ExternalData external) throws IOException {
        GraphProto graph = model.getGraph();
        BatchNormFolding folding = new BatchNormFolding(graph, external);
        Map<String, NodeProto> folded = new HashMap<>();
        Set<String> gone = new HashSet<>();
        for (NodeProto node : graph.getNodeList()) {
            if (folding.isFoldable(node)) {
                folded.put(node.getInput(0), folding.folded(folding.producers.get(node.getInput(0)), node));
                gone.add(node.getOutput(0));
            }
        }
        if (gone.isEmpty()) {
            return model;
        }
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOutputCount() == 0 || !gone.contains(node.getOutput(0))) {
                nodes.add(node.getOutputCount() == 0 ? node : folded.getOrDefault(node.getOutput(0), node));
            }
        }
        return model.toBuilder()
                .setGraph(graph.toBuilder()
                        .clearNode()
                        .addAllNode(nodes)
                        .clearInitializer()
                        .addAllInitializer(folding.constants.values()))
                .build();
    }

    private boolean isFoldable(NodeProto node) {
        if (!Domains.isOp(node, "BatchNormalization") || node.getInputCount() != 5) {
            return false;
        }
        NodeProto kernel = producers.get(node.getInput(0));
        return kernel != null
                && KERNELS.contains(kernel.getOpType())
                && Domains.isOnnx(kernel.getDomain())
                && kernel.getInputCount() > 1
                && readers.getOrDefault(node.getInput(0), 0) == 1
                && node.getOutputList().stream().skip(1).allMatch(String::isEmpty)
                && !FloatGraph.isSet(node, "training_mode")
                && haveChannelsOf(kernel, node);
    }

    /** Whether all is constant, and has a number for each channel that the op writes. */
    private boolean haveChannelsOf(NodeProto kernel, NodeProto norm) {
        if (!isFloat(kernel.getInput(1)) || constants.get(kernel.getInput(1)).getDimsCount() < 2) {
            return false;
        }
        long channels = new Channels(kernel, constants.get(kernel.getInput(1)).getDimsList()).count();
        List<String> vectors = new ArrayList<>(norm.getInputList().subList(1, 5));
        FloatGraph.input(kernel, 2).ifPresent(vectors::add);
        return channels > 0
                && vectors.stream()
                        .allMatch(vector -> isFloat(vector)
                                && constants.get(vector).getDimsList().equals(List.of(channels)));
    }

    private boolean isFloat(String value) {
        return constants.containsKey(value) && Tensors.isOf(constants.get(value), OnnxType.FLOAT32);
    }

    private float[] floats(String constant) throws IOException {
        return Tensors.floats(constants.get(constant), external);
    }

    private NodeProto folded(NodeProto kernel, NodeProto norm) throws IOException {
        float[] gain = floats(norm.getInput(1));
        float[] shift = floats(norm.getInput(2));
        float[] mean = floats(norm.getInput(3));
        float[] variance = floats(norm.getInput(4));
        double epsilon = FloatGraph.number(norm, "epsilon", USUAL_EPSILON);
        TensorProto weight = constants.get(kernel.getInput(1));
        float[] weights = floats(kernel.getInput(1));
        float[] bias = FloatGraph.input(kernel, 2).isPresent() ? floats(kernel.getInput(2)) : new float[gain.length];
        double[] factors = new double[gain.length];
        for (int channel = 0; channel < gain.length; channel++) {
            double factor = gain[channel] / Math.sqrt(variance[channel] + epsilon);
            factors[channel] = factor;
            bias[channel] = (float) ((bias[channel] - (double) mean[channel]) * factor + shift[channel]);
        }
        Channels channels = new Channels(kernel, weight.getDimsList());
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) (weights[i] * factors[channels.of(i)]);
        }
        String output = norm.getOutput(0);
        String weightName = names.of(output + "_weight");
        String biasName = names.of(output + "_bias");
        constants.put(weightName, Tensors.ofFloats(weightName, weight.getDimsList(), weights));
        constants.put(biasName, Tensors.ofFloats(biasName, List.of((long) bias.length), bias));
        return kernel.toBuilder()
                .clearInput()
                .addAllInput(List.of(kernel.getInput(0), weightName, biasName))
                .setOutput(0, output)
                .build();
    }

    /** Which output channel a number of a weight belongs to. */
    private static final class Channels {
        private final long inner;
        private final long length;
        private final long perGroup;
        private final long groups;

        /**
         * Of a Conv (channels first), a ConvTranspose (channels of a group second, the groups along the first axis), or
         * a Gemm.
         */
        Channels(NodeProto kernel, List<Long> shape) {
            boolean isTransposed = kernel.getOpType().equals("ConvTranspose");
            int axis =
                    isTransposed || (kernel.getOpType().equals("Gemm") && !FloatGraph.isSet(kernel, "transB")) ? 1 : 0;
            long behind = 1;
            for (int i = axis + 1; i < shape.size(); i++) {
                behind *= shape.get(i);
            }
            inner = behind;
            length = shape.get(axis);
            groups = isTransposed
                    ? FloatGraph.attribute(kernel, "group")
                            .map(group -> group.getI())
                            .orElse(1L)
                    : 1;
            perGroup = inner * length * (axis == 1 ? Math.max(1, shape.get(0) / Math.max(1, groups)) : 1);
        }

        long count() {
            return length * groups;
        }

        int of(long i) {
            return (int) (i / inner % length + (groups == 1 ? 0 : i / perGroup * length));
        }
    }
}
