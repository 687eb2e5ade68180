// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A model of QuantizeLinear and DequantizeLinear pairs, taken apart: what stands in the file, without judging it. */
final class QuantizedGraph {
    record Activation(float scale, int zeroPoint, String type, String paramsOf) {}

    record Constant(
            String type, Integer axis, List<Float> scales, List<Integer> zeroPoints, List<Long> dims, String sha) {}

    record Op(String op, List<String> inputs) {}

    final Map<String, Activation> activations = new TreeMap<>();
    final Map<String, Constant> weights = new TreeMap<>();
    final Map<String, Constant> biases = new TreeMap<>();
    final Map<String, Op> nodes = new TreeMap<>();

    private final Map<String, TensorProto> constants = new HashMap<>();

    QuantizedGraph(ModelProto model) {
        model.getGraph().getInitializerList().forEach(tensor -> constants.put(tensor.getName(), tensor));
        Map<String, String> sources = new HashMap<>();
        constants.keySet().forEach(name -> sources.put(name, "init:" + name));
        sources.put("", "");
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (node.getOpType().equals("DequantizeLinear")) {
                TensorProto codes = constants.get(node.getInput(0));
                String name = node.getName().replace("_DequantizeLinear", "");
                if (codes == null) {
                    sources.put(node.getOutput(0), "q:" + name);
                } else if (codes.getDataType() == TensorProto.DataType.INT32_VALUE) {
                    biases.put(name, constant(node));
                    sources.put(node.getOutput(0), "b:" + name);
                } else {
                    weights.put(name, constant(node));
                    sources.put(node.getOutput(0), "w:" + name);
                }
            } else if (node.getOpType().equals("QuantizeLinear")) {
                String name = node.getName().replace("_QuantizeLinear", "");
                TensorProto zeroPoint = constants.get(node.getInput(2));
                activations.put(
                        name,
                        new Activation(
                                floats(constants.get(node.getInput(1))).get(0),
                                integers(zeroPoint).get(0),
                                type(zeroPoint),
                                node.getInput(1).substring(0, node.getInput(1).length() - "_scale".length())));
            }
        }
        for (NodeProto node : model.getGraph().getNodeList()) {
            if (!node.getOpType().endsWith("quantizeLinear")
                    && !node.getOpType().endsWith("QuantizeLinear")
                    && !node.getOpType().equals("DequantizeLinear")) {
                List<String> inputs = new ArrayList<>();
                for (String input : node.getInputList()) {
                    inputs.add(sources.getOrDefault(input, "float:" + input));
                }
                nodes.put(node.getOutput(0).replace("_QuantizeLinear_Input", ""), new Op(node.getOpType(), inputs));
            }
        }
    }

    private Constant constant(NodeProto node) {
        TensorProto codes = constants.get(node.getInput(0));
        return new Constant(
                type(codes),
                node.getAttributeCount() == 0
                        ? null
                        : (int) node.getAttribute(0).getI(),
                floats(constants.get(node.getInput(1))),
                integers(constants.get(node.getInput(2))),
                codes.getDimsList(),
                sha(codes.getRawData().toByteArray()));
    }

    private static String sha(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest).substring(0, 16);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String type(TensorProto tensor) {
        return TensorProto.DataType.forNumber(tensor.getDataType()).name().toLowerCase(Locale.ROOT);
    }

    private static List<Float> floats(TensorProto tensor) {
        if (!tensor.hasRawData()) {
            return tensor.getFloatDataList();
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Float> values = new ArrayList<>();
        while (bytes.hasRemaining()) {
            values.add(bytes.getFloat());
        }
        return values;
    }

    private static List<Integer> integers(TensorProto tensor) {
        if (!tensor.hasRawData()) {
            return tensor.getInt32DataList();
        }
        ByteBuffer bytes = tensor.getRawData().asReadOnlyByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
        List<Integer> values = new ArrayList<>();
        while (bytes.hasRemaining()) {
            values.add(
                    switch (tensor.getDataType()) {
                        case TensorProto.DataType.INT32_VALUE -> bytes.getInt();
                        case TensorProto.DataType.UINT8_VALUE -> bytes.get() & 0xFF;
                        default -> (int) bytes.get();
                    });
        }
        return values;
    }
}
