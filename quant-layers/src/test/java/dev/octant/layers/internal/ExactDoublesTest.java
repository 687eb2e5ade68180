// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Sums beside those of big decimals. */
class ExactDoublesTest {
    private final Random random = new Random(3);

    @Test
    void asBigDecimals() {
        for (int trial = 0; trial < 3000; trial++) {
            int range = trial % 5 == 0 ? 1 : 1 + random.nextInt(1400);
            ExactDoubles sum = new ExactDoubles();
            ExactDoubles other = new ExactDoubles();
            BigDecimal exact = BigDecimal.ZERO;
            double before = 0;
            for (int i = 0; i < 40; i++) {
                double value = Math.scalb(random.nextDouble() - 0.5, random.nextInt(range) - range / 2);
                if (random.nextInt(4) == 0) {
                    value = -before;
                } else if (random.nextInt(4) == 0) {
                    value = Math.scalb(Math.copySign(1.0, value), random.nextInt(range) - range / 2);
                }
                (random.nextBoolean() ? sum : other).add(value);
                exact = exact.add(new BigDecimal(value));
                before = value;
            }
            sum.add(other);
            assertEquals(exact.doubleValue(), sum.sum(), "trial " + trial);
        }
    }

    /** A half that a smaller number moves off the tie, on either side, of either sign. */
    @Test
    void tiesAndWhatLiesBelowThem() {
        for (double sign : new double[] {1, -1}) {
            for (double start : new double[] {1, 1 + 0x1p-52}) {
                for (double below : new double[] {0, 0x1p-300, -0x1p-300}) {
                    ExactDoubles sum = new ExactDoubles();
                    sum.add(sign * below);
                    sum.add(sign * 0x1p-53);
                    sum.add(sign * start);
                    double up = start == 1 ? (below > 0 ? 1 + 0x1p-52 : 1) : (below < 0 ? start : 1 + 0x1p-51);
                    assertEquals(sign * up, sum.sum());
                }
            }
        }
    }

    @Test
    void nothingAndWhatIsNotFinite() {
        ExactDoubles sum = new ExactDoubles();
        assertEquals(0, sum.sum());
        sum.add(-0.0);
        assertEquals(0, sum.sum());
        sum.add(Double.POSITIVE_INFINITY);
        sum.add(1);
        assertEquals(Double.POSITIVE_INFINITY, sum.sum());
        sum.add(Double.NEGATIVE_INFINITY);
        assertEquals(Double.NaN, sum.sum());
        sum.clear();
        sum.add(3);
        assertEquals(3, sum.sum());
    }
}
