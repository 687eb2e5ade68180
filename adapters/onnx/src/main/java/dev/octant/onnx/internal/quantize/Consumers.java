// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.core.RealRange;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Placed;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Readers;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Table;
import dev.octant.ops.Activation;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Which activation function reads a value, where nothing else does: one node, or Sigmoid and the Mul that make SiLU of
 * the value, or HardSigmoid and Mul for HardSwish.
 */
final class Consumers {
    /** HardSwish is x times HardSigmoid of this slope. */
    private static final float HARD_SWISH_SLOPE = 1 / 6f;

    private final FloatGraph graph;
    private final Map<String, List<NodeProto>> readers = new HashMap<>();

    private Consumers(FloatGraph graph, QuantizationPlan plan) {
        this.graph = graph;
        for (Placed placed : plan.nodes()) {
            for (String input : placed.node().getInputList()) {
                readers.computeIfAbsent(input, name -> new ArrayList<>()).add(placed.node());
            }
        }
    }

    /** The functions by the values that they read as codes. */
    static Map<String, Activation> of(FloatGraph graph, QuantizationPlan plan) {
        Consumers consumers = new Consumers(graph, plan);
        Map<String, Activation> found = new HashMap<>();
        for (Map.Entry<String, Mark> mark : plan.marks().entrySet()) {
            String value = mark.getKey();
            if (mark.getValue().role() == Role.ACTIVATION
                    && mark.getValue().readers() == Readers.ALL
                    && !graph.isOutput(value)) {
                consumers.of(value).ifPresent(activation -> found.put(value, activation));
            }
        }
        for (Table table : plan.tables()) {
            if (consumers.readsAlone(table, plan)) {
                found.put(table.input(), Activation.of("table", table.function(), RealRange.ALL));
            }
        }
        return found;
    }

    /** Whether nothing but a table reads its input, so that only what it makes of it counts. */
    private boolean readsAlone(Table table, QuantizationPlan plan) {
        long inTable = graph.nodes().stream()
                .filter(node -> node.getOutputCount() > 0 && table.nodes().contains(node.getOutput(0)))
                .flatMap(node -> node.getInputList().stream())
                .filter(table.input()::equals)
                .count();
        return graph.readers(table.input()) == inTable
                && !graph.isOutput(table.input())
                && plan.paramsOf(table.input()).equals(table.input());
    }

    private Optional<Activation> of(String value) {
        List<NodeProto> all = readers.getOrDefault(value, List.of());
        if (all.size() != graph.readers(value)) {
            // A body reads it, too.
            return Optional.empty();
        }
        if (all.size() == 1) {
            return OpFunctions.of(all.get(0));
        }
        if (all.size() == 2) {
            return gated(value, all.get(0), all.get(1)).or(() -> gated(value, all.get(1), all.get(0)));
        }
        return Optional.empty();
    }

    /** {@code value * gate(value)}. */
    private Optional<Activation> gated(String value, NodeProto gate, NodeProto product) {
        boolean isGated = product.getOpType().equals("Mul")
                && gate.getOutputCount() == 1
                && product.getInputList().contains(gate.getOutput(0))
                && product.getInputList().contains(value)
                && graph.readers(gate.getOutput(0)) == 1;
        if (!isGated || !Domains.isOnnx(gate.getDomain())) {
            return Optional.empty();
        }
        if (gate.getOpType().equals("Sigmoid")) {
            return Optional.of(Activation.SILU);
        }
        boolean isHard = gate.getOpType().equals("HardSigmoid")
                && FloatGraph.number(gate, "alpha", 0.2f) == HARD_SWISH_SLOPE
                && FloatGraph.number(gate, "beta", 0.5f) == 0.5f;
        return isHard ? Optional.of(Activation.HARDSWISH) : Optional.empty();
    }
}
