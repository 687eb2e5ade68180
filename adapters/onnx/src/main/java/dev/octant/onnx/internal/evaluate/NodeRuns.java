// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.evaluate;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.NodeReason;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.NodeRun.Way;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Looks up what ONNX Runtime runs in the place of each node of a float model, by the names of values, which fusions
 * keep: a node that still writes its value runs as it is, one whose codes come from another runs as that, and one of
 * which neither is left is part of a fusion with what reads it.
 */
final class NodeRuns {
    private static final Set<String> PAIR = Set.of("QuantizeLinear", "DequantizeLinear");

    private final Pairs pairs;
    private final Set<String> floats;
    private final Map<String, NodeProto> byName = new HashMap<>();
    private final Map<String, NodeProto> byOutput = new HashMap<>();
    private final Map<String, List<NodeProto>> readers = new HashMap<>();
    private final Map<String, NodeProto> run = new HashMap<>();

    private NodeRuns(GraphProto int8, GraphProto optimized, Pairs pairs, Set<String> floats) {
        this.pairs = pairs;
        this.floats = floats;
        for (NodeProto node : int8.getNodeList()) {
            byName.merge(node.getName(), node, (first, second) -> NodeProto.getDefaultInstance());
            node.getOutputList().forEach(output -> byOutput.put(output, node));
            for (String input : node.getInputList()) {
                readers.computeIfAbsent(input, name -> new ArrayList<>()).add(node);
            }
        }
        for (NodeProto node : optimized.getNodeList()) {
            node.getOutputList().forEach(output -> run.put(output, node));
        }
    }

    /**
     * How the nodes of a model run.
     *
     * @param nodes of the float model
     * @param int8 the graph that was made of it
     * @param optimized what ONNX Runtime makes of that
     * @param floats the values of the float model that are floats
     */
    static List<NodeRun> of(
            List<NodeProto> nodes, GraphProto int8, GraphProto optimized, Pairs pairs, Set<String> floats) {
        NodeRuns runs = new NodeRuns(int8, optimized, pairs, floats);
        return nodes.stream()
                .filter(node -> node.getOutputCount() > 0 && !node.getOpType().equals("Constant"))
                .map(runs::of)
                .toList();
    }

    private NodeRun of(NodeProto node) {
        String name = node.getName().isEmpty() ? node.getOutput(0) : node.getName();
        String op = Domains.fullName(node);
        if (node.getOutputList().stream().noneMatch(floats::contains)) {
            return new NodeRun(name, node.getOutput(0), op, Way.OTHER, "", NodeReason.NO_FLOATS.words());
        }
        Optional<NodeProto> made = made(node);
        if (made.isEmpty()) {
            boolean isClip = node.getOpType().equals("Relu") || node.getOpType().equals("Clip");
            NodeReason why = isClip ? NodeReason.CLIPPED_BY_CODES : NodeReason.TAKEN_IN;
            return new NodeRun(name, node.getOutput(0), op, Way.GONE, "", why.words());
        }
        Found found = found(made.get(), new HashSet<>());
        return new NodeRun(
                name,
                node.getOutput(0),
                op,
                found.way(),
                found.kernel(),
                why(made.get(), found).words());
    }

    /** The node of the int8 model, by its name or by what it writes. */
    private Optional<NodeProto> made(NodeProto node) {
        NodeProto named = byName.getOrDefault(node.getName(), NodeProto.getDefaultInstance());
        if (!node.getName().isEmpty() && named.getOpType().equals(node.getOpType())) {
            return Optional.of(named);
        }
        String output = node.getOutput(0);
        NodeProto writer =
                byOutput.get(pairs.of(output).map(Pairs.Pair::written).orElse(output));
        return Optional.ofNullable(writer).filter(one -> one.getOpType().equals(node.getOpType()));
    }

    private record Found(Way way, String kernel) {}

    private Found found(NodeProto node, Set<String> passed) {
        for (String output : node.getOutputList()) {
            NodeProto writer = run.get(output);
            if (writer != null && !PAIR.contains(writer.getOpType())) {
                return new Found(isInt8(writer) ? Way.INT8 : Way.FLOAT, writer.getOpType());
            }
            NodeProto coder =
                    pairs.of(output).map(pair -> run.get(pair.codes())).orElse(null);
            if (coder != null && !PAIR.contains(coder.getOpType())) {
                return new Found(isInt8(coder) ? Way.INT8 : Way.CODES, coder.getOpType());
            }
        }
        for (String output : node.getOutputList()) {
            for (NodeProto reader : readers.getOrDefault(output, List.of())) {
                if (!PAIR.contains(reader.getOpType()) && passed.add(reader.getOutput(0))) {
                    Found found = found(reader, passed);
                    if (found.way() != Way.GONE) {
                        return found;
                    }
                }
            }
        }
        return new Found(Way.GONE, "");
    }

    private static boolean isInt8(NodeProto node) {
        String op = node.getOpType();
        return op.startsWith("QLinear")
                || op.startsWith("MatMulInteger")
                || op.startsWith("DynamicQuantize")
                || op.equals("QGemm")
                || op.equals("ConvInteger");
    }

    private NodeReason why(NodeProto node, Found found) {
        boolean isOther = !found.kernel().equals(node.getOpType());
        return switch (found.way()) {
            case INT8 -> NodeReason.COMPUTES_CODES;
            case CODES -> NodeReason.MOVES_CODES;
            case GONE, OTHER -> NodeReason.LEFT_OUT;
            case FLOAT ->
                readsCodes(node) ? NodeReason.NOT_FUSED : isOther ? NodeReason.FUSED_IN_FLOAT : NodeReason.NO_CODES;
        };
    }

    private boolean readsCodes(NodeProto node) {
        return node.getInputList().stream()
                .map(byOutput::get)
                .anyMatch(writer -> writer != null && writer.getOpType().equals("DequantizeLinear"));
    }
}
