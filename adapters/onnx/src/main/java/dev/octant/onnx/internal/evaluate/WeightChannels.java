// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.evaluate;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.QuantType;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the weights of an int8 model that have a step for each channel. */
final class WeightChannels {
    private static final Map<OnnxType, QuantType> TYPES =
            Map.of(OnnxType.INT8, QuantType.INT8, OnnxType.UINT8, QuantType.UINT8);

    private WeightChannels() {}

    /** In the order of the nodes that read them, each once. */
    static List<ChannelSteps> of(GraphProto graph, ExternalData external) throws IOException {
        Map<String, TensorProto> constants = Tensors.constants(graph);
        Map<String, ChannelSteps> found = new LinkedHashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            TensorProto codes = node.getOpType().equals("DequantizeLinear") ? constants.get(node.getInput(0)) : null;
            Optional<QuantType> type =
                    Optional.ofNullable(codes).flatMap(Tensors::type).map(TYPES::get);
            TensorProto scale = type.isPresent() ? constants.get(node.getInput(1)) : null;
            if (scale != null && Tensors.isOf(scale, OnnxType.FLOAT32) && Tensors.size(scale) > 1) {
                List<Float> steps = new ArrayList<>();
                for (float step : Tensors.floats(scale, external)) {
                    steps.add(step);
                }
                int axis = axis(node);
                found.putIfAbsent(
                        codes.getName(),
                        new ChannelSteps(
                                codes.getName(), type.get(), axis < 0 ? axis + codes.getDimsCount() : axis, steps));
            }
        }
        return List.copyOf(found.values());
    }

    private static int axis(NodeProto node) {
        return (int) node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals("axis"))
                .mapToLong(AttributeProto::getI)
                .findFirst()
                .orElse(1);
    }
}
