// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.functions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.QuantInputs;
import dev.octant.fixtures.ReferenceFunction;
import dev.octant.ops.Activation;
import dev.octant.ops.ActivationKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Accuracy and range of the functions, against the independent references.
 *
 * <p>The bound. Let {@code u = 2^-53}, one rounding. A computed value is {@code f(x (1 + d)) (1 + e)}: some roundings
 * act like a small change of the input, the others like a small change of the result. The worst function for {@code
 * d} is gelu_tanh: a constant, three products and a sum, and once more a constant and a product give {@code 7 u}. The
 * worst for {@code e} is gelu: Clenshaw's sum of the coefficients, each error weighted with at most its index, gives
 * {@code 6 u}; the error of its argument times the sum's slope {@code 4 u}; the coefficients {@code 2 u}; the
 * exponential and its correction {@code 4 u}; five more operations {@code 5 u}: together {@code 21 u}. The references
 * are tested to 8 ulps, at most {@code 16 u}. Hence {@code |d| <= 8 u} and {@code |e| <= 37 u}.
 *
 * <p>Below the normal doubles a rounding is absolute: half of the least double, times the at most 745 by which a gated
 * function multiplies its gate.
 */
class ActivationFunctionsTest {
    private static final double U = 0x1p-53;
    private static final double ARGUMENT = 8 * U;
    private static final double RESULT = 37 * U;
    private static final double UNDERFLOW = 8 * 745 * Double.MIN_VALUE;

    /** The ends of the floats, and where exponentials overflow or underflow as floats and as doubles. */
    private static final float[] EDGES = {
        0f,
        -0f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        -Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        88.72283f,
        88.72284f,
        -88.72283f,
        -88.72284f,
        709.7827f,
        709.78271f,
        709.783f,
        -709.7827f,
        -709.783f,
        745.13f,
        745.14f,
        -745.13f,
        -745.14f,
        103.27892f,
        103.27894f,
        -103.27892f,
        -103.27894f,
        3f,
        -3f,
        6f,
        1f,
        -1f,
        38.5f,
        -38.5f,
        -39f,
        40f,
        -40f,
        1e10f,
        -1e10f,
        1e-10f,
        -1e-10f
    };

    /** Functions with parameters of their own, beside the kinds with their defaults. */
    private static final Map<Activation, ReferenceFunction> WITH_PARAMETERS = Map.ofEntries(
            Map.entry(Activation.leakyRelu(-0.3), ReferenceFunction.leakyRelu(-0.3)),
            Map.entry(Activation.prelu(1.7), ReferenceFunction.prelu(1.7)),
            Map.entry(Activation.elu(0.4), ReferenceFunction.elu(0.4)),
            Map.entry(Activation.elu(-0.4), ReferenceFunction.elu(-0.4)),
            Map.entry(Activation.celu(2.5), ReferenceFunction.celu(2.5)),
            Map.entry(Activation.selu(0.5, 3), ReferenceFunction.selu(0.5, 3)),
            Map.entry(Activation.selu(1.5, -2), ReferenceFunction.selu(1.5, -2)),
            Map.entry(Activation.swish(1.7), ReferenceFunction.swish(1.7)),
            Map.entry(Activation.swish(-0.3), ReferenceFunction.swish(-0.3)),
            Map.entry(Activation.thresholdedRelu(2.5), ReferenceFunction.thresholdedRelu(2.5)),
            Map.entry(Activation.thresholdedRelu(-1), ReferenceFunction.thresholdedRelu(-1)),
            Map.entry(Activation.shrink(1.25, 2.5), ReferenceFunction.shrink(1.25, 2.5)),
            Map.entry(Activation.shrink(3, 1), ReferenceFunction.shrink(3, 1)),
            Map.entry(Activation.hardshrink(2.5), ReferenceFunction.shrink(0, 2.5)),
            Map.entry(Activation.softshrink(2.5), ReferenceFunction.shrink(2.5, 2.5)),
            Map.entry(Activation.clip(-2.5, 6), ReferenceFunction.clip(-2.5, 6)),
            Map.entry(Activation.hardsigmoid(0.2, 0.5), ReferenceFunction.hardsigmoid(0.2, 0.5)),
            Map.entry(Activation.hardsigmoid(0, 0.5), ReferenceFunction.hardsigmoid(0, 0.5)),
            Map.entry(Activation.hardsigmoid(-1.5, 0.25), ReferenceFunction.hardsigmoid(-1.5, 0.25)),
            Map.entry(Activation.hardtanh(-0.5, 20), ReferenceFunction.hardtanh(-0.5, 20)));

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void valuesAreFiniteAndWithinTheBound(ActivationKind kind) {
        Activation activation = Activation.of(kind);
        ReferenceFunction reference = ReferenceFunction.of(kind.label());
        checkAll(activation, reference);
    }

