// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.MiniFloatOracle;
import dev.octant.fixtures.MiniFloatOracle.Beyond;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Every code, and every place where a conversion changes its mind, against the definition. */
class ConversionTest {
    @ParameterizedTest
    @EnumSource
    void everyCodeWidensExactlyAndComesBack(NarrowType type) {
        for (int code = 0; code < type.oracle().codes(); code++) {
            float value = type.decode(code);
            assertEquals(type.oracle().value(code), value, "code " + code);
            int back = type.encode(value);
            assertTrue(
                    Float.isNaN(value) ? type.agrees(back, code) : back == code, "code " + code + " came as " + back);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aroundEveryValueAndEveryMidpointTheNearestWins(NarrowType type) {
        MiniFloatOracle oracle = type.oracle();
        for (int edge : oracle.firstBits()) {
            assertNearest(type, edge);
        }
        for (int code = 0; code < oracle.finiteCodes(); code++) {
            assertNearest(type, Float.floatToRawIntBits((float) oracle.value(code)));
        }
        for (float special : new float[] {
            0, Float.MIN_VALUE, Float.MIN_NORMAL, 1, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN
        }) {
            assertNearest(type, Float.floatToRawIntBits(special));
        }
    }

    /** Also the three neighbours below and above, and all of them negative. */
    private static void assertNearest(NarrowType type, int bits) {
        for (int near = Math.max(bits - 3, 0); near <= bits + 3; near++) {
            for (int sign : new int[] {0, Integer.MIN_VALUE}) {
                float x = Float.intBitsToFloat(near | sign);
                int expected = type.oracle().code(x);
                int code = type.encode(x);
                assertTrue(
                        type.agrees(code, expected),
                        () -> x + " (" + Float.toHexString(x) + ") must give code " + expected + " of " + type
                                + ", gave " + code);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "E8M0FNU")
    void bothOverflowRulesFollowTheTableOfOnnx(Float8Type type) {
        MiniFloatOracle oracle = NarrowType.valueOf(type.name()).oracle();
        MiniFloatOracle saturating = oracle.beyond(Beyond.LARGEST);
        MiniFloatOracle other = oracle.beyond(type == Float8Type.E5M2 ? Beyond.INFINITY : Beyond.NAN);
        int[] edges = oracle.firstBits();
        for (int bits = edges[edges.length - 1] - 5; bits < edges[edges.length - 1] + 5; bits++) {
            for (float x : new float[] {Float.intBitsToFloat(bits), -Float.intBitsToFloat(bits)}) {
                assertEquals(saturating.code(x), type.fromFloat(x, Overflow.SATURATE) & 0xFF, () -> "at " + x);
                assertEquals(other.value(other.code(x)), type.toFloat(type.fromFloat(x, Overflow.NON_SATURATE)));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "E4M3FN, 448, NaN",
        "E4M3FNUZ, NaN, NaN",
        "E5M2, 57344, Infinity",
        "E5M2FNUZ, NaN, NaN",
        "E8M0FNU, NaN, NaN"
    })
    void infinityFollowsTheTableOfOnnx(Float8Type type, float saturate, float nonSaturate) {
        float sign = type == Float8Type.E8M0FNU ? 1 : -1;
        float infinity = Float.POSITIVE_INFINITY;
        assertEquals(saturate, type.toFloat(type.fromFloat(infinity, Overflow.SATURATE)));
        assertEquals(nonSaturate, type.toFloat(type.fromFloat(infinity, Overflow.NON_SATURATE)));
        assertEquals(sign * saturate, type.toFloat(type.fromFloat(-infinity, Overflow.SATURATE)));
        assertEquals(sign * nonSaturate, type.toFloat(type.fromFloat(-infinity, Overflow.NON_SATURATE)));
    }

    @ParameterizedTest
    @CsvSource({
        "E4M3FN, 448, -9, 448, 448",
        "E4M3FNUZ, 240, -10, NaN, NaN",
        "E5M2, 57344, -16, Infinity, Infinity",
        "E5M2FNUZ, 57344, -17, NaN, NaN",
        "E8M0FNU, 0x1p127, -127, NaN, NaN"
    })
    void pyTorchCastsOnCpu(Float8Type type, float max, int leastExponent, float ofInfinity, float ofHuge) {
        assertEquals(max, type.max());
        assertEquals(Math.scalb(1f, leastExponent), type.minPositive());
        assertEquals(ofInfinity, type.toFloat(type.fromFloat(Float.POSITIVE_INFINITY)));
        assertEquals(ofHuge, type.toFloat(type.fromFloat(Float.MAX_VALUE)));
        assertTrue(Float.isNaN(type.toFloat(type.fromFloat(Float.NaN))));
    }

    @ParameterizedTest
    @CsvSource({
        "E4M3FN, float8_e4m3fn, SATURATE",
        "E4M3FNUZ, float8_e4m3fnuz, NON_SATURATE",
        "E5M2, float8_e5m2, NON_SATURATE",
        "E5M2FNUZ, float8_e5m2fnuz, NON_SATURATE",
        "E8M0FNU, float8_e8m0fnu, NON_SATURATE"
    })
    void namesAndRulesOfPyTorch(Float8Type type, String label, Overflow overflow) {
        assertEquals(label, type.label());
        assertEquals(label, type.toString());
        assertEquals(overflow, type.overflow());
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, float16", "BFLOAT16, bfloat16"})
    void namesOfHalves(HalfType type, String label) {
        assertEquals(label, type.label());
        assertEquals(label, type.toString());
    }

    /** The lowest code is a subnormal float; the highest is NaN; a raw byte is read as 0 to 255. */
    @Test
    void everyCodeOfE8m0IsItsPowerOfTwo() {
        for (int code = 0; code < PowerOfTwo.NAN; code++) {
            assertEquals((float) Math.pow(2, code - 127), PowerOfTwo.decode(code));
            assertEquals((float) Math.pow(2, code - 127), PowerOfTwo.decode((byte) code));
        }
        assertTrue(Float.isNaN(PowerOfTwo.decode(PowerOfTwo.NAN)));
        assertTrue(Float.isNaN(PowerOfTwo.decode((byte) PowerOfTwo.NAN)));
    }

    @Test
    void pyTorchKeepsOnlyTheExponentInE8m0() {
        Float8Type type = Float8Type.E8M0FNU;
        assertEquals(0.25f, type.toFloat(type.fromFloat(0.3f)));
        assertEquals(1024, type.toFloat(type.fromFloat(-1000)));
        assertEquals(0x1p-127f, type.toFloat(type.fromFloat(0)));
        assertEquals(2, type.toFloat(type.fromFloat(1.5f)));
        assertEquals(8, type.toFloat(type.fromFloat(6)));
        assertEquals(0x1p-127f, type.toFloat(type.fromFloat(0x1p-127f)));
        assertEquals(0x1p-126f, type.toFloat(type.fromFloat(Math.nextUp(0x1p-127f))));
        assertEquals((byte) 0xFF, type.fromFloat(Float.NaN));
        assertEquals((byte) 0xFE, type.fromFloat(Math.nextDown(0x1.8p127f)));
        assertEquals((byte) 0xFF, type.fromFloat(0x1.8p127f));
        assertEquals((byte) 0xFE, type.fromFloat(0x1.8p127f, Overflow.SATURATE));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 3C00, 3F80",
        "-2, C000, C000",
        "65504, 7BFF, 4780",
        "65519.996, 7BFF, 4780",
        "65520, 7C00, 4780",
        "0.1, 2E66, 3DCD",
        "0x1p-24, 0001, 3380",
        "0x1p-25, 0000, 3300",
        "0x1.000002p-25, 0001, 3300",
        "0x1.8p-24, 0002, 33C0",
        "1e-45, 0000, 0000",
        "0x1p-133, 0000, 0001",
        "0x1p-134, 0000, 0000",
        "3.4028235e38, 7C00, 7F80",
        "0x1.FEFFFEp127, 7C00, 7F7F",
        "-0.0, 8000, 8000",
        "-Infinity, FC00, FF80"
    })
    void halvesByHand(float x, String float16, String bfloat16) {
        assertEquals(float16, String.format("%04X", HalfType.FLOAT16.fromFloat(x) & 0xFFFF));
        assertEquals(bfloat16, String.format("%04X", HalfType.BFLOAT16.fromFloat(x) & 0xFFFF));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT16, 65504, 0x1p-14, 0x1p-24", "BFLOAT16, 0x1.FEp127, 0x1p-126, 0x1p-133"})
    void halvesKnowTheirLimits(HalfType type, float max, float minNormal, float minPositive) {
        assertEquals(max, type.max());
        assertEquals(minNormal, type.minNormal());
        assertEquals(minPositive, type.minPositive());
    }

    @Test
    void narrowingWritesTheQuietNanOfItsSign() {
        for (int payload = 1; payload <= 0x7FFFFF; payload = payload * 2 + 1) {
            float positive = Float.intBitsToFloat(0x7F800000 | payload);
            float negative = Float.intBitsToFloat(0xFF800000 | payload);
            assertEquals(0x7E00, HalfType.FLOAT16.fromFloat(positive));
            assertEquals((short) 0xFE00, HalfType.FLOAT16.fromFloat(negative));
            assertEquals(0x7FC0, HalfType.BFLOAT16.fromFloat(positive));
            assertEquals((short) 0xFFC0, HalfType.BFLOAT16.fromFloat(negative));
            assertEquals(0x7F, Float8Type.E4M3FN.fromFloat(positive));
            assertEquals((byte) 0xFF, Float8Type.E4M3FN.fromFloat(negative));
            assertEquals(0x7E, Float8Type.E5M2.fromFloat(positive));
            assertEquals((byte) 0xFE, Float8Type.E5M2.fromFloat(negative));
            for (Float8Type type : new Float8Type[] {Float8Type.E4M3FNUZ, Float8Type.E5M2FNUZ}) {
                assertEquals((byte) 0x80, type.fromFloat(positive));
                assertEquals((byte) 0x80, type.fromFloat(negative));
            }
            assertEquals((byte) 0xFF, Float8Type.E8M0FNU.fromFloat(negative));
        }
    }

    @Test
    void wideningKeepsTheSignAndPayloadOfNan() {
        assertEquals(0xFF802000, Float.floatToRawIntBits(HalfType.FLOAT16.toFloat((short) 0xFC01)));
        assertEquals(0x7FC10000, Float.floatToRawIntBits(HalfType.BFLOAT16.toFloat((short) 0x7FC1)));
        assertEquals(0xFFA00000, Float.floatToRawIntBits(Float8Type.E5M2.toFloat((byte) 0xFD)));
        assertEquals(0xFFC00000, Float.floatToRawIntBits(Float8Type.E4M3FN.toFloat((byte) 0xFF)));
        assertEquals(0x7FC00000, Float.floatToRawIntBits(Float8Type.E4M3FNUZ.toFloat((byte) 0x80)));
    }

    @Test
    void typesWithoutNegativeZeroHaveOneZero() {
        for (Float8Type type : new Float8Type[] {Float8Type.E4M3FNUZ, Float8Type.E5M2FNUZ}) {
            assertEquals(0, type.fromFloat(-0f));
            assertEquals(0, type.fromFloat(-type.minPositive() / 2));
            assertEquals((byte) 0x81, type.fromFloat(-Math.nextUp(type.minPositive() / 2)));
        }
        assertEquals((byte) 0x80, Float8Type.E4M3FN.fromFloat(-0f));
        assertEquals((byte) 0x80, Float8Type.E5M2.fromFloat(-0f));
    }

    @ParameterizedTest
    @EnumSource
    void halfBlocksDoWhatSingleValuesDo(HalfType type) {
        short[] codes = new short[HalfType.RAW_VALUES + 5];
        float[] values = new float[HalfType.RAW_VALUES + 3];
        for (int i = 0; i < HalfType.RAW_VALUES; i++) {
            codes[2 + i] = (short) i;
        }
        type.toFloat(codes, 2, values, 1, HalfType.RAW_VALUES);
        assertEquals(0, values[0]);
        assertEquals(0, values[HalfType.RAW_VALUES + 1]);
        for (int i = 0; i < HalfType.RAW_VALUES; i++) {
            assertEquals(
                    Float.floatToRawIntBits(type.toFloat((short) i)),
                    Float.floatToRawIntBits(values[1 + i]),
                    "at " + i);
        }
        short[] back = new short[codes.length];
        type.fromFloat(values, 1, back, 3, HalfType.RAW_VALUES);
        assertEquals(0, back[2]);
        for (int i = 0; i < HalfType.RAW_VALUES; i++) {
            assertEquals(type.fromFloat(values[1 + i]), back[3 + i]);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> type.toFloat(codes, 6, values, 0, HalfType.RAW_VALUES));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(values, 0, codes, 6, HalfType.RAW_VALUES));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(values, 0, codes, 0, -1));
    }

    @ParameterizedTest
    @EnumSource
    void float8BlocksDoWhatSingleValuesDo(Float8Type type) {
        byte[] codes = new byte[Float8Type.RAW_VALUES + 5];
        float[] values = new float[Float8Type.RAW_VALUES + 3];
        for (int i = 0; i < Float8Type.RAW_VALUES; i++) {
            codes[2 + i] = (byte) i;
        }
        type.toFloat(codes, 2, values, 1, Float8Type.RAW_VALUES);
        assertEquals(0, values[0]);
        assertEquals(0, values[Float8Type.RAW_VALUES + 1]);
        for (int i = 0; i < Float8Type.RAW_VALUES; i++) {
            assertEquals(type.toFloat((byte) i), values[1 + i]);
        }
        values[9] = Float.MAX_VALUE;
        values[10] = Float.NEGATIVE_INFINITY;
        for (Overflow rule : Overflow.values()) {
            byte[] back = new byte[codes.length];
            byte[] expected = new byte[codes.length];
            type.fromFloat(values, 1, back, 3, Float8Type.RAW_VALUES, rule);
            for (int i = 0; i < Float8Type.RAW_VALUES; i++) {
                expected[3 + i] = type.fromFloat(values[1 + i], rule);
            }
            assertArrayEquals(expected, back);
            if (rule == type.overflow()) {
                type.fromFloat(values, 1, back, 3, Float8Type.RAW_VALUES);
                assertArrayEquals(expected, back);
            }
        }
        assertThrows(IndexOutOfBoundsException.class, () -> type.toFloat(codes, 6, values, 0, Float8Type.RAW_VALUES));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(values, 4, codes, 0, Float8Type.RAW_VALUES));
        String refusal = assertThrows(NullPointerException.class, () -> type.fromFloat(1, null))
                .getMessage();
        assertEquals("overflow must be given, was null", refusal);
    }
}
