// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BackwardBlocks;
import dev.octant.ops.Activation;
import dev.octant.ops.functions.ActivationFunctions;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/**
 * The derivative of an activation, and gradients carried back through it: {@code dx = dy f'(x)}.
 *
 * <p>Every form is finite for every finite float and both infinities, where it has its limit, and is not 0 where the
 * true value is a normal float: exponentials are those of {@code -|x|}, and {@code 1 - sigmoid(x)} is computed as
 * {@code sigmoid(-x)}, never by a difference.
 *
 * <pre>
 * |error| at most (8 |z| + 32) 2^-53 of the magnitudes of the terms       in double, for values down to 1e-300
 *
 * z      swish alpha x,  quick_gelu 1.702 x,  celu x / alpha,  gelu x^2 / 2,
 *        gelu_tanh sqrt(8 / pi) (x + 0.044715 x^3),  all others 0
 * </pre>
 *
 * <p>{@code z} is what is exponentiated: it has at most 7 roundings, each of which the exponential turns from a
 * relative error of {@code z} into one of {@code |z|} times as much. Gates have two terms, {@code f(x) / x} and
 * {@code x} times the slope of that, which cancel near a root of f' (SiLU has one at -1.2785). In float the double is
 * rounded once, and held at the largest float where it is larger: so does exp from 88.7228 on.
 *
 * <p>At a kink the derivative is the one of PyTorch: 0 at both ends of hardtanh, relu6 and hardsigmoid, at -3 of
 * hardswish and at 0 of relu; the slope of the left side at 0 of leaky_relu, prelu, elu, celu and selu. Where a
 * function of Octant is constant because the true one is not defined (log and rsqrt at 0 and below), the derivative is
 * 0. NaN gives NaN.
 *
 * <p>Immutable and thread safe, if a derivative of the caller's own is; nothing is allocated.
 */
public final class ActivationGradient {
    private static final double SQRT_HALF = Math.sqrt(0.5);
    private static final double INVERSE_SQRT_TWO_PI = 0.39894228040143267794;

    /** Twice the inner factor of the tanh form of GELU: 2 sqrt(2 / pi). */
    private static final double GELU_TANH_FACTOR = 2 * 0.7978845608028653558799;

    private static final double GELU_TANH_CUBE = 0.044715;
    private static final double QUICK_GELU_FACTOR = 1.702;

    /** Below it the exponential is taken in two factors: a large factor brings back what would have underflowed. */
    private static final double LOW = -600;

    /** Beyond it each of the smooth gates has its limit to the last bit of a double: exp(-800) is 0. */
    private static final double FAR = 800;

    private final Activation activation;
    private final DoubleUnaryOperator derivative;

    private ActivationGradient(Activation activation, DoubleUnaryOperator derivative) {
        this.activation = activation;
        this.derivative = derivative;
    }

    /**
     * The derivative of a function of the field.
     *
     * @throws IllegalArgumentException if the activation is one of the caller's own, whose derivative must be given
     */
    public static ActivationGradient of(Activation activation) {
        Given.require("activation", activation);
        return new ActivationGradient(activation, derivative(activation));
    }

    /**
     * The derivative of any function.
     *
     * @param derivative finite for every finite float
     */
    public static ActivationGradient of(Activation activation, DoubleUnaryOperator derivative) {
        Given.require("activation", activation);
        Given.require("derivative", derivative);
        return new ActivationGradient(activation, derivative);
    }

    /** The function. */
    public Activation activation() {
        return activation;
    }

    /** {@code f'(x)} in double. */
    public double derivative(double x) {
        return derivative.applyAsDouble(x);
    }

    /** {@code f'(x)}, computed in double and rounded once; at most the largest float in magnitude. */
    public float derivative(float x) {
        return rounded(derivative.applyAsDouble(x));
    }

