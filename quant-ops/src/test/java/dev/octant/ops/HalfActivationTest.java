// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.RealRange;
import dev.octant.core.scalar.HalfType;
import dev.octant.fixtures.MiniFloatOracle;
import dev.octant.fixtures.ReferenceFunction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ShortBuffer;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class HalfActivationTest {
    /** Relative error of one float operation. */
    private static final double UNIT = 0x1p-24;

    /** ln(Float.MAX_VALUE): e^-x is infinite in float beyond it. */
    private static final double LAST_EXPONENT = 88.72283905206835;

    /**
     * Four float roundings (e^-x, the sum, the quotient, and one to spare for the double exponential's own error) are
     * each one unit relative to the result at most; a unit is 2^(p - 24) ulp of a format with p significant bits or
     * less. Rounding to the format adds half an ulp.
     */
    @ParameterizedTest
    @EnumSource
    void siluOfEveryValueIsWithinTheDerivedBound(HalfType type) {
        MiniFloatOracle oracle = oracle(type);
        HalfActivation silu = HalfActivation.compile(Activation.SILU, type);
        double bound = bound(type);
        int judged = 0;
        for (int code = 0; code < HalfType.RAW_VALUES; code++) {
            double x = oracle.value(code);
            if (!Double.isFinite(x)) {
                continue;
            }
            judged++;
            double y = oracle.value(silu.apply((short) code) & 0xFFFF);
            if (x < -LAST_EXPONENT) {
                assertEquals(-0.0, y);
                continue;
            }
            double exact = x / (1 + Math.exp(-x));
            double ulps = Math.abs(y - exact) / oracle.ulp(exact);
            assertTrue(ulps <= bound, () -> "silu(" + x + ") was " + y + ", " + ulps + " ulp off");
        }
        assertEquals(2 * oracle(type).finiteCodes(), judged);
    }

    @ParameterizedTest
    @EnumSource
    void everyFunctionIsItsFloatRoundedOnce(HalfType type) {
        MiniFloatOracle oracle = oracle(type);
        for (ActivationKind kind : ActivationKind.values()) {
            if (kind == ActivationKind.CUSTOM || kind == ActivationKind.SILU) {
                continue;
            }
            Activation activation = Activation.of(kind);
            HalfActivation table = HalfActivation.compile(activation, type);
            for (int code = 0; code < HalfType.RAW_VALUES; code++) {
                double x = oracle.value(code);
                int actual = table.apply((short) code) & 0xFFFF;
                if (Double.isNaN(x)) {
                    assertTrue(Double.isNaN(oracle.value(actual)), activation + " of NaN");
                } else {
                    assertEquals(oracle.code((float) activation.value(x)), actual, activation + " of " + x);
                }
            }
        }
    }

    /**
     * The fixtures' functions share no code with Octant's. Rounding to float and then to the type costs a unit and
     * half an ulp; three units more are SiLU's, as above, and far more than the references' own double errors.
     */
    @ParameterizedTest
    @EnumSource
    void everyFunctionIsNearAStrangersReference(HalfType type) {
        MiniFloatOracle oracle = oracle(type);
        double bound = bound(type);
        for (ReferenceFunction reference : ReferenceFunction.all()) {
            ActivationKind kind = ActivationKind.valueOf(reference.name().toUpperCase(Locale.ROOT));
            HalfActivation table = HalfActivation.compile(Activation.of(kind), type);
            for (int code = 0; code < HalfType.RAW_VALUES; code++) {
                double x = oracle.value(code);
                double y = oracle.value(table.apply((short) code) & 0xFFFF);
                boolean lost = kind == ActivationKind.SILU && x < -LAST_EXPONENT;
                if (Double.isFinite(x) && Double.isFinite(y) && !lost) {
                    double exact = reference.function().applyAsDouble(x);
                    assertTrue(
                            Math.abs(y - exact) <= bound * oracle.ulp(exact),
                            () -> reference.name() + "(" + x + ") was " + y + ", must be near " + exact);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "FLOAT16, Infinity, Infinity",
        "FLOAT16, -Infinity, -0.0",
        "FLOAT16, NaN, NaN",
        "FLOAT16, -0.0, -0.0",
        "FLOAT16, 0, 0",
        "FLOAT16, -20, -0x1p-24",
        "FLOAT16, 65504, 65504",
        "FLOAT16, -1.2783203125, -0.278564453125",
        "BFLOAT16, Infinity, Infinity",
        "BFLOAT16, -Infinity, -0.0",
        "BFLOAT16, NaN, NaN",
        "BFLOAT16, -0.0, -0.0",
        "BFLOAT16, -89, -0.0",
        "BFLOAT16, -1.28125, -0.279296875",
        "BFLOAT16, 0x1.FEp127, 0x1.FEp127"
    })
    void siluEdges(HalfType type, float x, float expected) {
        HalfActivation silu = HalfActivation.compile(Activation.SILU, type);
        assertEquals(expected, type.toFloat(silu.apply(type.fromFloat(x))));
    }

    @Test
    void nanKeepsItsSignAndOverflowIsInfinite() {
        HalfActivation exp = HalfActivation.compile(Activation.EXP, HalfType.FLOAT16);
        assertEquals((short) 0xFE00, exp.apply((short) 0xFC01));
        assertEquals((short) 0x7E00, exp.apply((short) 0x7FFF));
        assertEquals((short) 0x7C00, exp.apply(HalfType.FLOAT16.fromFloat(11.1f)));
        assertEquals((short) 0, exp.apply((short) 0xFC00));
    }

    @ParameterizedTest
    @EnumSource
    void everyFormOfApplyGivesTheSame(HalfType type) {
        HalfActivation gelu = HalfActivation.compile(Activation.GELU, type);
        int length = 10_001;
        short[] src = new short[length];
        short[] expected = new short[length];
        for (int i = 0; i < length; i++) {
            src[i] = (short) (i * 40_503);
            expected[i] = gelu.apply(src[i]);
        }
        short[] dst = new short[length];
        gelu.apply(src, dst);
        assertArrayEquals(expected, dst);

        short[] inPlace = src.clone();
        gelu.apply(inPlace, 0, inPlace, 0, length);
        assertArrayEquals(expected, inPlace);

        short[] part = new short[length];
        gelu.apply(src, 7, part, 3, 5);
        for (int i = 0; i < length; i++) {
            assertEquals(i >= 3 && i < 8 ? expected[i + 4] : 0, part[i]);
        }

        ShortBuffer direct = ByteBuffer.allocateDirect(2 * length)
                .order(ByteOrder.nativeOrder())
                .asShortBuffer();
        ShortBuffer from = ShortBuffer.wrap(src);
        gelu.apply(from, direct);
        assertEquals(length, from.position());
        assertEquals(length, direct.position());
        direct.flip().get(dst);
        assertArrayEquals(expected, dst);
    }

    @Test
    void blocksThatAreRefusedAreNotWritten() {
        HalfActivation exp = HalfActivation.compile(Activation.EXP, HalfType.BFLOAT16);
        short[] dst = new short[8];
        int[][] refused = {{-1, 0, 1}, {0, -1, 1}, {0, 0, -1}, {5, 0, 4}, {0, 5, 4}, {0, 0, 9}, {9, 0, 0}, {0, 9, 0}};
        for (int[] b : refused) {
            assertThrows(IndexOutOfBoundsException.class, () -> exp.apply(new short[8], b[0], dst, b[1], b[2]));
            assertArrayEquals(new short[8], dst);
        }
        assertThrows(IndexOutOfBoundsException.class, () -> exp.apply(new short[9], dst));
        assertArrayEquals(new short[8], dst);
        for (int shift : new int[] {1, -1, -3}) {
            assertEquals(
                    "source and destination in one array must be the same block or disjoint,"
                            + " were 4 elements at 3 and at " + (3 + shift),
                    assertThrows(IllegalArgumentException.class, () -> exp.apply(dst, 3, dst, 3 + shift, 4))
                            .getMessage());
            assertArrayEquals(new short[8], dst);
        }
        ShortBuffer four = ShortBuffer.allocate(4);
        assertEquals(
                "destination must have room for 4 elements, had 3 remaining",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> exp.apply(four, ShortBuffer.wrap(dst).limit(3)))
                        .getMessage());
        assertEquals(4, four.remaining());
        assertArrayEquals(new short[8], dst);
    }

    @Test
    void partsMustBeGiven() {
        assertEquals(
                "activation must be given, was null",
                assertThrows(NullPointerException.class, () -> HalfActivation.compile(null, HalfType.FLOAT16))
                        .getMessage());
        assertEquals(
                "type of relu must be given, was null",
                assertThrows(NullPointerException.class, () -> HalfActivation.compile(Activation.RELU, null))
                        .getMessage());
    }

    /** A function must be a number for every finite input; at an infinity it may have none. */
    @Test
    void notANumberIsRefusedForFiniteInputs() {
        Activation root = Activation.of("root", Math::sqrt, RealRange.ALL);
        String refusal = assertThrows(
                        IllegalArgumentException.class, () -> HalfActivation.compile(root, HalfType.FLOAT16))
                .getMessage();
        assertEquals("root must be a number for every input, was NaN at -5.9604645E-8", refusal);
        HalfActivation cosine =
                HalfActivation.compile(Activation.of("cosine", Math::cos, RealRange.of(-1, 1)), HalfType.FLOAT16);
        assertTrue(Float.isNaN(HalfType.FLOAT16.toFloat(cosine.apply((short) 0x7C00))));
        assertEquals(1, HalfType.FLOAT16.toFloat(cosine.apply((short) 0)));
    }

    @Test
    void printsWhatItIs() {
        HalfActivation elu = HalfActivation.compile(Activation.elu(2), HalfType.BFLOAT16);
        assertEquals("elu(2.0) on bfloat16", elu.toString());
        assertEquals(Activation.elu(2), elu.activation());
        assertEquals(HalfType.BFLOAT16, elu.type());
    }

    private static double bound(HalfType type) {
        int significantBits = type == HalfType.FLOAT16 ? 11 : 8;
        return 0.5 + 4 * UNIT * (1 << significantBits);
    }

    private static MiniFloatOracle oracle(HalfType type) {
        return type == HalfType.FLOAT16 ? MiniFloatOracle.FLOAT16 : MiniFloatOracle.BFLOAT16;
    }
}
