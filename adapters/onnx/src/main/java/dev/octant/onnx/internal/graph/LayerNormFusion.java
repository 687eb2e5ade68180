// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.graph;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.file.ExternalData;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/**
 * Makes one {@code LayerNormalization} along the last axis of its parts, {@code (x - mean) / sqrt(mean((x - mean)^2) +
 * epsilon) * gain + bias} with constant gain and bias, as long as that axis is known to be: an engine with an int8
 * normalization has none for what lies between the parts. From opset 17 on, which has the op.
 */
public final class LayerNormFusion {
    private static final long OPSET = 17;

    private final FusionGraph graph;

    private LayerNormFusion(FusionGraph graph) {
        this.graph = graph;
    }

    /** The model with its normalizations as one op each. */
    public static ModelProto apply(ModelProto model, ExternalData external) throws IOException {
        if (Domains.opset(model) < OPSET) {
            return model;
        }
        FusionGraph graph = new FusionGraph(model.getGraph(), external);
        LayerNormFusion fusion = new LayerNormFusion(graph);
        for (NodeProto node : graph.nodes()) {
            if (Domains.isOp(node, "Add")) {
                fusion.fuse(node);
            }
        }
        return model.toBuilder().setGraph(graph.fused()).build();
    }

    /** An operand of a sum or product that a node computes, and the other. */
    private record Operand(NodeProto producer, String other) {}

    private Optional<Operand> operand(NodeProto node, String op) {
        for (int i = 0; i < 2; i++) {
            Optional<NodeProto> producer = graph.producer(node.getInput(i), op);
            if (producer.isPresent()) {
                return Optional.of(new Operand(producer.get(), node.getInput(1 - i)));
            }
        }
        return Optional.empty();
    }

    private void fuse(NodeProto sum) throws IOException {
        Optional<Operand> scaled = operand(sum, "Mul");
        Optional<Operand> quotient = scaled.flatMap(operand -> operand(operand.producer(), "Div"));
        if (quotient.isEmpty()) {
            return;
        }
        String bias = scaled.get().other();
        String gain = quotient.get().other();
        Optional<Long> length = graph.vectorLength(gain);
        if (length.isEmpty() || !length.equals(graph.vectorLength(bias))) {
            return;
        }
        NodeProto division = quotient.get().producer();
        Optional<NodeProto> root = graph.producer(division.getInput(1), "Sqrt");
        Optional<NodeProto> shifted = root.flatMap(node -> graph.producer(node.getInput(0), "Add"));
        Optional<Operand> variance = shifted.flatMap(node -> operand(node, "ReduceMean"));
        if (variance.isEmpty() || !graph.isMeanOfLast(variance.get().producer())) {
            return;
        }
        OptionalDouble epsilon = graph.scalar(variance.get().other());
        String squared = variance.get().producer().getInput(0);
        Optional<NodeProto> square = square(squared);
        Optional<NodeProto> difference = graph.producer(division.getInput(0), "Sub");
        if (epsilon.isEmpty() || square.isEmpty() || difference.isEmpty()) {
            return;
        }
        // Some exporters compute the difference twice.
        Optional<NodeProto> again = graph.producer(square.get().getInput(0), "Sub")
                .filter(node -> node.getInputList().equals(difference.get().getInputList()));
        Optional<NodeProto> mean = graph.producer(difference.get().getInput(1), "ReduceMean");
        String x = difference.get().getInput(0);
        if (again.isEmpty()
                || mean.isEmpty()
                || !graph.isOfLength(x, length.get())
                || !graph.isMeanOfLast(mean.get())
                || !mean.get().getInput(0).equals(x)) {
            return;
        }
        List<NodeProto> parts = Stream.of(
                        mean.get(),
                        difference.get(),
                        again.get(),
                        square.get(),
                        variance.get().producer(),
                        shifted.get(),
                        root.get(),
                        division,
                        scaled.get().producer(),
                        sum)
                .distinct()
                .toList();
        graph.replace(
                parts,
                sum,
                NodeProto.newBuilder()
                        .setOpType("LayerNormalization")
                        .setName(sum.getName())
                        .addInput(x)
                        .addInput(gain)
                        .addInput(bias)
                        .addOutput(sum.getOutput(0))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axis")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(-1))
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("epsilon")
                                .setType(AttributeProto.AttributeType.FLOAT)
                                .setF((float) epsilon.getAsDouble()))
                        .build());
    }

    /** The node that squares a value: a power, or a product with itself. */
    private Optional<NodeProto> square(String value) throws IOException {
        Optional<NodeProto> power = graph.producer(value, "Pow");
        if (power.isPresent()) {
            return graph.isScalar(power.get().getInput(1), 2) ? power : Optional.empty();
        }
        return graph.producer(value, "Mul").filter(node -> node.getInput(0).equals(node.getInput(1)));
    }
}
