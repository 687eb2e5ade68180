// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.ops.functions.ActivationFunctions;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.apache.commons.lang3.Validate;

/**
 * A function of one real number together with its natural output range: what a table is made from.
 *
 * <p>The functions of the field are constants and factories here; {@link #of(String, DoubleUnaryOperator, RealRange)}
 * takes any other. The reference is evaluated in double ({@link ActivationFunctions}), and is finite for every finite
 * float. Two activations are equal if they have the same kind, name and parameters; one of the caller's own only if it
 * also holds the same function object. Immutable; thread safe if the caller's function is.
 */
public final class Activation {
    public static final Activation SIGMOID = of(ActivationKind.SIGMOID);
    public static final Activation SILU = of(ActivationKind.SILU);
    public static final Activation TANH = of(ActivationKind.TANH);
    public static final Activation GELU = of(ActivationKind.GELU);
    public static final Activation GELU_TANH = of(ActivationKind.GELU_TANH);
    public static final Activation QUICK_GELU = of(ActivationKind.QUICK_GELU);
    public static final Activation SWISH = of(ActivationKind.SWISH);
    public static final Activation HARDSWISH = of(ActivationKind.HARDSWISH);
    public static final Activation HARDSIGMOID = of(ActivationKind.HARDSIGMOID);
    public static final Activation HARDTANH = of(ActivationKind.HARDTANH);
    public static final Activation CLIP = of(ActivationKind.CLIP);
    public static final Activation RELU = of(ActivationKind.RELU);
    public static final Activation RELU6 = of(ActivationKind.RELU6);
    public static final Activation SELU = of(ActivationKind.SELU);
    public static final Activation THRESHOLDED_RELU = of(ActivationKind.THRESHOLDED_RELU);
    public static final Activation SHRINK = of(ActivationKind.SHRINK);
    public static final Activation HARDSHRINK = of(ActivationKind.HARDSHRINK);
    public static final Activation SOFTSHRINK = of(ActivationKind.SOFTSHRINK);
    public static final Activation SOFTPLUS = of(ActivationKind.SOFTPLUS);
    public static final Activation MISH = of(ActivationKind.MISH);
    public static final Activation SOFTSIGN = of(ActivationKind.SOFTSIGN);
    public static final Activation EXP = of(ActivationKind.EXP);
    public static final Activation LOG = of(ActivationKind.LOG);
    public static final Activation RSQRT = of(ActivationKind.RSQRT);
    public static final Activation LOG_SIGMOID = of(ActivationKind.LOG_SIGMOID);
    public static final Activation TANHSHRINK = of(ActivationKind.TANHSHRINK);

    /** {@code f(x) = x}: its table requantizes. */
    public static final Activation IDENTITY = of(ActivationKind.IDENTITY);

    private final ActivationKind kind;
    private final String name;
    private final List<Double> parameters;
    private final DoubleUnaryOperator function;
    private final RealRange outputRange;

    private Activation(
            ActivationKind kind,
            String name,
            List<Double> parameters,
            DoubleUnaryOperator function,
            RealRange outputRange) {
        this.kind = kind;
        this.name = name;
        this.parameters = parameters;
        this.function = function;
        this.outputRange = outputRange;
    }

    /**
     * A function of the field with its parameters; without any, with the kind's defaults.
     *
     * @throws IllegalArgumentException if the number of parameters is wrong, one is not finite or, as a float, which
     *     is how engines hold it, would be infinite or 0 without being 0, or the kind refuses it
     */
    public static Activation of(ActivationKind kind, double... parameters) {
        Given.require("kind", kind);
        Given.require("parameters", parameters);
        Validate.isTrue(kind != ActivationKind.CUSTOM, "kind must be one of the field's functions, was %s", kind);
        double[] defaults = kind.defaults();
        double[] p = parameters.length == 0 ? defaults : parameters.clone();
        Validate.isTrue(
                p.length == defaults.length,
                "%s must have %s parameters, had %s",
                kind.label(),
                defaults.length,
                p.length);
        for (double value : p) {
            Validate.isTrue(Double.isFinite(value), "parameter of %s must be finite, was %s", kind.label(), value);
            float held = (float) value;
            Validate.isTrue(
                    Float.isFinite(held) && (held != 0 || value == 0),
                    "parameter of %s must be 0 or within the magnitudes of floats, %s to %s, was %s",
                    kind.label(),
                    Float.MIN_VALUE,
                    Float.MAX_VALUE,
                    value);
        }
        kind.check(p);
        return new Activation(
                kind, kind.label(), DoubleStream.of(p).boxed().toList(), kind.function(p), kind.outputRange(p));
    }

    /**
     * A function of the field as {@link #toString} writes it: {@code silu}, {@code leaky_relu(0.1)}. Names are read
     * as {@link ActivationKind#parse} does; without brackets, the kind's default parameters.
     *
     * @throws IllegalArgumentException if it is no such text, or {@link #of(ActivationKind, double...)} refuses the
     *     parameters
     */
    public static Activation parse(String text) {
        Given.require("activation", text);
        String trimmed = text.strip();
        int bracket = trimmed.indexOf('(');
        Validate.isTrue(bracket < 0 || trimmed.endsWith(")"), "parameters of an op must end with ')', was '%s'", text);
        ActivationKind kind = ActivationKind.parse(bracket < 0 ? trimmed : trimmed.substring(0, bracket));
        if (bracket < 0) {
            return of(kind);
        }
        Validate.isTrue(kind.defaults().length > 0, "%s must have no parameters, was '%s'", kind.label(), text);
        String[] parameters =
                trimmed.substring(bracket + 1, trimmed.length() - 1).split(",", -1);
        return of(
                kind,
                Arrays.stream(parameters)
                        .mapToDouble(p -> Numbers.real("parameter of " + kind.label(), p))
                        .toArray());
    }

