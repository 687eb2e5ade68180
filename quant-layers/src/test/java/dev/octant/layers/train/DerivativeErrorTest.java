// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The stated error of derivatives in double, beside numbers of 40 digits, and parameters as large as floats are. */
class DerivativeErrorTest {
    private static final MathContext DIGITS = new MathContext(40);
    private static final BigDecimal ONE = BigDecimal.ONE;
    private static final BigDecimal TWO = BigDecimal.valueOf(2);
    private static final BigDecimal HALF = new BigDecimal("0.5");
    private static final BigDecimal GELU_TANH = new BigDecimal("1.5957691216057307117597842397375274738");
    private static final BigDecimal CUBE = new BigDecimal("0.044715");
    private static final BigDecimal QUICK_GELU = new BigDecimal("1.702");
    private static final BigDecimal SELU_ALPHA = new BigDecimal("1.6732632423543772848170429916717");
    private static final BigDecimal SELU_GAMMA = new BigDecimal("1.0507009873554804934193349852946");

    private final Random random = new Random(17);

    /** The terms of a derivative, and what is exponentiated where its form rounds that. */
    private record Terms(BigDecimal first, BigDecimal second, BigDecimal exponent) {
        static Terms exact(BigDecimal value) {
            return new Terms(value, BigDecimal.ZERO, BigDecimal.ZERO);
        }
    }

    static List<Activation> activations() {
        return List.of(
                Activation.SIGMOID,
                Activation.TANH,
                Activation.SILU,
                Activation.MISH,
                Activation.SOFTPLUS,
                Activation.LOG_SIGMOID,
                Activation.EXP,
                Activation.SELU,
                Activation.selu(1e-38, 1e38),
                Activation.selu(3e38, 3e38),
                Activation.elu(2),
                Activation.elu(3e38),
                Activation.QUICK_GELU,
                Activation.GELU_TANH,
                Activation.swish(0.7),
                Activation.swish(-3e-5),
                Activation.swish(4e9),
                Activation.celu(0.3),
                Activation.celu(1e-20),
                Activation.celu(7e10));
    }

    @ParameterizedTest
    @MethodSource("activations")
    void statedBound(Activation activation) {
        ActivationGradient gradient = ActivationGradient.of(activation);
        double unit = unit(activation);
        int compared = 0;
        for (int i = 0; i < 400; i++) {
            double x = unit * (i % 4 == 0 ? 3 * random.nextGaussian() : random.nextDouble() * 750);
            x = i % 2 == 0 ? x : -x;
            Terms terms = terms(activation, x);
            BigDecimal expected = terms.first.add(terms.second, DIGITS);
            double actual = gradient.derivative(x);
            assertTrue(Double.isFinite(actual), activation + " at " + x);
            if (expected.abs().doubleValue() < 1e-300 || expected.abs().doubleValue() > Double.MAX_VALUE) {
                continue;
            }
            compared++;
            BigDecimal error = new BigDecimal(actual).subtract(expected, DIGITS).abs();
            BigDecimal bound = terms.exponent
                    .abs()
                    .multiply(BigDecimal.valueOf(8))
                    .add(BigDecimal.valueOf(32))
                    .multiply(new BigDecimal(0x1p-53))
                    .multiply(terms.first.abs().add(terms.second.abs()), DIGITS);
            assertTrue(error.compareTo(bound) <= 0, activation + " at " + x + ": " + actual + ", is " + expected);
        }
        assertTrue(compared > 150, "compared " + compared);
    }

