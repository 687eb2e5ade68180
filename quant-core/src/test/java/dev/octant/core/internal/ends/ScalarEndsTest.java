// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scalar loop of min and max, and how a search of bits becomes the same, beside a plain search. */
class ScalarEndsTest {
    private final Random random = new Random(16);

    private static void assertPlain(float[] src, int offset, int length, Ends ends, boolean zerosToo) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        int zeros = 0;
        boolean finite = true;
        for (int i = offset; i < offset + length; i++) {
            finite &= Float.isFinite(src[i]);
            low = Float.compare(src[i], low) < 0 ? src[i] : low;
            high = Float.compare(src[i], high) > 0 ? src[i] : high;
            zeros += src[i] == 0 ? 1 : 0;
        }
        assertEquals(finite, ends.finite());
        assertEquals(finite ? low : Float.NaN, ends.low());
        assertEquals(finite ? high : Float.NaN, ends.high());
        if (zerosToo) {
            assertEquals(zeros, ends.zeros());
        }
    }

    @Test
    void endsAndZerosOfAnyBlock() {
        Ends ends = new Ends();
        Ends withoutZeros = new Ends();
        for (int trial = 0; trial < 4000; trial++) {
            int length = random.nextInt(20);
            int offset = random.nextInt(4);
            float[] src = FloatEdges.mixed(random, offset + length + 2, trial % 2 == 0);
            for (int i = 0; i < src.length; i++) {
                src[i] = trial % 3 == 0 ? src[i] : trial % 3 == 1 ? Math.abs(src[i]) : -Math.abs(src[i]);
            }
            new ScalarEnds().run(src, offset, length, ends);
            assertPlain(src, offset, length, ends, true);
            new ScalarEnds().runWithoutZeros(src, offset, length, withoutZeros);
            assertPlain(src, offset, length, withoutZeros, false);
            withoutZeros.findShort(src, offset, length);
            assertPlain(src, offset, length, withoutZeros, false);
        }
    }

    /** A kernel that has no faster way does what it always does. */
    @Test
    void withoutZerosIsTheWholeSearchUnlessAKernelKnowsBetter() {
        EndsKernel kernel = new EndsKernel() {
            @Override
            public void run(float[] src, int offset, int length, Ends ends) {
                new ScalarEnds().run(src, offset, length, ends);
            }
        };
        Ends ends = new Ends();
        float[] src = {7, 0, -3, 0, 9};
        kernel.runWithoutZeros(src, 1, 3, ends);
        assertPlain(src, 1, 3, ends, true);
    }

    /** All blocks of up to three edges. */
    @Test
    void searchesOfBitsAreTheSame() {
        float[] edges = FloatEdges.all();
        assertBits();
        for (float a : edges) {
            assertBits(a);
            for (float b : edges) {
                assertBits(a, b);
                for (float c : edges) {
                    assertBits(a, b, c);
                }
            }
        }
    }

    private static void assertBits(float... src) {
        int least = Integer.MAX_VALUE;
        int greatest = Integer.MIN_VALUE;
        int farthest = 0;
        for (float value : src) {
            int bits = Float.floatToRawIntBits(value);
            least = Math.min(least, bits);
            greatest = Math.max(greatest, bits);
            farthest = Integer.compareUnsigned(bits, farthest) > 0 ? bits : farthest;
        }
        Ends ends = new Ends();
        ends.becomeBits(least, greatest, farthest);
        assertPlain(src, 0, src.length, ends, false);
    }
}
