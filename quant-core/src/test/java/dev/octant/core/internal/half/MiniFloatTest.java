// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.half.MiniFloat.Specials;
import dev.octant.fixtures.MiniFloatOracle;
import dev.octant.fixtures.MiniFloatOracle.Beyond;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Formats made anew, so that what their constructor derives is tested as well, beside the list of all their values. */
class MiniFloatTest {
    private enum Format {
        FLOAT16(5, 10, 15, Specials.IEEE, MiniFloatOracle.FLOAT16),
        BFLOAT16(8, 7, 127, Specials.IEEE, MiniFloatOracle.BFLOAT16),
        E4M3FN(4, 3, 7, Specials.FINITE, MiniFloatOracle.E4M3FN),
        E4M3FNUZ(4, 3, 8, Specials.FINITE_UNSIGNED_ZERO, MiniFloatOracle.E4M3FNUZ),
        E5M2(5, 2, 15, Specials.IEEE, MiniFloatOracle.E5M2),
        E5M2FNUZ(5, 2, 16, Specials.FINITE_UNSIGNED_ZERO, MiniFloatOracle.E5M2FNUZ);

        private final int exponentBits;
        private final int mantissaBits;
        private final int bias;
        private final Specials specials;
        private final MiniFloatOracle oracle;

        Format(int exponentBits, int mantissaBits, int bias, Specials specials, MiniFloatOracle oracle) {
            this.exponentBits = exponentBits;
            this.mantissaBits = mantissaBits;
            this.bias = bias;
            this.specials = specials;
            this.oracle = oracle;
        }

        MiniFloat made() {
            return new MiniFloat(exponentBits, mantissaBits, bias, specials);
        }
    }

    /** Bits above the format's are ignored. */
    @ParameterizedTest
    @EnumSource
    void everyCodeHasItsValue(Format format) {
        MiniFloat made = format.made();
        int codes = format.oracle.codes();
        for (int code = 0; code < codes; code++) {
            double value = format.oracle.value(code);
            assertEquals(value, made.decode(code), "code " + code);
            assertEquals(value, made.decode(code + 3 * codes), "code " + code);
        }
    }

    /** Where the code changes, with three neighbours on both sides, of either sign. */
    @ParameterizedTest
    @EnumSource
    void floatsBecomeTheNearestCode(Format format) {
        MiniFloat made = format.made();
        for (int edge : format.oracle.firstBits()) {
            for (int bits = Math.max(0, edge - 3); bits <= edge + 3; bits++) {
                for (int sign : new int[] {0, Integer.MIN_VALUE}) {
                    assertNearest(format, made, Float.intBitsToFloat(bits | sign));
                }
            }
        }
        for (float x : new float[] {Float.MIN_VALUE, 1, Float.MAX_VALUE, Float.POSITIVE_INFINITY, Float.NaN}) {
            assertNearest(format, made, x);
            assertNearest(format, made, -x);
        }
    }

    /** What is beyond the largest value is the caller's, as is what an infinity becomes. */
    private static void assertNearest(Format format, MiniFloat made, float x) {
        int largest = made.encode(x, made.largest(), made.largest());
        assertSame(format, format.oracle.beyond(Beyond.LARGEST).code(x), largest, x);
        if (format.specials == Specials.IEEE) {
            int infinity = made.encode(x, made.infinity(), made.infinity());
            assertSame(format, format.oracle.beyond(Beyond.INFINITY).code(x), infinity, x);
        } else {
            int nan = made.encode(x, made.infinity(), made.infinity());
            assertSame(format, format.oracle.beyond(Beyond.NAN).code(x), nan, x);
        }
        if (Float.isInfinite(x)) {
            assertEquals(made.largest(), made.encode(x, made.infinity(), made.largest()) & ~format.oracle.signBit());
        }
    }

    private static void assertSame(Format format, int expected, int actual, float x) {
        boolean bothNan = Double.isNaN(format.oracle.value(expected)) && Double.isNaN(format.oracle.value(actual));
        assertTrue(bothNan || expected == actual, () -> x + " must give code " + expected + ", gave " + actual);
    }

    @ParameterizedTest
    @EnumSource
    void theLargestValueAndWhatFollows(Format format) {
        MiniFloat made = format.made();
        assertEquals(format.oracle.finiteCodes() - 1, made.largest());
        assertEquals(format.oracle.finiteCodes(), made.infinity());
        assertEquals(format.specials != Specials.FINITE_UNSIGNED_ZERO, made.hasNegativeZero());
        assertEquals(
                format.specials == Specials.IEEE ? Float.POSITIVE_INFINITY : Float.NaN, made.decode(made.infinity()));
    }
}
