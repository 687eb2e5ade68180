// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.FloatEdges;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scalar loop of error sums, lane by lane, beside its definition. */
class ScalarErrorsTest {
    private final Random random = new Random(17);

    /** One lane after the other; the bounds are among the values, so each is met exactly. */
    @Test
    void everyLaneAddsItsElementsInOrder() {
        for (int trial = 0; trial < 600; trial++) {
            int length = random.nextInt(40);
            int offset = random.nextInt(4);
            float[] inputs = FloatEdges.mixed(random, offset + length + 1, trial % 4 == 0);
            float[] values = FloatEdges.mixed(random, offset + length + 1, trial % 4 == 1);
            float[] approximations = FloatEdges.ordinary(random, offset + length + 1);
            ErrorSums sums =
                    new ErrorSums(any(inputs, -0.7f), any(inputs, 0.9f), any(values, -0.6f), any(values, 0.8f));
            new ScalarErrors().run(inputs, values, approximations, offset, length, sums);
            int clipped = 0;
            for (int lane = 0; lane < ErrorSums.LANES; lane++) {
                double signal = 0;
                double inside = 0;
                double outside = 0;
                double largest = 0;
                for (int i = offset + lane; i < offset + length; i += ErrorSums.LANES) {
                    double value = values[i];
                    double error = value - (double) approximations[i];
                    signal += value * value;
                    boolean within = inputs[i] >= sums.inputLow
                            && inputs[i] <= sums.inputHigh
                            && value >= sums.low
                            && value <= sums.high;
                    inside += within ? error * error : 0;
                    outside += within ? 0 : error * error;
                    clipped += within ? 0 : 1;
                    largest = Math.abs(error) > largest ? Math.abs(error) : largest;
                }
                assertEquals(signal, sums.signal[lane]);
                assertEquals(inside, sums.inside[lane]);
                assertEquals(outside, sums.outside[lane]);
                assertEquals(largest, sums.largest[lane]);
            }
            assertEquals(clipped, sums.clipped());
        }
    }

    private float any(float[] values, float otherwise) {
        return random.nextBoolean() ? values[random.nextInt(values.length)] : otherwise;
    }

    /** Small whole numbers, whose sums are exact in any order, in two blocks. */
    @Test
    void totalsAreOverAllLanesAndBlocks() {
        for (int length = 0; length <= 40; length++) {
            float[] values = new float[length];
            float[] approximations = new float[length];
            ErrorSums sums = new ErrorSums(-9, 5, -9, 7);
            double signal = 0;
            double inside = 0;
            double outside = 0;
            double largest = 0;
            long clipped = 0;
            for (int i = 0; i < length; i++) {
                values[i] = random.nextInt(21) - 10;
                approximations[i] = random.nextInt(21) - 10;
                double square = Math.pow(values[i] - approximations[i], 2);
                boolean within = values[i] >= -9 && values[i] <= 5;
                signal += values[i] * values[i];
                inside += within ? square : 0;
                outside += within ? 0 : square;
                clipped += within ? 0 : 1;
                largest = Math.max(largest, Math.abs(values[i] - approximations[i]));
            }
            int half = length / 2;
            new ScalarErrors().run(values, values, approximations, 0, half, sums);
            new ScalarErrors().run(values, values, approximations, half, length - half, sums);
            assertEquals(signal, sums.signal());
            assertEquals(inside, sums.inside());
            assertEquals(outside, sums.outside());
            assertEquals(largest, sums.largest());
            assertEquals(clipped, sums.clipped());
        }
    }

    @Test
    void nanIsNoLargestErrorButIsClipped() {
        ErrorSums sums = new ErrorSums(-1, 1, -1, 1);
        new ScalarErrors().run(new float[] {0}, new float[] {Float.NaN}, new float[] {0}, 0, 1, sums);
        assertEquals(0, sums.largest());
        assertEquals(1, sums.clipped());
        assertEquals(0, sums.inside());
        assertTrue(Double.isNaN(sums.outside()));
    }
}
