// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.SparseTensorProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Bodies of nodes, as of {@code If} and {@code Loop}, read values of the graph around them without naming them as
 * inputs.
 */
public final class Captures {
    private Captures() {}

    /** What a node reads: its inputs, and what its bodies read of the graph that it stands in; once for each time. */
    public static List<String> reads(NodeProto node) {
        List<String> reads = new ArrayList<>();
        node.getInputList().stream().filter(input -> !input.isEmpty()).forEach(reads::add);
        bodies(node).forEach(body -> reads.addAll(free(body)));
        return reads;
    }

    /** The graphs that a node has in its attributes. */
    public static List<GraphProto> bodies(NodeProto node) {
        List<GraphProto> bodies = new ArrayList<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (attribute.hasG()) {
                bodies.add(attribute.getG());
            }
            bodies.addAll(attribute.getGraphsList());
        }
        return bodies;
    }

    /** Puts other bodies in their places. */
    static void replaceBodies(NodeProto.Builder node, UnaryOperator<GraphProto> change) {
        for (AttributeProto.Builder attribute : node.getAttributeBuilderList()) {
            if (attribute.hasG()) {
                attribute.setG(change.apply(attribute.getG()));
            }
            for (int i = 0; i < attribute.getGraphsCount(); i++) {
                attribute.setGraphs(i, change.apply(attribute.getGraphs(i)));
            }
        }
    }

    /** The values that the bodies of a node define. */
    static Set<String> defined(NodeProto node) {
        Set<String> defined = new HashSet<>();
        for (GraphProto body : bodies(node)) {
            defined.addAll(defined(body));
            body.getNodeList().forEach(inner -> defined.addAll(defined(inner)));
        }
        return defined;
    }

    private static Set<String> defined(GraphProto body) {
        Set<String> defined = new HashSet<>();
        body.getInputList().stream().map(ValueInfoProto::getName).forEach(defined::add);
        body.getInitializerList().stream().map(TensorProto::getName).forEach(defined::add);
        body.getSparseInitializerList().stream()
                .map(SparseTensorProto::getValues)
                .map(TensorProto::getName)
                .forEach(defined::add);
        body.getNodeList().forEach(node -> defined.addAll(node.getOutputList()));
        return defined;
    }

    private static Set<String> free(GraphProto body) {
        Set<String> free = new LinkedHashSet<>();
        body.getNodeList().forEach(node -> free.addAll(reads(node)));
        body.getOutputList().stream().map(ValueInfoProto::getName).forEach(free::add);
        free.removeAll(defined(body));
        return free;
    }

    /** How often each value is read by nodes, bodies included. */
    public static Map<String, Integer> readers(List<NodeProto> nodes) {
        Map<String, Integer> readers = new HashMap<>();
        nodes.forEach(node -> reads(node).forEach(value -> readers.merge(value, 1, Integer::sum)));
        return readers;
    }

    /** The node with other names for what it reads, in its bodies too. */
    public static NodeProto renamed(NodeProto node, Map<String, String> names) {
        NodeProto.Builder builder = node.toBuilder();
        for (int i = 0; i < builder.getInputCount(); i++) {
            builder.setInput(i, names.getOrDefault(builder.getInput(i), builder.getInput(i)));
        }
        replaceBodies(builder, body -> renamed(body, names));
        return builder.build();
    }

    private static GraphProto renamed(GraphProto body, Map<String, String> names) {
        GraphProto.Builder builder = body.toBuilder();
        for (int i = 0; i < builder.getNodeCount(); i++) {
            builder.setNode(i, renamed(builder.getNode(i), names));
        }
        for (ValueInfoProto.Builder output : builder.getOutputBuilderList()) {
            output.setName(names.getOrDefault(output.getName(), output.getName()));
        }
        return builder.build();
    }
}
