// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.evaluate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The pairs of QuantizeLinear and DequantizeLinear of a graph that have one constant scale. */
final class Pairs {
    /**
     * A value that becomes codes and back.
     *
     * @param written the value before
     * @param codes its codes
     * @param read the value after
     * @param params of the codes; empty for codes that are not of 8 bits
     */
    record Pair(String written, String codes, String read, Optional<QuantParams> params) {}

    private final Map<String, Pair> byValue = new LinkedHashMap<>();

    private Pairs() {}

    static Pairs of(GraphProto graph, ExternalData external) throws IOException {
        Map<String, TensorProto> constants = Tensors.constants(graph);
        Map<String, NodeProto> dequantized = new HashMap<>();
        for (NodeProto node : graph.getNodeList()) {
            if (node.getOpType().equals("DequantizeLinear")) {
                dequantized.putIfAbsent(node.getInput(0), node);
            }
        }
        Pairs pairs = new Pairs();
        for (NodeProto node : graph.getNodeList()) {
            NodeProto back = node.getOpType().equals("QuantizeLinear") ? dequantized.get(node.getOutput(0)) : null;
            if (back != null && node.getInputCount() == 3) {
                pairs.add(new Pair(
                        node.getInput(0),
                        node.getOutput(0),
                        back.getOutput(0),
                        params(constants.get(node.getInput(1)), constants.get(node.getInput(2)), external)));
            }
        }
        return pairs;
    }

    private void add(Pair pair) {
        byValue.put(pair.written(), pair);
        byValue.put(pair.read(), pair);
    }

    private static Optional<QuantParams> params(TensorProto scale, TensorProto zeroPoint, ExternalData external)
            throws IOException {
        if (scale == null || zeroPoint == null || !Tensors.isOf(scale, OnnxType.FLOAT32) || Tensors.size(scale) != 1) {
            return Optional.empty();
        }
        Optional<OnnxType> type = Tensors.type(zeroPoint);
        if (!type.map(Set.of(OnnxType.INT8, OnnxType.UINT8)::contains).orElse(false)) {
            return Optional.empty();
        }
        QuantType codes = type.get() == OnnxType.INT8 ? QuantType.INT8 : QuantType.UINT8;
        byte raw = zeroPoint.getRawData().isEmpty()
                ? (byte) (zeroPoint.getInt32DataCount() == 0 ? 0 : zeroPoint.getInt32Data(0))
                : zeroPoint.getRawData().byteAt(0);
        float step = Tensors.floats(scale, external)[0];
        return step > 0 ? Optional.of(QuantParams.of(codes, step, codes.code(raw))) : Optional.empty();
    }

    /** The pair of a value, by its name before or after. */
    Optional<Pair> of(String value) {
        return Optional.ofNullable(byValue.get(value));
    }
}
