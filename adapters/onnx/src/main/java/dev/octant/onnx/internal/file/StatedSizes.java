// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * How many elements ops make by what constants say: a model of a hundred bytes may ask for any number. Where a shape is
 * computed from inputs, or from other shapes, nothing is known of it before the model runs.
 */
public final class StatedSizes {
    /** The most elements that constants may ask for in one op: 4 GiB of float32. */
    public static final long MOST = 1L << 30;

    /** More numbers than a shape has dimensions, or pads for them. */
    private static final int MOST_NUMBERS = 64;

    private final ExternalData external;

    private StatedSizes(ExternalData external) {
        this.external = external;
    }

    /**
     * Refuses a model that states more, before it is run.
     *
     * @throws FormatException if an op makes more than {@link #MOST} elements of what constants say alone
     */
    public static void require(ModelProto model, ExternalData external) throws IOException {
        StatedSizes sizes = new StatedSizes(external);
        sizes.graph(model.getGraph(), Map.of());
        for (FunctionProto function : model.getFunctionsList()) {
            sizes.nodes(function.getNodeList(), new HashMap<>());
        }
    }

    private void graph(GraphProto graph, Map<String, TensorProto> outer) throws IOException {
        Map<String, TensorProto> constants = new HashMap<>(outer);
        for (TensorProto constant : graph.getInitializerList()) {
            constants.put(constant.getName(), constant);
        }
        nodes(graph.getNodeList(), constants);
    }

    private void nodes(List<NodeProto> nodes, Map<String, TensorProto> constants) throws IOException {
        for (NodeProto node : nodes) {
            Tensors.held(node).ifPresent(value -> constants.put(node.getOutput(0), value));
            for (AttributeProto attribute : node.getAttributeList()) {
                if (attribute.hasG()) {
                    graph(attribute.getG(), constants);
                }
                for (GraphProto graph : attribute.getGraphsList()) {
                    graph(graph, constants);
                }
            }
            double elements = Domains.isOnnx(node.getDomain()) ? elements(node, constants) : 0;
            if (elements > MOST) {
                throw new FormatException(external.place() + ": node " + VisibleText.of(node.getName()) + " ("
                        + VisibleText.of(node.getOpType()) + ") must make at most " + MOST
                        + " elements of what constants say, to be run, was asked for "
                        + (elements < Long.MAX_VALUE ? String.valueOf((long) elements) : "2^63 or more"));
            }
        }
    }

    /** The fewest elements that the output of a node has, 0 where constants do not say it. */
    private double elements(NodeProto node, Map<String, TensorProto> constants) throws IOException {
        return switch (node.getOpType()) {
            case "ConstantOfShape" -> product(input(node, 0, constants));
            case "Expand", "Tile", "Upsample", "AffineGrid" -> product(input(node, 1, constants));
            case "Resize" -> Math.max(product(input(node, 2, constants)), product(input(node, 3, constants)));
            case "OneHot" -> product(input(node, 1, constants));
            case "HannWindow", "HammingWindow", "BlackmanWindow" -> product(input(node, 0, constants));
            case "Range" ->
                range(
                        input(node, 0, constants).orElse(DoubleStream.empty()).toArray(),
                        input(node, 1, constants).orElse(DoubleStream.empty()).toArray(),
                        input(node, 2, constants).orElse(DoubleStream.empty()).toArray());
            case "Pad" ->
                padded(input(node, 1, constants)
                        .orElseGet(() -> attribute(node, "pads"))
                        .toArray());
            case "RandomNormal", "RandomUniform" -> product(Optional.of(attribute(node, "shape")));
            default -> 0;
        };
    }

    /** What is multiplied is at least 1 where the output has elements at all. */
    private static double product(Optional<DoubleStream> lengths) {
        return lengths.map(numbers -> numbers.reduce(1, (a, b) -> a * b)).orElse(0.0);
    }

    private static double range(double[] start, double[] limit, double[] delta) {
        return start.length == 1 && limit.length == 1 && delta.length == 1
                ? Math.ceil((limit[0] - start[0]) / delta[0])
                : 0;
    }

    /** Pads before all axes and then behind them; of an axis, its own length apart. */
    private static double padded(double[] pads) {
        double elements = 1;
        for (int axis = 0; axis < pads.length / 2; axis++) {
            elements *= Math.max(1, pads[axis] + pads[axis + pads.length / 2]);
        }
        return elements;
    }

    private static DoubleStream attribute(NodeProto node, String name) {
        return node.getAttributeList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .map(AttributeProto::getIntsList)
                .orElse(Collections.emptyList())
                .stream()
                .mapToDouble(Long::doubleValue);
    }

    private Optional<DoubleStream> input(NodeProto node, int index, Map<String, TensorProto> constants)
            throws IOException {
        TensorProto tensor = index < node.getInputCount() ? constants.get(node.getInput(index)) : null;
        if (tensor == null || Tensors.size(tensor) > MOST_NUMBERS || Tensors.size(tensor) == 0) {
            return Optional.empty();
        }
        return Tensors.numbers(tensor, external).map(DoubleStream::of);
    }
}