    /** The normal distribution of GELU by its continued fraction, so only where that converges. */
    @Test
    void statedBoundOfGelu() {
        ActivationGradient gradient = ActivationGradient.of(Activation.GELU);
        BigDecimal root = TWO.multiply(new BigDecimal("3.14159265358979323846264338327950288419717"))
                .sqrt(DIGITS);
        for (int i = 0; i < 300; i++) {
            double x = 4 + 33 * random.nextDouble();
            BigDecimal exact = new BigDecimal(x);
            BigDecimal z = exact.pow(2).multiply(HALF);
            BigDecimal bell = exp(z.negate()).divide(root, DIGITS);
            BigDecimal fraction = exact;
            for (int n = 250; n > 0; n--) {
                fraction = exact.add(BigDecimal.valueOf(n).divide(fraction, DIGITS), DIGITS);
            }
            BigDecimal tail = bell.divide(fraction, DIGITS);
            BigDecimal expected = tail.subtract(exact.multiply(bell), DIGITS);
            BigDecimal terms = tail.add(exact.multiply(bell), DIGITS);
            BigDecimal bound = z.multiply(BigDecimal.valueOf(8))
                    .add(BigDecimal.valueOf(32))
                    .multiply(new BigDecimal(0x1p-53))
                    .multiply(terms, DIGITS);
            double actual = gradient.derivative(-x);
            BigDecimal error = new BigDecimal(actual).subtract(expected, DIGITS).abs();
            assertTrue(error.compareTo(bound) <= 0, "at " + -x + ": " + actual + ", is " + expected);
        }
    }

    /** What takes the values to where the exponential matters. */
    private static double unit(Activation activation) {
        return switch (activation.kind()) {
            case SWISH -> 1 / Math.abs(activation.parameters().get(0));
            case CELU -> activation.parameters().get(0);
            case GELU_TANH -> 1 / 36.0;
            default -> 1;
        };
    }

    private static Terms terms(Activation activation, double value) {
        BigDecimal x = new BigDecimal(value);
        List<BigDecimal> p = new ArrayList<>();
        for (double parameter : activation.parameters()) {
            p.add(new BigDecimal(parameter));
        }
        boolean right = value > 0;
        return switch (activation.kind()) {
            case SIGMOID -> Terms.exact(slope(x));
            case TANH -> Terms.exact(slope(x.multiply(TWO)).multiply(BigDecimal.valueOf(4)));
            case SILU -> exactly(gate(x, x, ONE));
            case QUICK_GELU -> gate(x, x.multiply(QUICK_GELU), QUICK_GELU);
            case SWISH -> gate(x, x.multiply(p.get(0)), p.get(0));
            case GELU_TANH ->
                gate(
                        x,
                        GELU_TANH.multiply(x.add(CUBE.multiply(x.pow(3))), DIGITS),
                        GELU_TANH.multiply(ONE.add(CUBE.multiply(x.pow(2)).multiply(BigDecimal.valueOf(3)))));
            case MISH -> mish(x);
            case SOFTPLUS -> Terms.exact(sigmoid(x));
            case LOG_SIGMOID -> Terms.exact(sigmoid(x.negate()));
            case EXP -> Terms.exact(exp(x));
            case ELU -> Terms.exact(right ? ONE : exp(x).multiply(p.get(0), DIGITS));
            case CELU -> {
                BigDecimal z = x.divide(p.get(0), DIGITS);
                yield right ? Terms.exact(ONE) : new Terms(exp(z), BigDecimal.ZERO, z);
            }
            case SELU -> {
                boolean own = activation.equals(Activation.SELU);
                BigDecimal alpha = own ? SELU_ALPHA : p.get(0);
                BigDecimal gamma = own ? SELU_GAMMA : p.get(1);
                yield Terms.exact(right ? gamma : exp(x).multiply(alpha, DIGITS).multiply(gamma, DIGITS));
            }
            default -> throw new IllegalArgumentException(activation.toString());
        };
    }

    private static Terms exactly(Terms terms) {
        return new Terms(terms.first, terms.second, BigDecimal.ZERO);
    }

    private static Terms gate(BigDecimal x, BigDecimal z, BigDecimal slope) {
        return new Terms(sigmoid(z), x.multiply(slope, DIGITS).multiply(slope(z), DIGITS), z);
    }

