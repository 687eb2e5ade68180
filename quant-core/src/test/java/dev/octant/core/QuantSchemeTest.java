// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static dev.octant.core.QuantScheme.ASYMMETRIC;
import static dev.octant.core.QuantScheme.FIXED;
import static dev.octant.core.QuantScheme.SYMMETRIC;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantSchemeTest {
    @Test
    void wordsOfData() {
        assertEquals(ASYMMETRIC, QuantScheme.parseOfData(" Asymmetric "));
        assertEquals(SYMMETRIC, QuantScheme.parseOfData("symmetric"));
        for (String other : new String[] {"fixed", "odd", ""}) {
            assertEquals(
                    "scheme must be asymmetric or symmetric, was '" + other + "'",
                    assertThrows(IllegalArgumentException.class, () -> QuantScheme.parseOfData(other))
                            .getMessage());
        }
    }

    /** Scales and zero points that ONNX Runtime 1.30 computed for these ranges. */
    @ParameterizedTest
    @CsvSource({
        "ASYMMETRIC, UINT8, -1, 3, 0x1.010102p-6, 64",
        "ASYMMETRIC, INT8, -1, 3, 0x1.010102p-6, -64",
        "ASYMMETRIC, INT8, 0, 1, 0x1.010102p-8, -128",
        "ASYMMETRIC, UINT8, 2, 3, 0x1.818182p-7, 0",
        "ASYMMETRIC, INT8, -3, -2, 0x1.818182p-7, 127",
        "ASYMMETRIC, UINT8, 0, 0, 1, 0",
        "SYMMETRIC, INT8, -1, 3, 0x1.83060cp-6, 0",
        "ASYMMETRIC, UINT8, -0x1.916af6p4, 0x1.8973f4p4, 0x1.8efe72p-3, 129",
        "ASYMMETRIC, INT8, -0x1.916af6p4, 0x1.8973f4p4, 0x1.8efe72p-3, 1",
        "SYMMETRIC, INT8, -0x1.916af6p4, 0x1.8973f4p4, 0x1.94941ep-3, 0"
    })
    void parametersAreOnnxRuntimes(
            QuantScheme scheme, QuantType type, double min, double max, float scale, int zeroPoint) {
        assertEquals(QuantParams.of(type, scale, zeroPoint), scheme.choose(RealRange.of(min, max), type));
    }

    /** The range is divided by 127 for every type, so that both ends are codes and mirror at the zero point. */
    @ParameterizedTest
    @CsvSource({"INT8, 0, -127, 127", "UINT8, 128, 1, 255", "INT8_NARROW, 0, -127, 127"})
    void symmetricDividesBy127(QuantType type, int zeroPoint, int low, int high) {
        for (RealRange range : new RealRange[] {RealRange.of(-127, 127), RealRange.of(-127, 3), RealRange.of(5, 127)}) {
            QuantParams params = SYMMETRIC.choose(range, type);
            assertEquals(QuantParams.of(type, 1, zeroPoint), params);
            assertEquals(low, params.quantize(-127));
            assertEquals(high, params.quantize(127));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "INT8, 0, 1, 0x1p-8, -128",
        "UINT8, 0, 1, 0x1p-8, 0",
        "INT8, -1, 1, 0x1p-7, 0",
        "UINT8, -1, 1, 0x1p-7, 128",
        "INT8_NARROW, 0, 255, 1, -127",
        "INT8, -256, 0, 1, 127"
    })
    void fixedCutsTheRangeIntoAsManyStepsAsCodes(QuantType type, double min, double max, float scale, int zeroPoint) {
        assertEquals(QuantParams.of(type, scale, zeroPoint), FIXED.choose(RealRange.of(min, max), type));
    }

    /** ONNX Runtime: a scale below the normal floats becomes 1, the zero point 0, also for signed codes. */
    @ParameterizedTest
    @EnumSource
    void rangesTooNarrowForAScaleHaveTheScaleOne(QuantType type) {
        for (RealRange range : new RealRange[] {
            RealRange.of(0, 0),
            RealRange.of(0, Float.MIN_VALUE),
            RealRange.of(-1e-42, 1e-42),
            RealRange.of(0, Float.MIN_NORMAL),
            RealRange.of(-1e-300, 1e-300)
        }) {
            assertEquals(QuantParams.of(type, 1, 0), ASYMMETRIC.choose(range, type));
            assertEquals(QuantParams.of(type, 1, 0), FIXED.choose(range, type));
            assertEquals(QuantParams.of(type, 1, type == QuantType.UINT8 ? 128 : 0), SYMMETRIC.choose(range, type));
        }
    }

    @Test
    void theNarrowestNormalScaleIsKept() {
        assertEquals(
                QuantParams.of(QuantType.UINT8, Float.MIN_NORMAL, 0),
                ASYMMETRIC.choose(RealRange.of(0, 255.0 * Float.MIN_NORMAL), QuantType.UINT8));
        assertEquals(
                QuantParams.of(QuantType.INT8, Float.MIN_NORMAL, 0),
                SYMMETRIC.choose(RealRange.of(0, 127.0 * Float.MIN_NORMAL), QuantType.INT8));
    }

    @Test
    void theWidestRangesDoNotOverflow() {
        RealRange widest = RealRange.of(-Float.MAX_VALUE, Float.MAX_VALUE);
        // 255 steps would take the code of the lower end, 128 steps from 0, beyond the floats.
        float step = Float.MAX_VALUE / 128;
        assertEquals(QuantParams.of(QuantType.INT8, step, 0), ASYMMETRIC.choose(widest, QuantType.INT8));
        assertEquals(QuantParams.of(QuantType.UINT8, step, 128), ASYMMETRIC.choose(widest, QuantType.UINT8));
        // The nearest float to a 127th of the largest is above it, and 127 times as much is infinite.
        float share = (float) (Float.MAX_VALUE / 127.0);
        assertEquals(Float.POSITIVE_INFINITY, 127 * share);
        assertEquals(QuantParams.of(QuantType.INT8, Math.nextDown(share), 0), SYMMETRIC.choose(widest, QuantType.INT8));
        QuantParams params = ASYMMETRIC.choose(RealRange.of(-3.4e38, 3.4e38), QuantType.INT8);
        assertEquals(step, params.scale());
        assertEquals(127, params.quantize(3.4e38f));
        assertEquals(-128, params.quantize(-3.4e38f));
    }

    @ParameterizedTest
    @EnumSource
    void rangesWithoutZeroAreWidenedToHoldIt(QuantType type) {
        for (QuantScheme scheme : QuantScheme.values()) {
            assertEquals(scheme.choose(RealRange.of(0, 6), type), scheme.choose(RealRange.of(2, 6), type));
            assertEquals(scheme.choose(RealRange.of(-6, 0), type), scheme.choose(RealRange.of(-6, -2), type));
        }
        assertEquals(type.low(), ASYMMETRIC.choose(RealRange.of(2, 6), type).zeroPoint());
        assertEquals(type.high(), ASYMMETRIC.choose(RealRange.of(-6, -2), type).zeroPoint());
    }

    @ParameterizedTest
    @EnumSource
    void rangesWithoutAFloatEndAreRefused(QuantScheme scheme) {
        for (RealRange range : new RealRange[] {
            RealRange.ALL, RealRange.of(0, Double.POSITIVE_INFINITY), RealRange.of(-1e39, 0), RealRange.of(1, 1e39)
        }) {
            String message = assertThrows(IllegalArgumentException.class, () -> scheme.choose(range, QuantType.INT8))
                    .getMessage();
            assertEquals("range must have ends finite as floats, was " + range, message);
        }
    }
}
