// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.onnx.internal.file.Domains;
import dev.octant.onnx.internal.graph.FloatGraph;
import dev.octant.ops.Activation;
import java.util.Optional;

/** Which activation function an op of ONNX computes, number by number, with the defaults of its attributes. */
final class OpFunctions {
    private OpFunctions() {}

    /** The function of a node with one input; empty for other ops, and for those of other domains. */
    static Optional<Activation> of(NodeProto node) {
        if (!Domains.isOnnx(node.getDomain())) {
            return Optional.empty();
        }
        return switch (node.getOpType()) {
            case "Sigmoid" -> Optional.of(Activation.SIGMOID);
            case "Tanh" -> Optional.of(Activation.TANH);
            case "HardSwish" -> Optional.of(Activation.HARDSWISH);
            case "HardSigmoid" ->
                finite(node, "beta", 0.5f)
                        .flatMap(beta -> positive(node, 0.2f).map(alpha -> Activation.hardsigmoid(alpha, beta)));
            case "LeakyRelu" -> finite(node, "alpha", 0.01f).map(Activation::leakyRelu);
            case "Elu" -> positive(node, 1).map(Activation::elu);
            case "Celu" -> positive(node, 1).map(Activation::celu);
            case "Gelu" -> {
                boolean isTanh = FloatGraph.attribute(node, "approximate")
                        .map(attribute -> attribute.getS().toStringUtf8().equals("tanh"))
                        .orElse(false);
                yield Optional.of(isTanh ? Activation.GELU_TANH : Activation.GELU);
            }
            case "Softplus" -> Optional.of(Activation.SOFTPLUS);
            case "Softsign" -> Optional.of(Activation.SOFTSIGN);
            case "Mish" -> Optional.of(Activation.MISH);
            default -> Optional.empty();
        };
    }

    private static Optional<Double> positive(NodeProto node, float otherwise) {
        return finite(node, "alpha", otherwise).filter(alpha -> alpha > 0);
    }

    private static Optional<Double> finite(NodeProto node, String name, float otherwise) {
        float value = FloatGraph.number(node, name, otherwise);
        return Float.isFinite(value) ? Optional.of((double) value) : Optional.empty();
    }
}