    @Test
    void functionsWithParametersToo() {
        WITH_PARAMETERS.forEach(ActivationFunctionsTest::checkAll);
    }

    private static void checkAll(Activation activation, ReferenceFunction reference) {
        for (float x : EDGES) {
            check(activation, reference, x);
        }
        for (float x : QuantInputs.anyFloats(activation.kind().label().length(), 20_000)) {
            check(activation, reference, x);
        }
        for (int i = -40_000; i <= 40_000; i++) {
            check(activation, reference, i * 0.00137f);
        }
        // Around the kinks, where differences cancel.
        for (float kink : new float[] {0, 1, -1, 3, -3, 6, 2.5f, -2.5f}) {
            float above = kink;
            float below = kink;
            for (int i = 0; i < 200; i++) {
                above = Math.nextUp(above);
                below = Math.nextDown(below);
                check(activation, reference, above);
                check(activation, reference, below);
            }
        }
    }

    private static void check(Activation activation, ReferenceFunction reference, float x) {
        double y = activation.value(x);
        if (Float.isNaN(x)) {
            assertTrue(Double.isNaN(y), () -> activation + " of NaN gave " + y);
            return;
        }
        if (Float.isInfinite(x)) {
            assertEquals(reference.function().applyAsDouble(x) + 0.0, y + 0.0, () -> activation + " at " + x);
            return;
        }
        double at = reference.function().applyAsDouble(x);
        double left = reference.function().applyAsDouble(x * (1 - ARGUMENT));
        double right = reference.function().applyAsDouble(x * (1 + ARGUMENT));
        double low = Math.min(at, Math.min(left, right));
        double high = Math.max(at, Math.max(left, right));
        boolean accurate = Double.isFinite(y)
                && y >= low - Math.abs(low) * RESULT - UNDERFLOW
                && y <= high + Math.abs(high) * RESULT + UNDERFLOW;
        if (!accurate) {
            assertEquals(at, y, () -> activation + " at " + x + ", allowed are " + low + ".." + high);
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void naturalRangesAreThoseOfTheReferences(ActivationKind kind) {
        ReferenceFunction reference = ReferenceFunction.of(kind.label());
        Activation activation = Activation.of(kind);
        assertEquals(reference.low(), activation.outputRange().min(), 2 * ulp(reference.low()));
        assertEquals(reference.high(), activation.outputRange().max(), 2 * ulp(reference.high()));
    }

    /** A minimum is where the function is flat, so it is known as well as the function's values are. */
    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"CUSTOM", "EXP"})
    void naturalRangesAreAttained(ActivationKind kind) {
        Activation activation = Activation.of(kind);
        double least = ReferenceFunction.minimum(activation::value, -3, 0);
        double most = least;
        for (double x : new double[] {Double.NEGATIVE_INFINITY, -3, 0, 3, 6, Double.POSITIVE_INFINITY}) {
            least = Math.min(least, activation.value(x));
            most = Math.max(most, activation.value(x));
        }
        assertEquals(activation.outputRange().min(), least, 4 * ulp(least));
        assertEquals(activation.outputRange().max(), most + 0.0);
    }

