// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.KernelInputs;
import dev.octant.fixtures.MiniFloatOracle;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The scalar loops between floats and 16 bits beside the list of all values. */
class ScalarHalvesTest {
    private static final float UNTOUCHED = 77;

    private final Random random = new Random(18);

    private enum Format {
        FLOAT16(MiniFloat.FLOAT16, MiniFloatOracle.FLOAT16, 13, 0x3FF),
        BFLOAT16(MiniFloat.BFLOAT16, MiniFloatOracle.BFLOAT16, 16, 0x7F);

        private final MiniFloat format;
        private final MiniFloatOracle oracle;
        private final int shift;
        private final int mantissa;

        Format(MiniFloat format, MiniFloatOracle oracle, int shift, int mantissa) {
            this.format = format;
            this.oracle = oracle;
            this.shift = shift;
            this.mantissa = mantissa;
        }

        /** A NaN keeps its sign and the bits of its mantissa. */
        int bits(short code) {
            double value = oracle.value(code & 0xFFFF);
            return Double.isNaN(value)
                    ? (code & 0x8000) << 16 | 0x7F80_0000 | (code & mantissa) << shift
                    : Float.floatToRawIntBits((float) value);
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyCodeIsWidened(Format format) {
        short[] src = new short[(1 << 16) + 2];
        for (int i = 0; i < src.length; i++) {
            src[i] = (short) i;
        }
        assertWidened(format, new ScalarWiden(format.format), src);
        if (format == Format.BFLOAT16) {
            assertWidened(format, new ScalarBfloat16Widen(), src);
        }
    }

    private static void assertWidened(Format format, WidenKernel kernel, short[] src) {
        float[] dst = new float[src.length + 3];
        Arrays.fill(dst, UNTOUCHED);
        kernel.run(src, 2, dst, 3, 1 << 16);
        for (int i = 0; i < dst.length; i++) {
            int expected = i < 3 || i >= 3 + (1 << 16) ? Float.floatToRawIntBits(UNTOUCHED) : format.bits(src[i - 1]);
            assertEquals(expected, Float.floatToRawIntBits(dst[i]), "at " + i);
        }
    }

    /** Values where the code changes, with their neighbours, and any bits. */
    @ParameterizedTest
    @EnumSource
    void floatsBecomeTheNearestCode(Format format) {
        int[] edges = format.oracle.firstBits();
        float[] src = new float[6 * edges.length + 1000];
        for (int i = 0; i < edges.length; i++) {
            for (int near = 0; near < 3; near++) {
                int bits = Math.max(0, edges[i] + near - 1);
                src[6 * i + 2 * near] = Float.intBitsToFloat(bits);
                src[6 * i + 2 * near + 1] = -Float.intBitsToFloat(bits);
            }
        }
        System.arraycopy(KernelInputs.odd(1000, 1, random), 0, src, 6 * edges.length, 1000);
        short[] dst = new short[src.length + 2];
        Arrays.fill(dst, (short) 77);
        new ScalarNarrow(format.format).run(src, 1, dst, 2, src.length - 1);
        assertEquals(77, dst[0]);
        assertEquals(77, dst[1]);
        assertEquals(77, dst[dst.length - 1]);
        for (int i = 1; i < src.length; i++) {
            int code = dst[i + 1] & 0xFFFF;
            if (Float.isNaN(src[i])) {
                assertTrue(Double.isNaN(format.oracle.value(code)));
            } else {
                float x = src[i];
                assertEquals(format.oracle.code(x), code, () -> "of " + x);
            }
        }
    }

    @Test
    void infinityIsTheCodeAfterTheLargest() {
        assertEquals(0x7BFF, MiniFloat.FLOAT16.largest());
        assertEquals(0x7C00, MiniFloat.FLOAT16.infinity());
        assertEquals(0x7F7F, MiniFloat.BFLOAT16.largest());
        assertEquals(0x7F80, MiniFloat.BFLOAT16.infinity());
        assertTrue(MiniFloat.FLOAT16.hasNegativeZero());
    }
}
