// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes {@code axes} from Resize, so that its scales or sizes are those of all axes: ONNX Runtime 1.30.0 turns the
 * axes of what a Resize between int8 Convs reads, and forgets that attribute.
 *
 * <pre>
 * scales   ScatterElements(ConstantOfShape(Shape(Shape(x)), 1), axes, scales)
 * sizes    ScatterElements(Shape(x), axes, sizes)
 * </pre>
 *
 * <p>One with a region of interest, or that keeps an aspect ratio, stays as it is.
 */
public final class ResizeAxes {
    private static final String AXES = "axes";
    private static final int SCALES = 2;
    private static final int SIZES = 3;

    private final FreshNames names;
    private final GraphProto.Builder graph;

    private ResizeAxes(GraphProto graph) {
        this.names = new FreshNames(graph);
        this.graph = graph.toBuilder().clearNode();
    }

    /** The model without such attributes. */
    public static ModelProto removed(ModelProto model) {
        if (model.getGraph().getNodeList().stream().noneMatch(ResizeAxes::isMeant)) {
            return model;
        }
        ResizeAxes axes = new ResizeAxes(model.getGraph());
        model.getGraph().getNodeList().forEach(axes::add);
        return model.toBuilder().setGraph(axes.graph).build();
    }

    private static boolean isMeant(NodeProto node) {
        boolean keepsAspect = FloatGraph.attribute(node, "keep_aspect_ratio_policy")
                .filter(policy -> !policy.getS().toStringUtf8().equals("stretch"))
                .isPresent();
        return Domains.isOp(node, "Resize")
                && FloatGraph.attribute(node, AXES).isPresent()
                && FloatGraph.input(node, 1).isEmpty()
                && !keepsAspect;
    }

    private void add(NodeProto node) {
        if (!isMeant(node)) {
            graph.addNode(node);
            return;
        }
        NodeProto.Builder whole = node.toBuilder().clearAttribute();
        List<Long> axes = new ArrayList<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.getName().equals(AXES)) {
                axes.addAll(attribute.getIntsList());
            } else {
                whole.addAttribute(attribute);
            }
        }
        String name = names.of(node.getOutput(0) + "_axes");
        graph.addInitializer(Tensors.ofLongs(
                name,
                List.of((long) axes.size()),
                axes.stream().mapToLong(Long::longValue).toArray()));
        String shape = computed(node, "Shape", node.getInput(0));
        Optional<String> sizes = FloatGraph.input(node, SIZES);
        if (sizes.isPresent()) {
            whole.setInput(SIZES, computed(node, "ScatterElements", shape, name, sizes.get()));
        } else {
            String ones = computed(node, "ConstantOfShape", computed(node, "Shape", shape));
            TensorProto one = Tensors.ofFloats("", List.of(1L), 1);
            graph.getNodeBuilder(graph.getNodeCount() - 1)
                    .addAttribute(AttributeProto.newBuilder()
                            .setName("value")
                            .setType(AttributeProto.AttributeType.TENSOR)
                            .setT(one));
            whole.setInput(SCALES, computed(node, "ScatterElements", ones, name, node.getInput(SCALES)));
        }
        graph.addNode(whole);
    }

    private String computed(NodeProto node, String op, String... inputs) {
        String output = names.of(node.getOutput(0) + "_" + op);
        graph.addNode(NodeProto.newBuilder()
                .setOpType(op)
                .setName(names.of(output + "_node"))
                .addAllInput(List.of(inputs))
                .addOutput(output));
        return output;
    }
}
