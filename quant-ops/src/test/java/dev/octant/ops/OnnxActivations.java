// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import java.util.HashMap;
import java.util.Map;

/** The activations by the names and attributes of ONNX operators, with the defaults of the standard. */
final class OnnxActivations {
    private OnnxActivations() {}

    /** Attributes written as {@code alpha=2.0,gamma=3.0}. */
    static Map<String, Double> attributes(String text) {
        Map<String, Double> attributes = new HashMap<>();
        for (String part : text.split(",", -1)) {
            if (!part.isEmpty()) {
                String[] pair = part.split("=", -1);
                attributes.put(pair[0], Double.valueOf(pair[1]));
            }
        }
        return attributes;
    }

    /** The activation of an operator; null if it is none. */
    static Activation of(String op, Map<String, Double> attributes) {
        return switch (op) {
            case "Celu" -> Activation.celu(attributes.getOrDefault("alpha", 1.0));
            case "Clip" ->
                Activation.clip(
                        attributes.getOrDefault("min", (double) -Float.MAX_VALUE),
                        attributes.getOrDefault("max", (double) Float.MAX_VALUE));
            case "Elu" -> Activation.elu(attributes.getOrDefault("alpha", 1.0));
            case "Exp" -> Activation.EXP;
            case "Gelu" -> Activation.GELU;
            case "HardSigmoid" ->
                Activation.hardsigmoid(
                        attributes.getOrDefault("alpha", (double) 0.2f), attributes.getOrDefault("beta", 0.5));
            case "HardSwish" -> Activation.HARDSWISH;
            case "Identity" -> Activation.IDENTITY;
            case "LeakyRelu" -> Activation.leakyRelu(attributes.getOrDefault("alpha", (double) 0.01f));
            case "Log" -> Activation.LOG;
            case "Mish" -> Activation.MISH;
            case "Relu" -> Activation.RELU;
            case "Selu" ->
                Activation.selu(
                        attributes.getOrDefault("alpha", 1.67326319217681884765625),
                        attributes.getOrDefault("gamma", 1.05070102214813232421875));
            case "Shrink" ->
                Activation.shrink(attributes.getOrDefault("bias", 0.0), attributes.getOrDefault("lambd", 0.5));
            case "Sigmoid" -> Activation.SIGMOID;
            case "Softplus" -> Activation.SOFTPLUS;
            case "Softsign" -> Activation.SOFTSIGN;
            case "Swish" -> Activation.swish(attributes.getOrDefault("alpha", 1.0));
            case "Tanh" -> Activation.TANH;
            case "ThresholdedRelu" -> Activation.thresholdedRelu(attributes.getOrDefault("alpha", 1.0));
            default -> null;
        };
    }
}
