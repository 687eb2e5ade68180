// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Suggestion;
import dev.octant.ops.functions.ActivationFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import org.apache.commons.lang3.Validate;

/**
 * The activation functions of the field: one constant holds all that is known of one. To add one, add its formula to
 * {@link ActivationFunctions} and a constant here; the tests find it by themselves.
 */
public enum ActivationKind {
    SIGMOID("sigmoid", ActivationFunctions::sigmoid, RealRange.UNIT),
    SILU("silu", ActivationFunctions::silu, from(ActivationKind.SILU_DIP)),
    TANH("tanh", ActivationFunctions::tanh, RealRange.of(-1, 1)),
    GELU("gelu", ActivationFunctions::gelu, from(-0.16997120747990366)),
    GELU_TANH("gelu_tanh", ActivationFunctions::geluTanh, from(-0.17004075057125406)),
    QUICK_GELU("quick_gelu", ActivationFunctions::quickGelu, from(-0.16361018963635357)),
    SWISH("swish", p -> x -> ActivationFunctions.swish(x, p[0]), p -> swishRange(p[0]), 1.0),
    HARDSWISH("hardswish", ActivationFunctions::hardswish, from(-0.375)),
    HARDSIGMOID(
            "hardsigmoid", p -> x -> ActivationFunctions.hardsigmoid(x, p[0], p[1]), p -> RealRange.UNIT, 1 / 6.0, 0.5),
    HARDTANH(
            "hardtanh",
            p -> x -> ActivationFunctions.hardtanh(x, p[0], p[1]),
            p -> RealRange.of(p[0], p[1]),
            -1.0,
            1.0),
    RELU("relu", ActivationFunctions::relu, from(0)),
    CLIP(
            "clip",
            p -> x -> ActivationFunctions.hardtanh(x, p[0], p[1]),
            p -> RealRange.of(Math.min(p[0], p[1]), p[1]),
            -Float.MAX_VALUE,
            Float.MAX_VALUE),
    RELU6("relu6", x -> ActivationFunctions.hardtanh(x, 0, 6), RealRange.of(0, 6)),
    LEAKY_RELU("leaky_relu", p -> x -> ActivationFunctions.leakyRelu(x, p[0]), p -> rectified(p[0]), 0.01),
    PRELU("prelu", p -> x -> ActivationFunctions.leakyRelu(x, p[0]), p -> rectified(p[0]), 0.25),
    ELU("elu", p -> x -> ActivationFunctions.elu(x, p[0]), p -> from(Math.min(-p[0], 0)), 1.0),
    CELU("celu", p -> x -> ActivationFunctions.celu(x, p[0]), p -> from(-p[0]), 1.0),
    SELU(
            "selu",
            p -> x -> ActivationFunctions.selu(x, p[0], p[1]),
            p -> seluRange(p[0], p[1]),
            ActivationFunctions.SELU_ALPHA,
            ActivationFunctions.SELU_SCALE),
    THRESHOLDED_RELU(
            "thresholded_relu",
            p -> x -> ActivationFunctions.thresholdedRelu(x, p[0]),
            p -> from(Math.min(p[0], 0)),
            1.0),
    SHRINK("shrink", p -> x -> ActivationFunctions.shrink(x, p[0], p[1]), p -> RealRange.ALL, 0.0, 0.5),
    HARDSHRINK("hardshrink", p -> x -> ActivationFunctions.shrink(x, 0, p[0]), p -> RealRange.ALL, 0.5),
    SOFTSHRINK("softshrink", p -> x -> ActivationFunctions.shrink(x, p[0], p[0]), p -> RealRange.ALL, 0.5),
    SOFTPLUS("softplus", ActivationFunctions::softplus, from(0)),
    MISH("mish", ActivationFunctions::mish, from(-0.30884341301725043)),
    SOFTSIGN("softsign", ActivationFunctions::softsign, RealRange.of(-1, 1)),
    EXP("exp", ActivationFunctions::exp, from(0)),
    LOG("log", ActivationFunctions::log, from(ActivationFunctions.MIN_LOG)),
    RSQRT("rsqrt", ActivationFunctions::rsqrt, RealRange.of(0, ActivationFunctions.MAX_RSQRT)),
    LOG_SIGMOID("log_sigmoid", ActivationFunctions::logSigmoid, RealRange.of(Double.NEGATIVE_INFINITY, 0)),
    TANHSHRINK("tanhshrink", ActivationFunctions::tanhshrink, RealRange.ALL),
    IDENTITY("identity", x -> x, RealRange.ALL),

