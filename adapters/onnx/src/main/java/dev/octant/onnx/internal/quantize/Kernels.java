// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.onnx.internal.graph.OwnBiases;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Bias;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Mark;
import dev.octant.onnx.internal.quantize.QuantizationPlan.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The ops of a plan that multiply codes with a constant weight and add a constant of one number for each channel. */
final class Kernels {
    private static final Set<String> WITH_BIAS = Set.of("Conv", "ConvTranspose", "Gemm");

    /** Of a Conv; rows of a product have theirs along the last axis. */
    private static final int CHANNELS = 1;

    private final FloatGraph graph;
    private final QuantizationPlan plan;

    Kernels(FloatGraph graph, QuantizationPlan plan) {
        this.graph = graph;
        this.plan = plan;
    }

    /**
     * One of them.
     *
     * @param at where the op is in the plan
     * @param sum where the bias is added: the same place, or that of an Add behind a MatMul
     * @param bias the constant
     * @param isLast whether channels lie along the last axis of the output; else along the second
     */
    record Kernel(int at, int sum, String bias, boolean isLast) {
        /** Which axis of an output has the channels. */
        int axis(int rank) {
            return isLast ? rank - 1 : CHANNELS;
        }
    }

    /** In the order in which they run. */
    List<Kernel> all() {
        List<Kernel> kernels = new ArrayList<>();
        for (int at = 0; at < plan.size(); at++) {
            if (plan.isThere(at) && readsCodes(at)) {
                kernel(at).filter(this::isAlone).ifPresent(kernels::add);
            }
        }
        return kernels;
    }

    private boolean readsCodes(int at) {
        NodeProto node = plan.node(at);
        if (!Domains.isOnnx(node.getDomain()) || node.getInputCount() < 2) {
            return false;
        }
        Mark weight = plan.marks().get(node.getInput(1));
        return weight != null
                && weight.role() == Role.WEIGHT
                && graph.constant(node.getInput(1)).isPresent()
                && plan.marks().containsKey(node.getInput(0))
                && plan.readsCodes(at, node.getInput(1));
    }

    private Optional<Kernel> kernel(int at) {
        NodeProto node = plan.node(at);
        if (WITH_BIAS.contains(node.getOpType())) {
            return FloatGraph.input(node, 2)
                    .map(name -> plan.bias(name).map(Bias::bias).orElse(name))
                    .map(bias -> new Kernel(at, at, bias, node.getOpType().equals("Gemm")));
        }
        OptionalInt reader = plan.reader(node.getOutput(0));
        boolean isSum = node.getOpType().equals("MatMul")
                && reader.isPresent()
                && graph.readers(node.getOutput(0)) == 1
                && !graph.isOutput(node.getOutput(0))
                && Domains.isOp(plan.node(reader.getAsInt()), "Add");
        if (!isSum) {
            return Optional.empty();
        }
        NodeProto sum = plan.node(reader.getAsInt());
        String bias = sum.getInput(sum.getInput(0).equals(node.getOutput(0)) ? 1 : 0);
        return Optional.of(new Kernel(at, reader.getAsInt(), bias, true));
    }

    /** Whether the bias is a constant of the right length that nothing else reads. */
    private boolean isAlone(Kernel kernel) {
        Optional<TensorProto> bias = graph.constant(kernel.bias());
        if (bias.isEmpty()
                || !graph.isFloat(kernel.bias())
                || graph.readers(kernel.bias()) != 1
                || graph.isOutput(kernel.bias())) {
            return false;
        }
        TensorProto weight = graph.constant(plan.node(kernel.at()).getInput(1)).orElseThrow();
        return weight.getDimsCount() >= 2 && OwnBiases.isVector(bias.get(), channels(kernel, weight));
    }

    private long channels(Kernel kernel, TensorProto weight) {
        NodeProto node = plan.node(kernel.at());
        return switch (node.getOpType()) {
            case "Conv" -> weight.getDims(0);
            case "ConvTranspose" ->
                weight.getDims(1)
                        * FloatGraph.attribute(node, "group")
                                .map(group -> group.getI())
                                .orElse(1L);
            case "Gemm" -> weight.getDims(FloatGraph.isSet(node, "transB") ? 0 : 1);
            default -> weight.getDims(weight.getDimsCount() - 1);
        };
    }
}
