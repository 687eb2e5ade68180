// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.RealRange;
import dev.octant.layers.GoldenTable;
import dev.octant.layers.GoldenTable.Row;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Derivatives beside PyTorch's in double, beside formulas of another spelling, and over all floats. */
class ActivationGradientTest {
    static List<Row> rows() {
        return GoldenTable.rows("backward.csv.gz").stream()
                .filter(row -> !row.text("op").startsWith("naive_"))
                .toList();
    }

    /** By their difference, since the engine's formulas cancel in double as well, only later than in float. */
    @ParameterizedTest
    @MethodSource("rows")
    void asPytorchInDouble(Row row) {
        ActivationGradient gradient = ActivationGradient.of(Activation.parse(row.text("op")));
        float[] x = row.floats("x_bits");
        double[] expected = row.doubles("dx_double_bits64");
        int compared = 0;
        for (int i = 0; i < x.length; i++) {
            String where = row.text("op") + " at " + x[i];
            double actual = gradient.derivative((double) x[i]);
            if (Float.isNaN(x[i])) {
                assertTrue(Double.isNaN(actual), where);
            } else if (Double.isFinite(expected[i]) && defined(row.text("op"), x[i])) {
                compared++;
                assertEquals(
                        expected[i], actual, tolerance(row.text("op")) * Math.max(1, Math.abs(expected[i])), where);
            }
        }
        assertTrue(compared > 300, "compared " + compared);
    }

    /** PyTorch's softplus is the identity from 20 on, its hardsigmoid multiplies by the float nearest to 1/6. */
    private static double tolerance(String op) {
        return op.equals("softplus") || op.equals("hardsigmoid") ? 1e-8 : 1e-12;
    }

    /** Where the functions themselves are defined otherwise than PyTorch's, which has NaN or infinities. */
    private static boolean defined(String op, float x) {
        return switch (op) {
            case "log", "rsqrt" -> x > 0;
            default -> true;
        };
    }

    static List<ActivationKind> kinds() {
        return Arrays.stream(ActivationKind.values())
                .filter(kind -> kind != ActivationKind.CUSTOM)
                .toList();
    }

    /** The same derivative, spelled otherwise; in double, for every float that is not an infinity. */
    private static DoubleUnaryOperator spelledOtherwise(ActivationKind kind) {
        return switch (kind) {
            case SIGMOID -> ActivationGradientTest::slopeOfSigmoid;
            case SILU -> x -> gate(x, x, 1);
            case SWISH -> x -> gate(x, x, 1);
            case TANH -> x -> Math.abs(x) > 360 ? 0 : 1 / (Math.cosh(x) * Math.cosh(x));
            case GELU -> x -> Math.abs(x) > 39 ? (x > 0 ? 1 : 0) : normal(x) + x * bell(x);
            case GELU_TANH ->
                x -> {
                    double u = Math.sqrt(2 / Math.PI) * (x + 0.044715 * Math.pow(x, 3));
                    return Math.abs(x) > 50
                            ? (x > 0 ? 1 : 0)
                            : gate(x, 2 * u, 2 * Math.sqrt(2 / Math.PI) * (1 + 0.134145 * x * x));
                };
            case QUICK_GELU -> x -> gate(x, 1.702 * x, 1.702);
            case HARDSWISH -> x -> x <= -3 ? 0 : x < 3 ? (2 * x + 3) / 6 : 1;
            case HARDSIGMOID -> x -> Math.abs(x / 6) < 0.5 ? 1 / 6.0 : 0;
            case HARDTANH -> x -> Math.abs(x) < 1 ? 1 : 0;
            case CLIP -> x -> Math.abs(x) < Float.MAX_VALUE ? 1 : 0;
            case THRESHOLDED_RELU -> x -> Math.max(0, Math.signum(x - 1));
            case SHRINK, HARDSHRINK, SOFTSHRINK -> x -> Math.abs(x) > 0.5 ? 1 : 0;
            case RELU -> x -> Math.max(0, Math.signum(x));
            case RELU6 -> x -> x > 0 && 6 - x > 0 ? 1 : 0;
            case LEAKY_RELU -> x -> x > 0 ? 1 : 0.01;
            case PRELU -> x -> x > 0 ? 1 : 0.25;
            case ELU, CELU -> x -> Math.exp(Math.min(x, 0));
            case SELU -> x -> 1.0507009873554805 * (x > 0 ? 1 : 1.6732632423543772 * Math.exp(x));
            case SOFTPLUS -> x -> logistic(x);
            case MISH ->
                x -> {
                    if (Math.abs(x) > 300) {
                        return x > 0 ? 1 : 0;
                    }
                    double softplus = Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
                    return Math.tanh(softplus) + x * logistic(x) / Math.pow(Math.cosh(softplus), 2);
                };
            case SOFTSIGN -> x -> Math.pow(1 + Math.abs(x), -2);
            case EXP -> x -> Math.exp(Math.min(x, 709));
            case LOG -> x -> x > 0 ? Math.exp(-Math.log(x)) : 0;
            case RSQRT -> x -> x > 0 ? -Math.pow(x, -1.5) / 2 : 0;
            case LOG_SIGMOID -> x -> logistic(-x);
            case TANHSHRINK ->
                x -> Math.pow(
                        Math.expm1(2 * Math.min(Math.abs(x), 300)) / (Math.expm1(2 * Math.min(Math.abs(x), 300)) + 2),
                        2);
            case IDENTITY -> x -> 1;
            default -> null;
        };
    }

