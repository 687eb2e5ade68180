// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
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
 * region   Concat(ScatterElements(zeros, axes, its first half), ScatterElements(ones, axes, its second half))
 * </pre>
 *
 * <p>A region that the mode does not crop to goes. One that is no constant of float32 stays with its axes, and so
 * does a Resize that keeps an aspect ratio.
 */
public final class ResizeAxes {
    private static final String AXES = "axes";
    private static final int REGION = 1;
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
        ResizeAxes axes = new ResizeAxes(model.getGraph());
        if (model.getGraph().getNodeList().stream().noneMatch(axes::isMeant)) {
            return model;
        }
        model.getGraph().getNodeList().forEach(axes::add);
        return model.toBuilder().setGraph(axes.graph).build();
    }

    private boolean isMeant(NodeProto node) {
        boolean keepsAspect = FloatGraph.attribute(node, "keep_aspect_ratio_policy")
                .filter(policy -> !policy.getS().toStringUtf8().equals("stretch"))
                .isPresent();
        return Domains.isOp(node, "Resize")
                && FloatGraph.attribute(node, AXES).isPresent()
                && (!crops(node) || isConstant(FloatGraph.input(node, REGION).orElse("")))
                && !keepsAspect;
    }

    /** Whether its region matters. */
    private static boolean crops(NodeProto node) {
        return FloatGraph.attribute(node, "coordinate_transformation_mode")
                .filter(mode -> mode.getS().toStringUtf8().equals("tf_crop_and_resize"))
                .isPresent();
    }

    private boolean isConstant(String region) {
        return graph.getInitializerList().stream()
                .anyMatch(constant -> constant.getName().equals(region)
                        && Tensors.type(constant)
                                .filter(OnnxType.FLOAT32::equals)
                                .isPresent());
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
        Optional<String> region = FloatGraph.input(node, REGION);
        if (region.isPresent()) {
            whole.setInput(REGION, crops(node) ? region(node, shape, name, region.get(), axes.size()) : "");
        }
        if (sizes.isPresent()) {
            whole.setInput(SIZES, computed(node, "ScatterElements", shape, name, sizes.get()));
        } else {
            String ones = filled(node, shape, 1);
            whole.setInput(SCALES, computed(node, "ScatterElements", ones, name, node.getInput(SCALES)));
        }
        graph.addNode(whole);
    }

    /** Its starts for all axes, then its ends. */
    private String region(NodeProto node, String shape, String axes, String region, int length) {
        String middle = longs(node, length);
        String starts = computed(node, "Slice", region, longs(node, 0), middle);
        String ends = computed(node, "Slice", region, middle, longs(node, 2L * length));
        String allStarts = computed(node, "ScatterElements", filled(node, shape, 0), axes, starts);
        String allEnds = computed(node, "ScatterElements", filled(node, shape, 1), axes, ends);
        String all = computed(node, "Concat", allStarts, allEnds);
        graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("axis")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(0));
        return all;
    }

    private String longs(NodeProto node, long number) {
        String name = names.of(node.getOutput(0) + "_" + number);
        graph.addInitializer(Tensors.ofLongs(name, List.of(1L), number));
        return name;
    }

    /** A number for each axis. */
    private String filled(NodeProto node, String shape, float number) {
        String filled = computed(node, "ConstantOfShape", computed(node, "Shape", shape));
        TensorProto value = Tensors.ofFloats("", List.of(1L), number);
        graph.getNodeBuilder(graph.getNodeCount() - 1)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(value));
        return filled;
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