    /** A function of the caller's own. */
    CUSTOM("custom", x -> x, RealRange.ALL);

    private static final double SILU_DIP = -0.2784645427610738;

    private final String label;
    private final Function<double[], DoubleUnaryOperator> function;
    private final Function<double[], RealRange> outputRange;
    private final double[] defaults;

    ActivationKind(String label, DoubleUnaryOperator function, RealRange outputRange) {
        this(label, p -> function, p -> outputRange);
    }

    ActivationKind(
            String label,
            Function<double[], DoubleUnaryOperator> function,
            Function<double[], RealRange> outputRange,
            double... defaults) {
        this.label = label;
        this.function = function;
        this.outputRange = outputRange;
        this.defaults = defaults;
    }

    /** The name on the command line and in files. */
    public String label() {
        return label;
    }

    /**
     * The kind that a name names, in any case of letters, with or without its separators: {@code leaky_relu},
     * {@code LeakyReLU}.
     *
     * @throws IllegalArgumentException if it is none of the field's functions, of which {@link #CUSTOM} is none; its
     *     sentence lists them, and says which one is near or is called so elsewhere, as silu is swish
     */
    public static ActivationKind parse(String name) {
        Given.require("name", name);
        for (ActivationKind kind : values()) {
            if (kind != CUSTOM && plain(kind.label).equals(plain(name))) {
                return kind;
            }
        }
        throw new IllegalArgumentException(
                "op must be one of " + String.join(", ", labels()) + ", was '" + name + "'" + meant(name));
    }

    /** Names that others give these functions, and what is near to a label. */
    private static String meant(String name) {
        return switch (plain(name)) {
            case "logistic" -> Suggestion.sentence(SIGMOID.label);
            case "hswish" -> Suggestion.sentence(HARDSWISH.label);
            case "hsigmoid" -> Suggestion.sentence(HARDSIGMOID.label);
            case "gelunew", "gelufast", "gelupytorchtanh" -> Suggestion.sentence(GELU_TANH.label);
            case "clamp" -> Suggestion.sentence(CLIP.label);
            case "linear" -> Suggestion.sentence(IDENTITY.label);
            default -> Suggestion.of(name, labels());
        };
    }

    /** The labels of all functions of the field, in the order of the constants. */
    public static List<String> labels() {
        return Arrays.stream(values())
                .filter(kind -> kind != CUSTOM)
                .map(ActivationKind::label)
                .toList();
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
    }

    /** The parameters a function has when none are given; its length is how many it takes. */
    public double[] defaults() {
        return defaults.clone();
    }

    DoubleUnaryOperator function(double[] parameters) {
        return function.apply(parameters);
    }

    RealRange outputRange(double[] parameters) {
        return outputRange.apply(parameters);
    }

    boolean hasFixedOutput() {
        return this == SIGMOID || this == HARDSIGMOID || this == TANH;
    }

    void check(double[] p) {
        switch (this) {
            case CELU -> Validate.isTrue(p[0] > 0, "alpha of celu must be positive, was %s", p[0]);
            case HARDTANH -> Validate.isTrue(p[0] <= p[1], "ends of hardtanh must be ordered, were %s, %s", p[0], p[1]);
            case SOFTSHRINK -> Validate.isTrue(p[0] >= 0, "lambda of softshrink must not be negative, was %s", p[0]);
            default -> {}
        }
    }

    private static RealRange from(double least) {
        return RealRange.of(least, Double.POSITIVE_INFINITY);
    }

    /** {@code x sigmoid(alpha x)} is SiLU of {@code alpha x}, over alpha; of a negative alpha it is turned around. */
    private static RealRange swishRange(double alpha) {
        if (alpha == 0) {
            return RealRange.ALL;
        }
        double dip = SILU_DIP / alpha;
        return alpha > 0 ? from(dip) : RealRange.of(Double.NEGATIVE_INFINITY, dip);
    }

    /** Of {@code gamma x} on the right and of what goes from 0 to {@code -gamma alpha} on the left. */
    private static RealRange seluRange(double alpha, double gamma) {
        double left = -gamma * alpha + 0.0;
        double right = gamma == 0 ? 0 : gamma * Double.POSITIVE_INFINITY;
        return RealRange.of(Math.min(Math.min(left, right), 0), Math.max(Math.max(left, right), 0));
    }

    /** A negative slope turns the left half upwards. */
    private static RealRange rectified(double slope) {
        return slope > 0 ? RealRange.ALL : from(0);
    }
}