    /**
     * A function of the caller's own.
     *
     * @param name how it is printed, not blank
     * @param function defined for every finite float; must not return NaN there
     * @param codomain the values it takes; a table emits none outside
     */
    public static Activation of(String name, DoubleUnaryOperator function, RealRange codomain) {
        Given.require("name", name);
        Validate.notBlank(name, "name must not be blank");
        Validate.notNull(function, "function of %s must be given, was null", name);
        Validate.notNull(codomain, "codomain of %s must be given, was null", name);
        return new Activation(ActivationKind.CUSTOM, name, List.of(), function, codomain);
    }

    /** Leaky ReLU; PyTorch and ONNX default to a slope of 0.01. */
    public static Activation leakyRelu(double slope) {
        return of(ActivationKind.LEAKY_RELU, slope);
    }

    /** PReLU with one learned slope for the whole tensor; {@link QuantizedPrelu} has one for each element. */
    public static Activation prelu(double slope) {
        return of(ActivationKind.PRELU, slope);
    }

    /** ELU; alpha is 1 by default. */
    public static Activation elu(double alpha) {
        return of(ActivationKind.ELU, alpha);
    }

    /** CELU; alpha is positive, 1 by default. */
    public static Activation celu(double alpha) {
        return of(ActivationKind.CELU, alpha);
    }

    /** SELU with constants of its own; the order is ONNX's, and {@link #SELU} has the paper's. */
    public static Activation selu(double alpha, double gamma) {
        return of(ActivationKind.SELU, alpha, gamma);
    }

    /** {@code x sigmoid(alpha x)}, ONNX Swish: {@link #SILU} with alpha 1, {@link #QUICK_GELU} with 1.702. */
    public static Activation swish(double alpha) {
        return of(ActivationKind.SWISH, alpha);
    }

    /** {@code x} above {@code alpha}, else 0: ONNX ThresholdedRelu, whose alpha is 1 by default. */
    public static Activation thresholdedRelu(double alpha) {
        return of(ActivationKind.THRESHOLDED_RELU, alpha);
    }

    /**
     * {@code x + bias} below {@code -lambda}, {@code x - bias} above {@code lambda}, else 0: ONNX Shrink, whose bias
     * is 0 and lambda 0.5 by default.
     */
    public static Activation shrink(double bias, double lambda) {
        return of(ActivationKind.SHRINK, bias, lambda);
    }

    /** {@code x} where {@code |x| > lambda}, else 0: PyTorch's, 0.5 by default. */
    public static Activation hardshrink(double lambda) {
        return of(ActivationKind.HARDSHRINK, lambda);
    }

    /** {@code x} moved towards 0 by {@code lambda}, and 0 nearer to it: PyTorch's, 0.5 by default, not negative. */
    public static Activation softshrink(double lambda) {
        return of(ActivationKind.SOFTSHRINK, lambda);
    }

    /**
     * {@code min(max(x, low), high)}, ONNX Clip: as {@link #hardtanh}, but the ends may be crossed, which gives
     * {@code high} everywhere, and are those of the floats by default.
     */
    public static Activation clip(double low, double high) {
        return of(ActivationKind.CLIP, low, high);
    }

    /** Hardsigmoid with a slope and offset of its own: ONNX has 0.2 and 0.5 by default. */
    public static Activation hardsigmoid(double alpha, double beta) {
        return of(ActivationKind.HARDSIGMOID, alpha, beta);
    }

    /** Hardtanh with ends of its own. */
    public static Activation hardtanh(double low, double high) {
        return of(ActivationKind.HARDTANH, low, high);
    }

    /** Which function of the field this is, or {@link ActivationKind#CUSTOM}. */
    public ActivationKind kind() {
        return kind;
    }

    /** Its name without parameters, as on the command line: {@code silu}, {@code leaky_relu}. */
    public String name() {
        return name;
    }

    /** Its parameters in the order of its factory; empty for most. */
    public List<Double> parameters() {
        return parameters;
    }

    /** A parameter as engines hold it: rounded to float. */
    float parameter(int index) {
        return parameters.get(index).floatValue();
    }

    /** {@code f(x)} in double. */
    public double value(double x) {
        return function.applyAsDouble(x);
    }

    /** The values {@code f} takes, from its least to its largest, limits included: {@code [0, 1]} for sigmoid. */
    public RealRange outputRange() {
        return outputRange;
    }

    /**
     * The output parameters the field has agreed on, where it has: {@link QuantScheme#FIXED} over [0, 1] for sigmoid
     * and hardsigmoid (1/256), over [-1, 1] for tanh (1/128). SiLU and its like have none and are calibrated.
     */
    public Optional<QuantParams> fixedOutput(QuantType type) {
        Given.require("type", type);
        return kind.hasFixedOutput() ? Optional.of(QuantScheme.FIXED.choose(outputRange, type)) : Optional.empty();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Activation that
                && kind == that.kind
                && name.equals(that.name)
                && parameters.equals(that.parameters)
                && (kind != ActivationKind.CUSTOM || function.equals(that.function));
    }

    @Override
    public int hashCode() {
        return Objects.hash(name, parameters);
    }

    /** The name with its parameters in brackets: {@code silu}, {@code leaky_relu(0.1)}. */
    @Override
    public String toString() {
        return parameters.isEmpty()
                ? name
                : parameters.stream().map(String::valueOf).collect(Collectors.joining(",", name + "(", ")"));
    }
}