    @Test
    void theExponentialIsHeldAtTheLargestDouble() {
        assertEquals(Double.MAX_VALUE, ActivationFunctions.exp(Double.POSITIVE_INFINITY));
        assertEquals(Double.MAX_VALUE, ActivationFunctions.exp(Float.MAX_VALUE));
        assertEquals(Double.MAX_VALUE, ActivationFunctions.exp(Math.nextUp(ActivationFunctions.MAX_EXP)));
        assertEquals(0, ActivationFunctions.exp(Double.NEGATIVE_INFINITY));
        assertEquals(Double.POSITIVE_INFINITY, Activation.EXP.outputRange().max());
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "CUSTOM")
    void naturalRangesHoldAllValues(ActivationKind kind) {
        Activation activation = Activation.of(kind);
        double min = activation.outputRange().min();
        double max = activation.outputRange().max();
        double low = Double.isInfinite(min) ? min : min - Math.abs(min) * RESULT;
        double high = Double.isInfinite(max) ? max : max + Math.abs(max) * RESULT;
        for (float x : QuantInputs.anyFloats(3, 100_000)) {
            double y = activation.value(x);
            assertTrue(Float.isNaN(x) || (y >= low && y <= high), () -> activation + " at " + x + " gave " + y);
        }
        for (int i = -100_000; i <= 100_000; i++) {
            double y = activation.value(i * 1e-4f);
            assertTrue(y >= low && y <= high, () -> activation + " gave " + y);
        }
    }

    /** Every slope has a limit at both infinities; that of the slope 0 is 0. */
    @Test
    void rectifiersHaveTheirLimits() {
        for (double slope : List.of(-2.0, -0.0, 0.0, 0.25)) {
            for (Activation activation : List.of(Activation.leakyRelu(slope), Activation.prelu(slope))) {
                double expected = slope == 0 ? 0 : slope * Double.NEGATIVE_INFINITY;
                assertEquals(expected, activation.value(Double.NEGATIVE_INFINITY) + 0.0, activation.toString());
                assertEquals(Double.POSITIVE_INFINITY, activation.value(Double.POSITIVE_INFINITY));
                assertTrue(Double.isNaN(activation.value(Double.NaN)));
            }
        }
    }

    /** Values to 17 digits from a computation with 60, also where the square of the argument is no double. */
    @ParameterizedTest
    @CsvSource({
        "0.25, 0.72367360983176307",
        "0.5, 0.47950012218695346",
        "1, 0.15729920705028513",
        "2, 0.0046777349810472658",
        "5, 1.5374597944280349e-12",
        "10, 2.0884875837625448e-45",
        "20, 5.3958656116079009e-176",
        "26, 5.6631924088561428e-296",
        "3.3, 3.0577097964381652e-6",
        "7.7, 1.2942740067717136e-27",
        "15.1, 3.5319626685634901e-101",
        "19.9, 2.9313494281519416e-174",
        "26.3, 8.5902490587940492e-303"
    })
    void erfcIsAccurateInItsTail(double x, double expected) {
        assertEquals(expected, ActivationFunctions.erfc(x), 21 * U * expected);
        assertEquals(2 - expected, ActivationFunctions.erfc(-x), 2 * Math.ulp(2.0));
    }

    @Test
    void erfcHasItsLimits() {
        assertEquals(1, ActivationFunctions.erfc(0), 21 * U);
        assertEquals(0, ActivationFunctions.erfc(Double.POSITIVE_INFINITY));
        assertEquals(2, ActivationFunctions.erfc(Double.NEGATIVE_INFINITY));
        assertEquals(0, ActivationFunctions.erfc(1e300));
        assertTrue(Double.isNaN(ActivationFunctions.erfc(Double.NaN)));
    }

    private static double ulp(double x) {
        return Double.isInfinite(x) ? 0 : Math.ulp(x);
    }
}