    /** {@code tanh(s) + x sigmoid(x) / cosh(s)^2}, s = softplus(x), by exponentials. */
    private static Terms mish(BigDecimal x) {
        BigDecimal e = exp(x.abs().negate());
        BigDecimal square = e.multiply(e, DIGITS);
        // (1 + e^x)^2 - 1 over (1 + e^x)^2 + 1, with e^x or its inverse.
        boolean right = x.signum() >= 0;
        BigDecimal over = right ? ONE.add(TWO.multiply(e)) : square.add(TWO.multiply(e));
        BigDecimal rest = TWO.multiply(right ? square : ONE);
        BigDecimal under = over.add(rest);
        BigDecimal tangent = over.divide(under, DIGITS);
        BigDecimal left = rest.divide(under, DIGITS);
        BigDecimal slope = sigmoid(x).multiply(left, DIGITS).multiply(ONE.add(tangent), DIGITS);
        return new Terms(tangent, x.multiply(slope, DIGITS), BigDecimal.ZERO);
    }

    private static BigDecimal sigmoid(BigDecimal z) {
        BigDecimal e = exp(z.abs().negate());
        return (z.signum() >= 0 ? ONE : e).divide(ONE.add(e), DIGITS);
    }

    private static BigDecimal slope(BigDecimal z) {
        return sigmoid(z).multiply(sigmoid(z.negate()), DIGITS);
    }

    /** By its series, of a small part of {@code x}, squared again. */
    private static BigDecimal exp(BigDecimal x) {
        MathContext more = new MathContext(60);
        int halvings = 0;
        for (BigDecimal part = x.abs(); part.compareTo(new BigDecimal("0.01")) > 0; halvings++) {
            part = part.multiply(HALF, more);
        }
        BigDecimal part = x.divide(TWO.pow(halvings), more);
        BigDecimal term = ONE;
        BigDecimal sum = ONE;
        for (int n = 1; n < 30; n++) {
            term = term.multiply(part, more).divide(BigDecimal.valueOf(n), more);
            sum = sum.add(term, more);
        }
        for (int i = 0; i < halvings; i++) {
            sum = sum.multiply(sum, more);
        }
        return sum;
    }

    /** As large and as small as floats are, everywhere: finite, and dy 0 is never NaN. */
    @Test
    void parametersAtTheEndsOfTheFloats() {
        double[] extremes = {-Float.MAX_VALUE, -1, -Float.MIN_VALUE, 0, Float.MIN_VALUE, 0.5, 1e19, Float.MAX_VALUE};
        float[] values = {
            -Float.MAX_VALUE, -1e19f, -760, -700, -1, -Float.MIN_VALUE, -0f, 0, 1, 700, 1e19f, Float.MAX_VALUE, 1 / 0f
        };
        double[] dx = new double[1];
        float[] floats = new float[1];
        for (ActivationKind kind : ActivationKind.values()) {
            for (double first : extremes) {
                for (double second : extremes) {
                    ActivationGradient gradient = gradient(kind, first, second);
                    if (gradient == null) {
                        continue;
                    }
                    for (float x : values) {
                        double derivative = gradient.derivative((double) x);
                        assertTrue(Double.isFinite(derivative), () -> gradient + " at " + x);
                        gradient.backward(new double[] {x}, 0, new double[] {0}, 0, dx, 0, 1);
                        gradient.backward(new float[] {x}, 0, new float[] {0}, 0, floats, 0, 1);
                        assertFalse(Double.isNaN(dx[0]) || Float.isNaN(floats[0]), () -> gradient + " at " + x);
                        gradient.backward(new double[] {x}, 0, new double[] {Double.MAX_VALUE}, 0, dx, 0, 1);
                        assertTrue(Double.isFinite(dx[0]), () -> gradient + " at " + x);
                    }
                }
            }
        }
        double atBottom = ActivationGradient.of(Activation.elu(3e38)).derivative(-760.0);
        assertEquals(3e38 * Math.exp(-380) * Math.exp(-380), atBottom, 1e-12 * atBottom);
    }

    private static ActivationGradient gradient(ActivationKind kind, double first, double second) {
        int parameters = kind == ActivationKind.CUSTOM ? 0 : kind.defaults().length;
        if (parameters == 0) {
            return null;
        }
        try {
            return ActivationGradient.of(
                    parameters == 1 ? Activation.of(kind, first) : Activation.of(kind, first, second));
        } catch (IllegalArgumentException e) {
            return null; // ends out of order, or a lambda that is negative
        }
    }
}
