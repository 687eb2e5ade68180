// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.fixtures.Grid;
import dev.octant.fixtures.Oracle;
import dev.octant.fixtures.QuantInputs;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class QuantParamsTest {
    /** A million floats of every bit pattern, half of them at ties and their neighbours, on each grid. */
    @ParameterizedTest
    @CsvSource({
        "INT8, 0x1p-7, 0",
        "INT8, 0.1, 3",
        "INT8, 0x1.8efe72p-3, -128",
        "INT8, 0x1.0p-126, 127",
        "INT8, 0x1.fffffep127, -1",
        "UINT8, 0x1p-8, 0",
        "UINT8, 0.05, 255",
        "UINT8, 0x1.010102p-6, 64",
        "UINT8, 0.7, 129",
        "INT8_NARROW, 1, 0",
        "INT8_NARROW, 0x1.83060cp-6, -127",
        "INT8_NARROW, 0.02, 127"
    })
    void quantizeIsTheOracles(QuantType type, float scale, int zeroPoint) {
        QuantParams params = QuantParams.of(type, scale, zeroPoint);
        Grid grid = Grids.of(params);
        for (float x : QuantInputs.tieRichFloats(zeroPoint, 1_000_000, scale)) {
            int expected = Oracle.quantize(x, grid);
            if (params.quantize(x) != expected) {
                assertEquals(expected, params.quantize(x), () -> params + " at " + Float.toHexString(x));
            }
        }
    }

    @Test
    void specialValuesHaveTheirCodes() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 5);
        assertEquals(5, params.quantize(Float.NaN));
        assertEquals(5, params.quantize(Float.intBitsToFloat(0xffc12345)));
        assertEquals(127, params.quantize(Float.POSITIVE_INFINITY));
        assertEquals(-128, params.quantize(Float.NEGATIVE_INFINITY));
        assertEquals(127, params.quantize(Float.MAX_VALUE));
        assertEquals(-128, params.quantize(-Float.MAX_VALUE));
        assertEquals(5, params.quantize(-0f));
        assertEquals(5, params.quantize(Float.MIN_VALUE));
    }

    @Test
    void tiesGoToEvenBeforeTheZeroPointIsAdded() {
        QuantParams odd = QuantParams.of(QuantType.INT8, 1, 1);
        assertEquals(1, odd.quantize(0.5f));
        assertEquals(3, odd.quantize(1.5f));
        assertEquals(3, odd.quantize(2.5f));
        assertEquals(1, odd.quantize(-0.5f));
        assertEquals(-1, odd.quantize(-1.5f));
        assertEquals(-1, odd.quantize(-2.5f));
    }

    @Test
    void realZeroIsExact() {
        for (QuantType type : QuantType.values()) {
            for (int zeroPoint = type.low(); zeroPoint <= type.high(); zeroPoint++) {
                QuantParams params = QuantParams.of(type, 0.1f, zeroPoint);
                assertEquals(zeroPoint, params.quantize(0));
                assertEquals(0, Float.floatToRawIntBits(params.dequantize(zeroPoint)));
            }
        }
    }

    @Test
    void rangeSpansTheCodesThatAreProduced() {
        assertEquals(
                RealRange.of(-64, 63.5), QuantParams.of(QuantType.INT8, 0.5f, 0).range());
        assertEquals(
                RealRange.of(-0.5, 127),
                QuantParams.of(QuantType.UINT8, 0.5f, 1).range());
        assertEquals(
                RealRange.of(-63.5, 63.5),
                QuantParams.of(QuantType.INT8_NARROW, 0.5f, 0).range());
        assertEquals(
                RealRange.ALL,
                QuantParams.of(QuantType.INT8, Float.MAX_VALUE, 0).range());
    }

    @Test
    void codesWithinAreNotRoundedOutwards() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 0);
        assertEquals(new CodeRange(-1, 2), params.codesWithin(RealRange.of(-0.9, 1.4)));
        assertEquals(new CodeRange(-2, 2), params.codesWithin(RealRange.of(-1, 1)));
        assertEquals(new CodeRange(-1, 1), params.codesWithin(RealRange.of(Math.nextUp(-1.0), Math.nextDown(1.0))));
        assertEquals(new CodeRange(-128, 127), params.codesWithin(RealRange.ALL));
        assertEquals(new CodeRange(0, 127), params.codesWithin(RealRange.of(0, Double.POSITIVE_INFINITY)));
    }

    @Test
    void rangesWithoutACodeAreRefused() {
        QuantParams params = QuantParams.of(QuantType.INT8, 0.5f, 0);
        String between = assertThrows(IllegalArgumentException.class, () -> params.codesWithin(RealRange.of(0.1, 0.4)))
                .getMessage();
        assertEquals(
                "range must hold the value of at least one code of int8(scale=0.5, zeroPoint=0), was [0.1, 0.4]",
                between);
        assertThrows(IllegalArgumentException.class, () -> params.codesWithin(RealRange.of(64, 100)));
        assertThrows(IllegalArgumentException.class, () -> params.codesWithin(RealRange.of(-100, -65)));
    }

    @ParameterizedTest
    @ValueSource(
            floats = {
                0f,
                -0f,
                -1f,
                Float.NaN,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Float.MIN_VALUE,
                0x0.fffffep-126f,
                -Float.MIN_NORMAL
            })
    void scalesThatAreNotPositiveAndNormalAreRefused(float scale) {
        String message = assertThrows(IllegalArgumentException.class, () -> QuantParams.of(QuantType.INT8, scale, 0))
                .getMessage();
        assertEquals(
                "scale must be a positive normal float (" + String.valueOf(Float.MIN_NORMAL) + " to "
                        + String.valueOf(Float.MAX_VALUE) + "), was " + scale,
                message);
    }

    @ParameterizedTest
    @EnumSource
    void zeroPointsOutsideTheTypeAreRefused(QuantType type) {
        for (int zeroPoint : new int[] {type.low() - 1, type.high() + 1, Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            String message = assertThrows(IllegalArgumentException.class, () -> QuantParams.of(type, 1, zeroPoint))
                    .getMessage();
            assertEquals(
                    "zero point must be within " + type.low() + ".." + type.high() + " of " + type + ", was "
                            + zeroPoint,
                    message);
        }
        assertEquals(
                type.low(), QuantParams.of(type, Float.MIN_NORMAL, type.low()).zeroPoint());
        assertEquals(
                type.high(), QuantParams.of(type, Float.MAX_VALUE, type.high()).zeroPoint());
    }

    @Test
    void typeMustBeGiven() {
        NullPointerException e = assertThrows(NullPointerException.class, () -> QuantParams.of(null, 1, 0));
        assertEquals("type must be given, was null", e.getMessage());
    }
}
