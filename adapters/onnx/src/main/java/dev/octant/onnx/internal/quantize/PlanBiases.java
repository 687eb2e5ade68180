// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Bias;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The biases of a plan: constants of int32 for the one node that adds them. */
final class PlanBiases {
    private final FloatGraph graph;
    private final QuantizationPlan plan;
    private final Set<String> names = new HashSet<>();

    PlanBiases(FloatGraph graph, QuantizationPlan plan) {
        this.graph = graph;
        this.plan = plan;
        graph.model().getGraph().getInitializerList().forEach(constant -> names.add(constant.getName()));
    }

    /** The third input of a node, where that is a constant with one value for each channel; else it stays float. */
    void add(int at) {
        NodeProto node = plan.node(at);
        Optional<String> value = FloatGraph.input(node, 2);
        Optional<TensorProto> constant = value.flatMap(graph::constant);
        if (constant.isEmpty()
                || !graph.isFloat(value.get())
                || constant.get().getDimsCount() != 1
                || !plan.marks().containsKey(node.getInput(0))
                || !plan.marks().containsKey(node.getInput(1))
                || !hasChannelsOf(node.getInput(1), constant.get())) {
            return;
        }
        String bias = value.get();
        String name = plan.bias(bias).isPresent() ? copied(bias) : bias;
        plan.bias(new Bias(bias, name, node.getInput(0), node.getInput(1)));
        plan.replace(at, node.toBuilder().setInput(2, name).build());
    }

    private boolean hasChannelsOf(String weight, TensorProto bias) {
        Mark mark = plan.marks().get(weight);
        return mark.axis().isEmpty()
                || graph.constant(weight).orElseThrow().getDims(mark.axis().getAsInt()) == bias.getDims(0);
    }

    /** A name for the bias of another node: the least number behind it that is larger than all. */
    private String copied(String bias) {
        long largest = -1;
        for (String name : names) {
            String number = name.startsWith(bias) ? name.substring(bias.length()) : "";
            if (number.matches("\\d{1,9}")) {
                largest = Math.max(largest, Long.parseLong(number));
            }
        }
        String name = bias + (largest + 1);
        names.add(name);
        return name;
    }

    /** A bias that other nodes read as an activation becomes a constant of its own. */
    void separate() {
        for (Bias bias : List.copyOf(plan.biases().values())) {
            if (plan.marks().containsKey(bias.name())) {
                plan.rename(bias, copied(bias.bias()));
            }
        }
    }
}
