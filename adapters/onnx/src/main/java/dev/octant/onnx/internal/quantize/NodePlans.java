// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.Captures;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.NodeNames;
import dev.octant.onnx.internal.graph.NodeReason;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Table;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.NodePlan.Fate;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a plan means for each node, and why. */
public final class NodePlans {
    private final FloatGraph graph;
    private final PlacementRules rules;
    private final QuantizationPlan plan;
    private final Set<String> inTables = new HashSet<>();

    private NodePlans(FloatGraph graph, PlacementRules rules) throws IOException {
        this.graph = graph;
        this.rules = rules;
        this.plan = QuantizationPlan.of(graph, rules);
        for (Table table : plan.tables()) {
            inTables.addAll(table.nodes());
        }
    }

    /**
     * For the nodes of a model.
     *
     * @param before the model's nodes as its user knows them
     * @param graph what is left of them to be quantized
     */
    public static List<NodePlan> of(List<NodeProto> before, FloatGraph graph, PlacementRules rules) throws IOException {
        NodePlans plans = new NodePlans(graph, rules);
        Map<String, NodePlan> known = new HashMap<>();
        for (int at = 0; at < graph.nodes().size(); at++) {
            NodePlan plan = plans.of(at);
            known.put(plan.op() + " " + plan.name(), plan);
        }
        return before.stream()
                .map(node -> known.getOrDefault(
                        Domains.fullName(node) + " " + NodeNames.of(node), plan(node, Fate.GONE, NodeReason.TAKEN_IN)))
                .toList();
    }

    private static NodePlan plan(NodeProto node, Fate fate, NodeReason reason) {
        return plan(node, fate, reason.words());
    }

    private static NodePlan plan(NodeProto node, Fate fate, String reason) {
        return new NodePlan(NodeNames.of(node), Domains.fullName(node), fate, reason);
    }

    private NodePlan of(int at) throws IOException {
        NodeProto node = graph.nodes().get(at);
        if (plan.isInt8(at)) {
            boolean readsCodes = plan.node(at).getInputList().stream().anyMatch(input -> plan.readsCodes(at, input));
            if (!readsCodes) {
                return plan(node, Fate.INT8, NodeReason.WRITES_CODES);
            }
            boolean isMove = CpuPlacement.isMove(node);
            return plan(node, Fate.INT8, isMove ? NodeReason.MOVES_CODES : NodeReason.COMPUTES_CODES);
        }
        if (plan.isThere(at)) {
            return plan(node, Fate.FLOAT, whyFloat(node));
        }
        return inTables.contains(node.getOutput(0))
                ? plan(node, Fate.TABLE, NodeReason.IN_TABLE)
                : plan(node, Fate.GONE, NodeReason.CLIPPED_BY_CODES);
    }

    private String whyFloat(NodeProto node) throws IOException {
        if (rules.isAsked(node)) {
            return NodeReason.ASKED.words();
        }
        if (PlacementRules.isBeyondKernels(node)) {
            return NodeReason.FAILS_ON_CODES.words();
        }
        if (!Captures.bodies(node).isEmpty()) {
            return NodeReason.HAS_BODIES.words();
        }
        if (node.getOutputList().stream().noneMatch(graph::isFloat)) {
            return NodeReason.NO_FLOATS.words();
        }
        return switch (rules.target()) {
            case ONNX_RUNTIME -> "quantize_static does not quantize it, or not without codes before it";
            case QNN -> "QNN has no such op, or none with codes";
            case TENSORRT -> "TensorRT decides by the pairs around it";
            case CPU, ARM64 -> new CpuReasons(graph, rules).of(node);
        };
    }
}