    private static double logistic(double x) {
        return x < -700 ? Math.exp(x) : 1 / (1 + Math.exp(-x));
    }

    private static double slopeOfSigmoid(double x) {
        return Math.abs(x) > 700 ? 0 : 1 / (2 + 2 * Math.cosh(x));
    }

    private static double gate(double x, double z, double slope) {
        return Math.abs(z) > 700 ? (z > 0 ? 1 : 0) : logistic(z) + slope * x * slopeOfSigmoid(z);
    }

    private static double bell(double x) {
        return Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
    }

    /** The normal distribution by the continued fraction of its tail, and by its series near 0. */
    private static double normal(double x) {
        double z = Math.abs(x);
        if (z < 3) {
            double term = x;
            double sum = x;
            for (int n = 1; n < 80; n++) {
                term *= -x * x / (2 * n);
                sum += term / (2 * n + 1);
            }
            return 0.5 + sum / Math.sqrt(2 * Math.PI);
        }
        double fraction = z;
        for (int n = 120; n > 0; n--) {
            fraction = z + n / fraction;
        }
        double tail = bell(z) / fraction;
        return x < 0 ? tail : 1 - tail;
    }

    @Test
    void everyKindHasADerivativeAndAnotherSpelling() {
        for (ActivationKind kind : kinds()) {
            ActivationGradient.of(Activation.of(kind));
            assertTrue(spelledOtherwise(kind) != null, kind + " has no other spelling");
        }
    }

    private static void check(ActivationGradient gradient, DoubleUnaryOperator reference, float x) {
        float actual = gradient.derivative(x);
        if (Float.isNaN(x)) {
            assertTrue(Float.isNaN(actual));
            return;
        }
        if (!Float.isFinite(actual)) {
            throw new AssertionError(gradient + " must be finite, was " + actual + " at " + x);
        }
        if (Float.isInfinite(x)) {
            return;
        }
        double expected = reference.applyAsDouble(x);
        double held = Math.min(Math.max(expected, -Float.MAX_VALUE), Float.MAX_VALUE);
        if (actual == 0 && Math.abs(held) >= Float.MIN_NORMAL) {
            throw new AssertionError(gradient + " must not be 0, was at " + x + ", where it is " + held);
        }
        // Near a root of the derivative the terms of either spelling cancel: 1e-9 of their size.
        double bound = Math.max(1e-7 * Math.abs(held), Math.min(1e-9, Math.abs(held)));
        if (Math.abs(actual - held) > Math.max(bound, Float.MIN_NORMAL)) {
            throw new AssertionError(gradient + " must be " + held + ", was " + actual + " at " + x);
        }
    }

