// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Gives each Conv and Gemm with a constant weight, and each Add of a constant behind a MatMul with one, a bias that
 * nothing else reads, so that it can be changed by itself: of zeros where there was none, a copy where it was shared.
 */
public final class OwnBiases {
    private final Map<String, TensorProto> constants;
    private final Map<String, Integer> readers;
    private final Map<String, TensorProto> products = new LinkedHashMap<>();
    private final FreshNames names;

    private OwnBiases(GraphProto graph) {
        this.readers = Captures.readers(graph.getNodeList());
        this.names = new FreshNames(graph);
        constants = Tensors.constants(graph);
        graph.getOutputList().forEach(output -> readers.merge(output.getName(), 1, Integer::sum));
    }

    /** The model with such biases; its nodes must be in an order in which they can run. */
    public static ModelProto apply(ModelProto model) {
        OwnBiases biases = new OwnBiases(model.getGraph());
        List<NodeProto> nodes = new ArrayList<>();
        for (NodeProto node : model.getGraph().getNodeList()) {
            nodes.add(biases.withOwn(node));
        }
        GraphProto.Builder graph = model.getGraph().toBuilder();
        graph.clearNode().addAllNode(nodes).clearInitializer().addAllInitializer(biases.constants.values());
        return model.toBuilder().setGraph(graph).build();
    }

    private NodeProto withOwn(NodeProto node) {
        if (Domains.isOp(node, "Conv")) {
            return kernel(node, 0);
        }
        if (Domains.isOp(node, "Gemm")) {
            return kernel(node, FloatGraph.isSet(node, "transB") ? 0 : 1);
        }
        if (Domains.isOp(node, "MatMul") && isFloat(node.getInput(1))) {
            products.put(node.getOutput(0), constants.get(node.getInput(1)));
        }
        if (Domains.isOp(node, "Add")) {
            int bias = addedTo(node, products);
            return bias < 0 ? node : own(node, bias);
        }
        return node;
    }

    private NodeProto kernel(NodeProto node, int axis) {
        if (node.getInputCount() < 2
                || !isFloat(node.getInput(1))
                || constants.get(node.getInput(1)).getDimsCount() < 2) {
            return node;
        }
        if (FloatGraph.input(node, 2).isPresent()) {
            return isFloat(node.getInput(2)) ? own(node, 2) : node;
        }
        long channels = constants.get(node.getInput(1)).getDims(axis);
        String name = names.of(node.getOutput(0) + "_bias");
        constants.put(name, Tensors.ofFloats(name, List.of(channels), new float[Math.toIntExact(channels)]));
        return node.toBuilder()
                .clearInput()
                .addAllInput(List.of(node.getInput(0), node.getInput(1), name))
                .build();
    }

    private NodeProto own(NodeProto node, int input) {
        String bias = node.getInput(input);
        if (readers.getOrDefault(bias, 0) <= 1) {
            return node;
        }
        readers.merge(bias, -1, Integer::sum);
        String name = names.of(bias + "_of_" + node.getOutput(0));
        constants.put(name, constants.get(bias).toBuilder().setName(name).build());
        return node.toBuilder().setInput(input, name).build();
    }

    private boolean isFloat(String value) {
        return constants.containsKey(value) && Tensors.isOf(constants.get(value), OnnxType.FLOAT32);
    }

    /** Which input of an Add is the constant that it adds to a product; -1 where none is. */
    private int addedTo(NodeProto add, Map<String, TensorProto> weights) {
        for (int bias = 0; bias < 2; bias++) {
            TensorProto weight = weights.get(add.getInput(1 - bias));
            if (weight != null
                    && isFloat(add.getInput(bias))
                    && isVector(constants.get(add.getInput(bias)), weight.getDims(weight.getDimsCount() - 1))) {
                return bias;
            }
        }
        return -1;
    }

    /** Whether a constant has one number for each of the last channels. */
    public static boolean isVector(TensorProto constant, long channels) {
        int rank = constant.getDimsCount();
        return rank > 0 && constant.getDims(rank - 1) == channels && Tensors.size(constant) == channels;
    }
}
