// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.TensorVisit;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Makes a model that computes in float16 one that computes in float32, with the same inputs and outputs: ONNX Runtime
 * has no int8 kernels beside float16 on a CPU, and the scales of codes need more than eleven bits.
 *
 * <p>An input {@code x} of float16 is cast to {@code x_float32}, an output from {@code y_float32}. All other values
 * keep their names. Where float16 would have overflowed, the model now does not.
 */
public final class HalfWidening {
    private static final Set<String> TYPE_ATTRIBUTES = Set.of("to", "dtype");

    private HalfWidening() {}

    /** The model in float32, or as it is where nothing in it is of float16. */
    public static ModelProto apply(ModelProto model, ExternalData external) throws IOException {
        boolean[] isFound = new boolean[1];
        ModelProto widened = TensorVisit.replaced(model, tensor -> {
            if (!Tensors.isOf(tensor, OnnxType.FLOAT16)) {
                return tensor;
            }
            isFound[0] = true;
            return Tensors.ofFloats(tensor.getName(), tensor.getDimsList(), Tensors.floats(tensor, external));
        });
        GraphProto graph = widened.getGraph();
        ModelProto functions = functions(widened);
        boolean isHalf = isFound[0]
                || graph.getInputList().stream().anyMatch(HalfWidening::isHalf)
                || graph.getOutputList().stream().anyMatch(HalfWidening::isHalf)
                || graph.getNodeList().stream().anyMatch(node -> !widened(node).equals(node))
                || !functions.equals(widened);
        return isHalf ? functions.toBuilder().setGraph(outer(graph)).build() : model;
    }

    /** The model with functions of its own that make float32 where they made float16. */
    private static ModelProto functions(ModelProto model) {
        ModelProto.Builder builder = model.toBuilder();
        for (FunctionProto.Builder function : builder.getFunctionsBuilderList()) {
            for (int i = 0; i < function.getNodeCount(); i++) {
                function.setNode(i, widened(function.getNode(i)));
            }
            function.getAttributeProtoBuilderList().forEach(HalfWidening::widen);
            function.getValueInfoBuilderList().forEach(HalfWidening::widen);
        }
        return builder.build();
    }

    private static GraphProto outer(GraphProto graph) {
        FreshNames names = new FreshNames(graph);
        Map<String, String> floats = new HashMap<>();
        List<NodeProto> casts = new ArrayList<>();
        for (ValueInfoProto input : graph.getInputList()) {
            if (isHalf(input)) {
                String name = names.of(input.getName() + "_float32");
                floats.put(input.getName(), name);
                casts.add(cast(input.getName(), name, OnnxType.FLOAT32, names));
            }
        }
        List<NodeProto> back = new ArrayList<>();
        for (ValueInfoProto output : graph.getOutputList()) {
            if (isHalf(output) && !floats.containsKey(output.getName())) {
                String name = names.of(output.getName() + "_float32");
                floats.put(output.getName(), name);
                back.add(cast(name, output.getName(), OnnxType.FLOAT16, names));
            }
        }
        GraphProto.Builder builder = graph.toBuilder().clearNode().addAllNode(casts);
        for (NodeProto node : graph.getNodeList()) {
            NodeProto.Builder renamed = Captures.renamed(widened(node), floats).toBuilder();
            for (int i = 0; i < renamed.getOutputCount(); i++) {
                renamed.setOutput(i, floats.getOrDefault(renamed.getOutput(i), renamed.getOutput(i)));
            }
            builder.addNode(renamed);
        }
        builder.addAllNode(back);
        // A constant that is an output is cast to it, as what is computed.
        for (TensorProto.Builder constant : builder.getInitializerBuilderList()) {
            constant.setName(floats.getOrDefault(constant.getName(), constant.getName()));
        }
        for (SparseTensorProto.Builder constant : builder.getSparseInitializerBuilderList()) {
            String name = constant.getValues().getName();
            constant.getValuesBuilder().setName(floats.getOrDefault(name, name));
        }
        builder.getValueInfoBuilderList().forEach(HalfWidening::widen);
        return builder.build();
    }

    private static NodeProto cast(String from, String to, OnnxType type, FreshNames names) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .setName(names.of((type == OnnxType.FLOAT32 ? to : from) + "_Cast"))
                .addInput(from)
                .addOutput(to)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(type.code()))
                .build();
    }

    /** A node that makes float32 where it made float16, its bodies too. */
    private static NodeProto widened(NodeProto node) {
        NodeProto.Builder builder = node.toBuilder();
        for (AttributeProto.Builder attribute : builder.getAttributeBuilderList()) {
            widen(attribute);
        }
        Captures.replaceBodies(builder, HalfWidening::body);
        return builder.build();
    }

    private static GraphProto body(GraphProto body) {
        GraphProto.Builder builder = body.toBuilder();
        for (int i = 0; i < builder.getNodeCount(); i++) {
            builder.setNode(i, widened(builder.getNode(i)));
        }
        builder.getInputBuilderList().forEach(HalfWidening::widen);
        builder.getOutputBuilderList().forEach(HalfWidening::widen);
        builder.getValueInfoBuilderList().forEach(HalfWidening::widen);
        return builder.build();
    }

    private static boolean isHalf(ValueInfoProto value) {
        return value.getType().getTensorType().getElemType() == OnnxType.FLOAT16.code();
    }

    private static void widen(AttributeProto.Builder attribute) {
        if (TYPE_ATTRIBUTES.contains(attribute.getName()) && attribute.getI() == OnnxType.FLOAT16.code()) {
            attribute.setI(OnnxType.FLOAT32.code());
        }
    }

    private static void widen(ValueInfoProto.Builder value) {
        if (value.getType().getTensorType().getElemType() == OnnxType.FLOAT16.code()) {
            value.getTypeBuilder().getTensorTypeBuilder().setElemType(OnnxType.FLOAT32.code());
        }
    }
}
