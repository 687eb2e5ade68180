// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorShapeProto.Dimension;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.Stream;

/** A graph in which several nodes become one. Not thread safe. */
final class FusionGraph {
    /** How many nodes back the length of an axis is looked for. */
    private static final int NODES_BACK = 8;

    private final GraphProto graph;
    private final ExternalData external;
    private final Map<String, TensorProto> constants;
    private final Map<String, Long> lengths = new HashMap<>();
    private final Map<String, NodeProto> producers = new HashMap<>();
    private final Map<String, List<NodeProto>> readers = new HashMap<>();
    private final Map<String, Integer> reads;
    private final Set<String> outputs = new HashSet<>();

    /** What stands for nodes, by the first outputs of the last of them. */
    private final Map<String, NodeProto> wholes = new HashMap<>();

    /** First outputs of nodes that are part of another now. */
    private final Set<String> gone = new HashSet<>();

    FusionGraph(GraphProto graph, ExternalData external) {
        this.graph = graph;
        this.external = external;
        constants = Tensors.constants(graph);
        graph.getOutputList().stream().map(ValueInfoProto::getName).forEach(outputs::add);
        List.of(graph.getInputList(), graph.getValueInfoList(), graph.getOutputList())
                .forEach(values -> values.forEach(this::keepLength));
        reads = Captures.readers(graph.getNodeList());
        for (NodeProto node : graph.getNodeList()) {
            node.getOutputList().forEach(output -> producers.put(output, node));
            Set<String> inputs = new HashSet<>(node.getInputList());
            inputs.forEach(input ->
                    readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node));
        }
    }

    List<NodeProto> nodes() {
        return graph.getNodeList();
    }

    /** The node that computes a value, if it is this operator of ONNX and no part of another already. */
    Optional<NodeProto> producer(String value, String op) {
        return Optional.ofNullable(producers.get(value))
                .filter(node -> Domains.isOp(node, op) && !gone.contains(node.getOutput(0)));
    }

    /** The one node that reads a value, be it more than once. */
    Optional<NodeProto> reader(String value) {
        List<NodeProto> all = readers.getOrDefault(value, List.of());
        return all.size() == 1 ? Optional.of(all.get(0)) : Optional.empty();
    }

    /** A constant of one float that adds no dimension to what it is combined with, if that has one. */
    OptionalDouble scalar(String value) throws IOException {
        TensorProto constant = constants.get(value);
        return constant != null
                        && Tensors.isOf(constant, OnnxType.FLOAT32)
                        && constant.getDimsCount() <= 1
                        && Tensors.size(constant) == 1
                ? OptionalDouble.of(Tensors.floats(constant, external)[0])
                : OptionalDouble.empty();
    }

    /** Whether a value is a constant of one float within a ten-thousandth of a number, far below a step of 8 bits. */
    boolean isScalar(String value, double number) throws IOException {
        OptionalDouble scalar = scalar(value);
        return scalar.isPresent() && Math.abs(scalar.getAsDouble() - number) <= 1e-4 * Math.abs(number);
    }

    /** The length of a constant of floats and one dimension. */
    Optional<Long> vectorLength(String value) {
        TensorProto constant = constants.get(value);
        return constant != null && Tensors.isOf(constant, OnnxType.FLOAT32) && constant.getDimsCount() == 1
                ? Optional.of(constant.getDims(0))
                : Optional.empty();
    }

    private void keepLength(ValueInfoProto value) {
        List<Dimension> shape = value.getType().getTensorType().getShape().getDimList();
        if (!shape.isEmpty() && shape.get(shape.size() - 1).hasDimValue()) {
            lengths.put(value.getName(), shape.get(shape.size() - 1).getDimValue());
        }
    }

    /** Whether it is known that the last axis of a value has a length: from its shape, or from what it is made of. */
    boolean isOfLength(String value, long length) {
        return length(value, NODES_BACK).equals(Optional.of(length));
    }

    private Optional<Long> length(String value, int back) {
        TensorProto constant = constants.get(value);
        if (constant != null) {
            int rank = constant.getDimsCount();
            return rank == 0 ? Optional.empty() : Optional.of(constant.getDims(rank - 1));
        }
        NodeProto node = producers.get(value);
        if (lengths.containsKey(value) || node == null || back == 0) {
            return Optional.ofNullable(lengths.get(value));
        }
        if (Domains.isOp(node, "MatMul") || (Domains.isOp(node, "Gather") && !FloatGraph.isSet(node, "axis"))) {
            String matrix = node.getInput(Domains.isOp(node, "MatMul") ? 1 : 0);
            boolean isMatrix =
                    constants.containsKey(matrix) && constants.get(matrix).getDimsCount() >= 2;
            return isMatrix ? length(matrix, back) : Optional.empty();
        }
        if (Stream.of("Add", "Sub", "Mul", "Div").anyMatch(op -> Domains.isOp(node, op))) {
            // One that is 1 becomes the other.
            return node.getInputList().stream()
                    .flatMap(input -> length(input, back - 1).stream())
                    .filter(length -> length != 1)
                    .findFirst();
        }
        return Optional.empty();
    }

    /** Whether a node takes the mean along the last axis and keeps it. */
    boolean isMeanOfLast(NodeProto node) throws IOException {
        boolean keeps =
                FloatGraph.attribute(node, "keepdims").map(AttributeProto::getI).orElse(1L) == 1;
        if (node.getInputCount() == 2) {
            TensorProto axes = constants.get(node.getInput(1));
            return keeps
                    && axes != null
                    && Tensors.size(axes) == 1
                    && Tensors.numbers(axes, external)
                            .filter(numbers -> numbers[0] == -1)
                            .isPresent();
        }
        return keeps
                && FloatGraph.attribute(node, "axes")
                        .filter(axes -> axes.getIntsList().equals(List.of(-1L)))
                        .isPresent();
    }

    /**
     * Puts a node in the place of several, the last of which it is, unless what the others compute is read elsewhere
     * too.
     */
    void replace(Collection<NodeProto> parts, NodeProto last, NodeProto whole) {
        Map<String, Integer> within = new HashMap<>();
        for (NodeProto part : parts) {
            part.getInputList().forEach(input -> within.merge(input, 1, Integer::sum));
        }
        for (NodeProto part : parts) {
            for (String output : part.getOutputList()) {
                boolean isRead = !reads.getOrDefault(output, 0).equals(within.getOrDefault(output, 0));
                if (!part.equals(last) && (isRead || outputs.contains(output))) {
                    return;
                }
            }
        }
        parts.forEach(part -> gone.add(part.getOutput(0)));
        wholes.put(last.getOutput(0), whole);
    }

    /** The graph with what was put in the place of others. */
    GraphProto fused() {
        if (wholes.isEmpty()) {
            return graph;
        }
        GraphProto.Builder builder = graph.toBuilder().clearNode().clearValueInfo();
        for (NodeProto node : graph.getNodeList()) {
            String first = node.getOutputCount() == 0 ? "" : node.getOutput(0);
            if (wholes.containsKey(first)) {
                builder.addNode(wholes.get(first));
            } else if (!gone.contains(first)) {
                builder.addNode(node);
            }
        }
        graph.getValueInfoList().stream()
                .filter(value -> wholes.containsKey(value.getName()) || !gone.contains(value.getName()))
                .forEach(builder::addValueInfo);
        return builder.build();
    }
}
