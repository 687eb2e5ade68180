// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.ReferenceFunction;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ActivationTest {
    private static final double[] EXTREMES = {
        -Float.MAX_VALUE, -1e19, -745, -1, -Float.MIN_VALUE, 0, Float.MIN_VALUE, 0.5, 1, 745, 1e19, Float.MAX_VALUE
    };

    @Test
    void everyKindHasAReferenceFunctionOfItsName() {
        Set<String> references = new TreeSet<>();
        ReferenceFunction.all().forEach(f -> references.add(f.name()));
        Set<String> kinds = new TreeSet<>();
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind != ActivationKind.CUSTOM) {
                kinds.add(kind.label());
            }
        }
        assertEquals(references, kinds);
    }

    @ParameterizedTest
    @CsvSource({
        "SIGMOID, INT8, 0x1p-8, -128",
        "SIGMOID, UINT8, 0x1p-8, 0",
        "HARDSIGMOID, INT8, 0x1p-8, -128",
        "HARDSIGMOID, UINT8, 0x1p-8, 0",
        "TANH, INT8, 0x1p-7, 0",
        "TANH, UINT8, 0x1p-7, 128"
    })
    void fixedOutputsAreTheFields(ActivationKind kind, QuantType type, float scale, int zeroPoint) {
        assertEquals(
                Optional.of(QuantParams.of(type, scale, zeroPoint)),
                Activation.of(kind).fixedOutput(type));
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"SIGMOID", "HARDSIGMOID", "TANH", "CUSTOM"})
    void otherOutputsAreCalibrated(ActivationKind kind) {
        assertEquals(Optional.empty(), Activation.of(kind).fixedOutput(QuantType.INT8));
    }

    @Test
    void constantsAreTheirKinds() throws IllegalAccessException {
        Set<ActivationKind> seen = new HashSet<>();
        for (var field : Activation.class.getFields()) {
            Activation activation = (Activation) field.get(null);
            assertEquals(field.getName(), activation.kind().name());
            assertEquals(Activation.of(activation.kind()), activation);
            seen.add(activation.kind());
        }
        seen.addAll(List.of(
                Activation.leakyRelu(0.1).kind(),
                Activation.prelu(0.1).kind(),
                Activation.elu(1).kind(),
                Activation.celu(1).kind(),
                ActivationKind.CUSTOM));
        assertEquals(new HashSet<>(Arrays.asList(ActivationKind.values())), seen);
    }

    @Test
    void parametersAreKeptAndPrinted() {
        assertEquals("silu", Activation.SILU.toString());
        assertEquals("leaky_relu(0.1)", Activation.leakyRelu(0.1).toString());
        assertEquals("leaky_relu", Activation.leakyRelu(0.1).name());
        assertEquals("hardtanh(-2.0,3.0)", Activation.hardtanh(-2, 3).toString());
        assertEquals(List.of(0.2, 0.5), Activation.hardsigmoid(0.2, 0.5).parameters());
        assertEquals(Activation.leakyRelu(0.01), Activation.of(ActivationKind.LEAKY_RELU));
        assertEquals(
                Activation.leakyRelu(0.01).hashCode(),
                Activation.of(ActivationKind.LEAKY_RELU).hashCode());
        assertNotEquals(Activation.leakyRelu(0.1), Activation.leakyRelu(0.2));
        assertNotEquals(
                Activation.leakyRelu(0.1).hashCode(), Activation.leakyRelu(0.2).hashCode());
        assertNotEquals(Activation.GELU.hashCode(), Activation.SILU.hashCode());
        assertNotEquals(Activation.leakyRelu(0.1), Activation.prelu(0.1));
    }

    @Test
    void functionsOfTheCallersOwnAreEqualByTheFunction() {
        DoubleUnaryOperator f = x -> x / 2;
        DoubleUnaryOperator g = x -> x / 2;
        Activation half = Activation.of("half", f, RealRange.ALL);
        assertEquals(half, Activation.of("half", f, RealRange.ALL));
        assertNotEquals(half, Activation.of("half", g, RealRange.ALL));
        assertNotEquals(half, Activation.of("other", f, RealRange.ALL));
        assertEquals(ActivationKind.CUSTOM, half.kind());
        assertEquals(1.5, half.value(3));
        assertEquals(Optional.empty(), half.fixedOutput(QuantType.INT8));
    }

    @Test
    void rangesFollowTheParameters() {
        double infinity = Double.POSITIVE_INFINITY;
        assertEquals(RealRange.ALL, Activation.leakyRelu(0.1).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.leakyRelu(0).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.prelu(-0.1).outputRange());
        assertEquals(RealRange.of(-2, infinity), Activation.elu(2).outputRange());
        assertEquals(RealRange.of(-3, infinity), Activation.celu(3).outputRange());
        assertEquals(RealRange.of(-2, 5), Activation.hardtanh(-2, 5).outputRange());
        assertEquals(RealRange.UNIT, Activation.hardsigmoid(0.2, 0.5).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.elu(-2).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.elu(0).outputRange());
        assertEquals(RealRange.of(-1, 2), Activation.clip(-1, 2).outputRange());
        assertEquals(RealRange.of(1, 1), Activation.clip(3, 1).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.thresholdedRelu(2).outputRange());
        assertEquals(RealRange.of(-2, infinity), Activation.thresholdedRelu(-2).outputRange());
        assertEquals(RealRange.ALL, Activation.shrink(1.5, 1).outputRange());
        assertEquals(RealRange.of(-6, infinity), Activation.selu(2, 3).outputRange());
        assertEquals(RealRange.of(0, infinity), Activation.selu(-2, 3).outputRange());
        assertEquals(RealRange.of(-infinity, 6), Activation.selu(2, -3).outputRange());
        assertEquals(RealRange.of(0, 0), Activation.selu(2, 0).outputRange());
        double dip = Activation.SILU.outputRange().min();
        assertEquals(RealRange.of(dip / 2, infinity), Activation.swish(2).outputRange());
        assertEquals(RealRange.of(-infinity, dip / -2), Activation.swish(-2).outputRange());
        assertEquals(RealRange.ALL, Activation.swish(0).outputRange());
    }

    /** Each value by hand from the text of the standard. */
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "thresholded_relu(2); 2; 0",
                "thresholded_relu(2); 2.5; 2.5",
                "thresholded_relu(-1); -0.5; -0.5",
                "thresholded_relu(-1); -1; 0",
                "shrink(1,1.5); -2; -1",
                "shrink(1,1.5); -1.5; 0",
                "shrink(1,1.5); 1.5; 0",
                "shrink(1,1.5); 2; 1",
                "shrink(0.5,-1); 0.25; 0.75",
                "shrink(0.5,-1); 1; 0.5",
                "hardshrink(1); -1; 0",
                "hardshrink(1); 1.25; 1.25",
                "softshrink(1); -1.25; -0.25",
                "softshrink(1); 0.75; 0",
                "selu(2,3); 2; 6",
                "selu(2,3); -Infinity; -6",
                "selu(2,0); Infinity; 0",
                "swish(0); 3; 1.5",
                "swish(-1); Infinity; 0",
                "swish(-1); -Infinity; -Infinity",
                "clip(3,1); -7; 1",
                "clip(3,1); 7; 1",
                "clip(-1,2); 7; 2",
                "clip; 3e38; 3e38",
                "hardsigmoid(0,0.25); Infinity; 0.25",
                "hardsigmoid(-1,0.25); -0.5; 0.75",
                "elu(-2); -Infinity; 2",
                "elu(-2); 3; 3"
            })
    void functionsOfOnnxWithAttributes(String op, double x, double expected) {
        Activation activation = Activation.parse(op);
        assertEquals(expected, activation.value(x) + 0.0);
        assertTrue(activation.outputRange().contains(expected), activation + " within " + activation.outputRange());
        assertTrue(Double.isNaN(activation.value(Double.NaN)));
    }

    /** What the class promises, for the largest and the smallest parameters there are. */
    @Test
    void valuesAreFiniteWhateverTheParameters() {
        for (ActivationKind kind : ActivationKind.values()) {
            int parameters = kind == ActivationKind.CUSTOM ? 0 : kind.defaults().length;
            for (double first : EXTREMES) {
                for (double second : EXTREMES) {
                    double[] p = parameters == 1 ? new double[] {first} : new double[] {first, second};
                    if (parameters == 0 || isRefused(kind, p)) {
                        continue;
                    }
                    Activation activation = Activation.of(kind, p);
                    for (double x : EXTREMES) {
                        assertTrue(Double.isFinite(activation.value(x)), activation + " at " + x);
                    }
                }
            }
        }
    }

    private static boolean isRefused(ActivationKind kind, double[] parameters) {
        try {
            Activation.of(kind, parameters);
            return false;
        } catch (IllegalArgumentException e) {
            return true;
        }
    }

    @Test
    void badPartsAreRefused() {
        assertRefused(
                "kind must be one of the field's functions, was CUSTOM", () -> Activation.of(ActivationKind.CUSTOM));
        assertRefused("sigmoid must have 0 parameters, had 1", () -> Activation.of(ActivationKind.SIGMOID, 1));
        assertRefused("hardtanh must have 2 parameters, had 1", () -> Activation.of(ActivationKind.HARDTANH, 1));
        assertRefused("parameter of leaky_relu must be finite, was NaN", () -> Activation.leakyRelu(Double.NaN));
        assertRefused(
                "parameter of prelu must be finite, was Infinity", () -> Activation.prelu(Double.POSITIVE_INFINITY));
        assertRefused("alpha of celu must be positive, was -1.0", () -> Activation.celu(-1));
        assertRefused("lambda of softshrink must not be negative, was -0.5", () -> Activation.softshrink(-0.5));
        assertRefused("selu must have 2 parameters, had 1", () -> Activation.of(ActivationKind.SELU, 1));
        assertRefused("parameter of swish must be finite, was NaN", () -> Activation.swish(Double.NaN));
        for (double beyond : new double[] {1e39, -1e300, 4e-46, -1e-300}) {
            String sentence = " must be 0 or within the magnitudes of floats, 1.4E-45 to 3.4028235E38, was " + beyond;
            assertRefused("parameter of elu" + sentence, () -> Activation.elu(beyond));
            assertRefused("parameter of selu" + sentence, () -> Activation.selu(1, beyond));
            assertRefused("parameter of celu" + sentence, () -> Activation.parse("celu(" + beyond + ")"));
        }
        assertRefused("ends of hardtanh must be ordered, were 1.0, -1.0", () -> Activation.hardtanh(1, -1));
        assertRefused("name must not be blank", () -> Activation.of(" ", x -> x, RealRange.ALL));
        assertEquals(
                "function of f must be given, was null",
                assertThrows(NullPointerException.class, () -> Activation.of("f", null, RealRange.ALL))
                        .getMessage());
        assertEquals(
                "codomain of f must be given, was null",
                assertThrows(NullPointerException.class, () -> Activation.of("f", x -> x, null))
                        .getMessage());
        assertTrue(Activation.hardtanh(2, 2).outputRange().contains(2));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
