// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Readers;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import java.util.OptionalInt;

/**
 * What TensorRT reads: it propagates codes through a network by itself from pairs that stand in few places.
 *
 * <ol>
 *   <li>Pairs at the activations that Conv, Gemm and MatMul read, a pair of its own for each reader; codes in place of
 *       constant weights. Biases stay float: an int32 DequantizeLinear is refused.
 *   <li>A pair at a residual Add: at the input that is not written by the Conv that the Add is fused into, the later
 *       one of two.
 *   <li>No pairs at what is written, and none at outputs of the model.
 * </ol>
 *
 * <p>Source: NVIDIA's TensorRT developer guide, working with quantized types; onnxruntime's options for TensorRT.
 */
final class TensorRtPlacement {
    private final FloatGraph graph;
    private final PlacementRules rules;
    private final QuantizationPlan plan;

    private TensorRtPlacement(FloatGraph graph, PlacementRules rules) {
        this.graph = graph;
        this.rules = rules;
        this.plan = new QuantizationPlan(graph.nodes());
    }

    /** The plan for a model. */
    static QuantizationPlan of(FloatGraph graph, PlacementRules rules) {
        TensorRtPlacement placement = new TensorRtPlacement(graph, rules);
        for (int at = 0; at < placement.plan.size(); at++) {
            placement.place(at);
        }
        return placement.plan;
    }

    private void place(int at) {
        NodeProto node = plan.node(at);
        if (!Domains.isOnnx(node.getDomain()) || rules.keepsFloat(node)) {
            return;
        }
        switch (node.getOpType()) {
            case "Conv" -> kernel(at, 0);
            case "Gemm" -> kernel(at, FloatGraph.isSet(node, "transB") ? 0 : 1);
            case "MatMul" -> kernel(at, 1);
            case "Add" -> residual(at);
            default -> {
                // TensorRT decides.
            }
        }
    }

    private boolean isActivation(String value) {
        return graph.isFloat(value) && graph.constant(value).isEmpty();
    }

    private void kernel(int at, int axis) {
        NodeProto node = plan.node(at);
        boolean isProduct = node.getOpType().equals("MatMul");
        boolean isEmpty = node.getInputList().stream().anyMatch(graph::isEmpty);
        if (isEmpty || !isKernel(node) || FloatGraph.isSet(node, "transA")) {
            return;
        }
        for (String input : node.getInputList().subList(0, 2)) {
            if (isActivation(input)) {
                plan.own(input, Role.ACTIVATION, Readers.INT8_APART);
            } else {
                weight(input, axis, isProduct);
            }
        }
        plan.markInt8(at);
    }

    /** Whether codes are multiplied: with a constant, or, by MatMul, with other codes. */
    private boolean isKernel(NodeProto node) {
        String first = node.getInput(0);
        String second = node.getInput(1);
        boolean isWeighted = isActivation(first)
                && graph.isFloat(second)
                && graph.constant(second).isPresent();
        return isWeighted || (node.getOpType().equals("MatMul") && graph.isFloat(first) && isActivation(second));
    }

    private void weight(String value, int axis, boolean isProduct) {
        TensorProto constant = graph.constant(value).orElseThrow();
        boolean hasChannels =
                rules.isPerChannel() && constant.getDimsCount() >= 2 && (!isProduct || constant.getDimsCount() == 2);
        if (hasChannels && !plan.marks().containsKey(value)) {
            plan.perChannel(value, axis, Readers.INT8);
        } else if (!hasChannels || plan.marks().get(value).axis().orElse(-1) != axis) {
            // Read with channels along either axis, it has one scale.
            plan.unmark(value);
            plan.own(value, Role.WEIGHT, Readers.INT8);
        }
    }

    private void residual(int at) {
        NodeProto node = plan.node(at);
        String first = node.getInput(0);
        String second = node.getInput(1);
        if (first.equals(second) || !isActivation(first) || !isActivation(second)) {
            return;
        }
        int firstConv = conv(first);
        int secondConv = conv(second);
        if (firstConv < 0 && secondConv < 0) {
            return;
        }
        plan.own(firstConv > secondConv ? second : first, Role.ACTIVATION, Readers.INT8_APART);
        plan.markInt8(at);
    }

    /** Where the int8 Conv is that writes a value for one reader; -1 if none does. */
    private int conv(String value) {
        OptionalInt producer = plan.producer(value);
        boolean isConv = producer.isPresent()
                && graph.readers(value) == 1
                && !graph.isOutput(value)
                && plan.isInt8(producer.getAsInt())
                && plan.node(producer.getAsInt()).getOpType().equals("Conv");
        return isConv ? producer.getAsInt() : -1;
    }
}
