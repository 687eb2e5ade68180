// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ErrorTallyTest {
    private static final RealRange INPUTS = RealRange.of(-0.5, 0.75);
    private static final RealRange VALUES = RealRange.of(-0.25, 0.875);

    private final Random random = new Random(11);

    /** The sums of exact decimals, whatever the blocks. */
    @Test
    void sumsAreThoseOfDecimals() {
        for (int trial = 0; trial < 200; trial++) {
            int length = 1 + random.nextInt(500);
            float[] inputs = floats(length);
            float[] values = floats(length);
            float[] approximations = floats(length);
            ErrorTally tally = ErrorTally.of(INPUTS, VALUES);
            for (int done = 0; done < length; ) {
                int block = Math.min(length - done, random.nextInt(70));
                tally.add(inputs, values, approximations, done, block);
                done += block;
            }
            BigDecimal signal = BigDecimal.ZERO;
            BigDecimal rounding = BigDecimal.ZERO;
            BigDecimal clipping = BigDecimal.ZERO;
            BigDecimal largest = BigDecimal.ZERO;
            int clipped = 0;
            for (int i = 0; i < length; i++) {
                BigDecimal value = new BigDecimal(values[i]);
                BigDecimal error = value.subtract(new BigDecimal(approximations[i]));
                signal = signal.add(value.multiply(value));
                if (INPUTS.contains(inputs[i]) && VALUES.contains(values[i])) {
                    rounding = rounding.add(error.multiply(error));
                } else {
                    clipping = clipping.add(error.multiply(error));
                    clipped++;
                }
                largest = largest.max(error.abs());
            }
            assertEquals(length, tally.count());
            assertEquals(clipped, tally.clipped());
            assertEquals(largest.doubleValue(), tally.largest());
            assertClose(signal, tally.signal());
            assertClose(rounding, tally.roundingNoise());
            assertClose(clipping, tally.clippingNoise());
        }
    }

    private float[] floats(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = random.nextInt(10) == 0
                    ? Math.scalb(random.nextFloat(), random.nextInt(60) - 50)
                    : 2 * random.nextFloat() - 1;
        }
        return values;
    }

    private static void assertClose(BigDecimal expected, double actual) {
        assertEquals(expected.doubleValue(), actual, 1e-13 * expected.doubleValue());
    }

    @Test
    void theEndsOfARangeAreInside() {
        float[] ends = {-0.5f, 0.75f, Math.nextDown(-0.5f), Math.nextUp(0.75f)};
        ErrorTally tally = ErrorTally.of(INPUTS, RealRange.ALL);
        tally.add(ends, ends, new float[4], 0, 4);
        assertEquals(2, tally.clipped());
        assertEquals(0.25 + 0.5625, tally.roundingNoise());
    }

    @Test
    void whatIsNotFiniteShows() {
        float[] odd = {1, Float.NaN};
        ErrorTally nan = ErrorTally.of(RealRange.ALL, RealRange.ALL);
        nan.add(odd, odd, new float[2], 0, 2);
        assertEquals(Double.NaN, nan.signal());
        assertEquals(1, nan.clipped());
        ErrorTally infinite = ErrorTally.of(RealRange.ALL, RealRange.ALL);
        infinite.add(new float[1], new float[] {Float.POSITIVE_INFINITY}, new float[1], 0, 1);
        assertEquals(Double.POSITIVE_INFINITY, infinite.signal());
        assertEquals(0, infinite.clipped());
    }

    @Test
    void nothingAdded() {
        ErrorTally tally = ErrorTally.of(INPUTS, VALUES);
        tally.add(new float[0], new float[0], new float[0], 0, 0);
        assertEquals(0, tally.count());
        assertEquals(0, tally.signal());
        assertEquals(0, tally.largest());
    }

    @Test
    void aBlockOutsideAnArrayAddsNothing() {
        ErrorTally tally = ErrorTally.of(INPUTS, VALUES);
        for (int shorter = 0; shorter < 3; shorter++) {
            float[][] arrays = {new float[8], new float[8], new float[8]};
            arrays[shorter] = new float[7];
            Arrays.stream(arrays).forEach(array -> Arrays.fill(array, 1));
            assertThrows(IndexOutOfBoundsException.class, () -> tally.add(arrays[0], arrays[1], arrays[2], 4, 4));
        }
        assertEquals(0, tally.count());
        assertEquals(0, tally.signal());
    }
}