    @ParameterizedTest
    @MethodSource("kinds")
    void someFloats(ActivationKind kind) {
        ActivationGradient gradient = ActivationGradient.of(Activation.of(kind));
        DoubleUnaryOperator reference = spelledOtherwise(kind);
        for (long bits = 0; bits < 1L << 32; bits += 65_521) {
            check(gradient, reference, Float.intBitsToFloat((int) bits));
        }
        for (float x : new float[] {0, -0f, Float.MAX_VALUE, -Float.MAX_VALUE, 1 / 0f, -1 / 0f, 1.8455e19f, 3, -3, 6}) {
            check(gradient, reference, x);
        }
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("kinds")
    void everyFloat(ActivationKind kind) {
        ActivationGradient gradient = ActivationGradient.of(Activation.of(kind));
        DoubleUnaryOperator reference = spelledOtherwise(kind);
        boolean isFlatAtZero = isFlatAtZero(kind);
        double atZero = reference.applyAsDouble(0);
        DoubleUnaryOperator shortened = x -> isFlatAtZero && Math.abs(x) < 1e-9 ? atZero : reference.applyAsDouble(x);
        for (long bits = 0; bits < 1L << 32; bits++) {
            check(gradient, shortened, Float.intBitsToFloat((int) bits));
        }
    }

    /**
     * Whether the derivative of the derivative is at most 2 around 0 and the derivative there is not 0: then the values
     * below 1e-9, which are four of ten floats, have the derivative of 0 within 2e-9, a small part of the bound.
     */
    private static boolean isFlatAtZero(ActivationKind kind) {
        return switch (kind) {
            case SIGMOID, SILU, SWISH, TANH, GELU, GELU_TANH, QUICK_GELU, HARDSWISH, HARDSIGMOID, SOFTPLUS, MISH ->
                true;
            case SOFTSIGN, EXP, LOG_SIGMOID -> true;
            default -> false;
        };
    }

    @Test
    void limitsAtInfinities() {
        assertLimits(Activation.SIGMOID, 0, 0);
        assertLimits(Activation.TANH, 0, 0);
        for (Activation gate : List.of(Activation.SILU, Activation.GELU, Activation.GELU_TANH, Activation.MISH)) {
            assertLimits(gate, 0, 1);
        }
        assertLimits(Activation.SOFTPLUS, 0, 1);
        assertLimits(Activation.LOG_SIGMOID, 1, 0);
        assertLimits(Activation.SOFTSIGN, 0, 0);
        assertLimits(Activation.HARDSWISH, 0, 1);
        assertLimits(Activation.EXP, 0, Float.MAX_VALUE);
        assertLimits(Activation.LOG, 0, 0);
        assertLimits(Activation.TANHSHRINK, 1, 1);
    }

    private static void assertLimits(Activation activation, float atMinus, float atPlus) {
        ActivationGradient gradient = ActivationGradient.of(activation);
        assertEquals(atMinus, gradient.derivative(Float.NEGATIVE_INFINITY), activation.toString());
        assertEquals(atPlus, gradient.derivative(Float.POSITIVE_INFINITY), activation.toString());
    }

    @Test
    void blocksOfFloatsAndDoubles() {
        ActivationGradient gradient = ActivationGradient.of(Activation.SILU);
        float[] x = {9, -2, 0, 30};
        float[] dy = {9, 3, 4, Float.MAX_VALUE};
        gradient.backward(x, 1, dy, 1, dy, 1, 3);
        assertEquals((float) (3 * gradient.derivative(-2.0)), dy[1]);
        assertEquals(2, dy[2]);
        assertEquals(Float.MAX_VALUE, dy[3]);
        assertEquals(9, dy[0]);
        double[] d = {3, 4};
        gradient.backward(new double[] {-2, 0}, 0, d, 0, d, 0, 2);
        assertEquals(3 * gradient.derivative(-2.0), d[0]);
        assertEquals(2, d[1]);
        assertThrows(IndexOutOfBoundsException.class, () -> gradient.backward(x, 2, dy, 0, dy, 0, 3));
    }

    @Test
    void functionsOfOnesOwn() {
        Activation square = Activation.of("square", x -> x * x, RealRange.ALL);
        assertEquals(
                "derivative of square must be given: it is not one of those known",
                assertThrows(IllegalArgumentException.class, () -> ActivationGradient.of(square))
                        .getMessage());
        assertEquals(6, ActivationGradient.of(square, x -> 2 * x).derivative(3f));
    }
}
