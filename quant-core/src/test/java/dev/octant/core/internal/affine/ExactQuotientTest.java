// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** The quotient by multiplications beside the true one, where codes change. */
class ExactQuotientTest {
    private final Random random = new Random(5);

    @Test
    void powersOfTwoAndMostScales() {
        for (int e = -100; e <= 100; e++) {
            assertTrue(ExactQuotient.holds(Math.scalb(1f, e)));
        }
        assertTrue(ExactQuotient.holds(0.1f));
        int held = 0;
        for (int trial = 0; trial < 100_000; trial++) {
            held += ExactQuotient.holds(Float.intBitsToFloat(0x3F80_0000 | random.nextInt(1 << 23))) ? 1 : 0;
        }
        assertTrue(held > 99_900, () -> "most scales must hold");
    }

    @Test
    void notAtTheEndsNorNextToTheMargin() {
        assertFalse(ExactQuotient.holds(Float.MIN_NORMAL));
        assertFalse(ExactQuotient.holds(Float.MAX_VALUE));
        assertFalse(ExactQuotient.holds(Math.nextUp(1f)));
        assertFalse(ExactQuotient.holds(Math.nextDown(2f)));
    }

    /** The last that hold and the first that do not, by their lower 16 bits and by their size. */
    @Test
    void theMarginItself() {
        assertTrue(ExactQuotient.holds(Float.intBitsToFloat(0x3F80_0010)));
        assertFalse(ExactQuotient.holds(Float.intBitsToFloat(0x3F80_000F)));
        assertTrue(ExactQuotient.holds(Float.intBitsToFloat(0x3F80_FFF0)));
        assertFalse(ExactQuotient.holds(Float.intBitsToFloat(0x3F80_FFF1)));
        assertTrue(ExactQuotient.holds(0x1.002p-100f));
        assertFalse(ExactQuotient.holds(0x1.ff8p-101f));
        assertTrue(ExactQuotient.holds(0x1.ff8p99f));
        assertFalse(ExactQuotient.holds(0x1.002p100f));
    }

    @Test
    void ordersEveryFloatAtATieAsDivisionDoes() {
        for (int trial = 0; trial < 3000; trial++) {
            float scale = scale(trial);
            float inverse = 1 / scale;
            for (int k = -256; k < 256; k++) {
                float x = (float) ((k + 0.5) * scale);
                for (int i = 0; i < 3; i++) {
                    x = Math.nextDown(x);
                }
                for (int i = -3; i <= 3; i++) {
                    float estimate = x * inverse;
                    float quotient = Math.fma(Math.fma(-estimate, scale, x), inverse, estimate);
                    float tie = k + 0.5f;
                    assertEquals(
                            Float.compare(x / scale, tie),
                            Float.compare(quotient, tie),
                            () -> "scale " + scale + ", tie " + tie);
                    x = Math.nextUp(x);
                }
            }
        }
    }

    /** Random, or with the low mantissa bits at the margin, where a tie's neighbours are hardest to tell apart. */
    private float scale(int trial) {
        while (true) {
            int bits = 0x0D80_0000 + random.nextInt(0x6400_0000);
            int low = 16 + random.nextInt(4);
            float scale =
                    Float.intBitsToFloat(trial % 2 == 0 ? bits : (bits & 0xFFFF_0000) + (trial % 4 == 1 ? low : -low));
            if (ExactQuotient.holds(scale)) {
                return scale;
            }
        }
    }
}