    /**
     * Carries {@code length} gradients back: {@code dx = dy f'(x)}, the product in double, rounded once, and held at
     * the largest float where {@code dy} is finite. {@code dx} may be the block of {@code dy} or of {@code x}, and must
     * not overlap them otherwise; blocks outside their array throw {@link IndexOutOfBoundsException}.
     */
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        for (int i = 0; i < length; i++) {
            float upstream = dy[dyOffset + i];
            double gradient = upstream * derivative.applyAsDouble(x[xOffset + i]);
            dx[dxOffset + i] = Float.isInfinite(upstream) ? (float) gradient : rounded(gradient);
        }
    }

    /** The same in double, held at the largest double. */
    public void backward(double[] x, int xOffset, double[] dy, int dyOffset, double[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        for (int i = 0; i < length; i++) {
            double upstream = dy[dyOffset + i];
            double gradient = upstream * derivative.applyAsDouble(x[xOffset + i]);
            dx[dxOffset + i] = Double.isInfinite(upstream)
                    ? gradient
                    : Math.min(Math.max(gradient, -Double.MAX_VALUE), Double.MAX_VALUE);
        }
    }

    private static float rounded(double value) {
        return (float) Math.min(Math.max(value, -Float.MAX_VALUE), Float.MAX_VALUE);
    }

    private static DoubleUnaryOperator derivative(Activation activation) {
        List<Double> p = activation.parameters();
        return switch (activation.kind()) {
            case SIGMOID -> ActivationGradient::sigmoid;
            case SILU -> x -> gate(x, x, 1);
            case SWISH -> {
                double alpha = p.get(0);
                yield x -> alpha == 0 ? keep(x, 0.5) : gate(x, alpha * x, alpha);
            }
            case TANH -> ActivationGradient::tanh;
            case GELU -> ActivationGradient::gelu;
            case GELU_TANH -> ActivationGradient::geluTanh;
            case QUICK_GELU -> x -> gate(x, QUICK_GELU_FACTOR * x, QUICK_GELU_FACTOR);
            case HARDSWISH -> x -> x <= -3 ? 0 : x < 3 ? x / 3 + 0.5 : keep(x, 1);
            case HARDSIGMOID -> {
                double alpha = p.get(0);
                double beta = p.get(1);
                yield x -> inside(x, alpha * x + beta, 0, 1, alpha);
            }
            case HARDTANH, CLIP -> {
                double low = p.get(0);
                double high = p.get(1);
                yield x -> inside(x, x, low, high, 1);
            }
            case RELU -> x -> x > 0 ? 1 : keep(x, 0);
            case RELU6 -> x -> inside(x, x, 0, 6, 1);
            case LEAKY_RELU, PRELU -> {
                double slope = p.get(0);
                yield x -> x > 0 ? 1 : keep(x, slope);
            }
            case ELU -> {
                double alpha = p.get(0);
                yield x -> x > 0 ? 1 : scaledExp(alpha, x);
            }
            case CELU -> {
                double alpha = p.get(0);
                yield x -> x > 0 ? 1 : Math.exp(x / alpha);
            }
            case SELU -> {
                double gamma = p.get(1);
                double product = gamma * p.get(0);
                yield x -> x > 0 ? gamma : scaledExp(product, x);
            }
            case THRESHOLDED_RELU -> {
                double alpha = p.get(0);
                yield x -> x > alpha ? 1 : keep(x, 0);
            }
            case SHRINK -> shrink(p.get(1));
            case HARDSHRINK, SOFTSHRINK -> shrink(p.get(0));
            case SOFTPLUS -> ActivationFunctions::sigmoid;
            case MISH -> ActivationGradient::mish;
            case SOFTSIGN -> x -> 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
            case EXP -> ActivationFunctions::exp;
            case LOG -> x -> x >= Float.MIN_VALUE ? 1 / x : keep(x, 0);
            case RSQRT -> x -> x >= Float.MIN_VALUE ? -0.5 * Math.sqrt(1 / x) / x : keep(x, 0);
            case LOG_SIGMOID -> x -> ActivationFunctions.sigmoid(-x);
            case TANHSHRINK -> x -> Math.tanh(x) * Math.tanh(x);
            case IDENTITY -> x -> keep(x, 1);
            default ->
                throw new IllegalArgumentException(
                        "derivative of " + activation.name() + " must be given: it is not one of those known");
        };
    }

    /** A constant, but NaN for NaN. */
    private static double keep(double x, double constant) {
        return Double.isNaN(x) ? x : constant;
    }

    /** 1 beyond lambda on either side, else 0. */
    private static DoubleUnaryOperator shrink(double lambda) {
        return x -> x < -lambda || x > lambda ? 1 : keep(x, 0);
    }

    /** The slope where a line lies strictly between two ends, else 0. */
    private static double inside(double x, double line, double low, double high, double slope) {
        return line > low && line < high ? slope : keep(x, 0);
    }

    /** {@code factor exp(x)} for an x that is not positive. */
    private static double scaledExp(double factor, double x) {
        if (x < LOW) {
            double half = Math.exp(0.5 * x);
            return factor * half * half;
        }
        return factor * Math.exp(x);
    }

    /** {@code e / (1 + e)^2} with {@code e = exp(-|x|)}. */
    private static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return e / ((1 + e) * (1 + e));
    }

    /** {@code 4 e / (1 + e)^2} with {@code e = exp(-2 |x|)}. */
    private static double tanh(double x) {
        return 4 * sigmoid(2 * x);
    }

    /** Of {@code x sigmoid(z)}: {@code sigmoid(z) + x z' sigmoid'(z)}. */
    private static double gate(double x, double z, double slope) {
        if (Math.abs(z) > FAR) {
            return z > 0 ? 1 : 0;
        }
        return ActivationFunctions.sigmoid(z) + x * slope * sigmoid(z);
    }

    private static double geluTanh(double x) {
        double z = GELU_TANH_FACTOR * (x + GELU_TANH_CUBE * x * x * x);
        return gate(x, z, GELU_TANH_FACTOR * (1 + 3 * GELU_TANH_CUBE * x * x));
    }

    /** {@code Phi(x) + x phi(x)}. */
    private static double gelu(double x) {
        if (Math.abs(x) > FAR) {
            return x > 0 ? 1 : 0;
        }
        return 0.5 * ActivationFunctions.erfc(-x * SQRT_HALF) + x * INVERSE_SQRT_TWO_PI * Math.exp(-0.5 * x * x);
    }

    /**
     * Of {@code x t} with {@code t = tanh(softplus(x))}: {@code t + x sigmoid(x) (1 - t^2)}, as quotients of
     * polynomials in {@code e = exp(-|x|)}.
     */
    private static double mish(double x) {
        if (Math.abs(x) > FAR) {
            return x > 0 ? 1 : 0;
        }
        double e = Math.exp(-Math.abs(x));
        if (x >= 0) {
            double d = 1 + 2 * e + 2 * e * e;
            return (1 + 2 * e) / d + x * 4 * e * e * (1 + e) / (d * d);
        }
        double n = e * (e + 2);
        return n / (n + 2) + x * 4 * e * (1 + e) / ((n + 2) * (n + 2));
    }

    @Override
    public String toString() {
        return "derivative of " + activation;
    }
}
