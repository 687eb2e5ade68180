// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import org.junit.jupiter.api.Test;

class RangeSearchTest {
    private static RealRange least(RealRange observed, RangeSearch.Cost cost) {
        return RangeSearch.least(observed, QuantType.INT8, QuantScheme.ASYMMETRIC, cost);
    }

    private static double octaves(double from, double to) {
        return Math.abs(Math.log(from / to) / Math.log(2));
    }

    @Test
    void endsMoveTowardsZeroByOctaves() {
        assertEquals(RealRange.of(-4, 1), RangeSearch.narrowed(RealRange.of(-8, 4), 1, 2));
        assertEquals(RealRange.of(-16, 16), RangeSearch.narrowed(RealRange.of(-8, 4), -1, -2));
        assertEquals(RealRange.of(2, 4), RangeSearch.narrowed(RealRange.of(2, 8), 5, 1));
        assertEquals(RealRange.of(1, 2), RangeSearch.narrowed(RealRange.of(2, 8), 0, 3));
        assertEquals(RealRange.of(-2, -1), RangeSearch.narrowed(RealRange.of(-8, -2), 3, 0));
        assertEquals(RealRange.of(0, 0), RangeSearch.narrowed(RealRange.of(0, 0), 3, 3));
    }

    @Test
    void oneEndIsFoundToTheFinestStep() {
        for (double target : new double[] {0, 0.501, 3.377, 11, 23.9}) {
            double max = 1024 * Math.pow(2, -target);
            RealRange found = least(RealRange.of(0, 1024), (params, limit) -> octaves(params.scale(), max / 255));
            assertEquals(0, found.min());
            assertEquals(target, octaves(1024, found.max()), 1.0 / 512 + 1e-6);
            RealRange mirrored = least(RealRange.of(-1024, 0), (params, limit) -> octaves(params.scale(), max / 255));
            assertEquals(RealRange.of(-found.max(), 0), mirrored);
        }
    }

    /** The grid's ends are within half a step of the range's. */
    @Test
    void bothEndsAreFound() {
        for (double[] target : new double[][] {{0, 0}, {1.3, 0.2}, {0.1, 2.7}, {5.6, 6.1}}) {
            double min = -700 * Math.pow(2, -target[0]);
            double max = 900 * Math.pow(2, -target[1]);
            RealRange found = least(RealRange.of(-700, 900), (params, limit) -> {
                double lower = params.range().min() - min;
                double upper = params.range().max() - max;
                return lower * lower + upper * upper;
            });
            double step = (max - min) / 255;
            assertEquals(min, found.min(), 2 * step);
            assertEquals(max, found.max(), 2 * step);
        }
    }

    /** One end moves while the other stays, which is known to 2 % of 500. */
    @Test
    void oneEndMovesWithoutTheOther() {
        RangeSearch.Cost lower = (params, limit) -> octaves(Math.max(1, params.scale() * 255 - 500), 350)
                + (octaves(params.range().max(), 500) < 0.028 ? 0 : 100);
        RealRange left = least(RealRange.of(-1000, 1000), lower);
        assertEquals(-350, left.min(), 15);
        assertEquals(500, left.max(), 15);
        RangeSearch.Cost upper = (params, limit) -> octaves(Math.max(1, params.scale() * 255 - 500), 350)
                + (octaves(-params.range().min(), 500) < 0.028 ? 0 : 100);
        RealRange right = least(RealRange.of(-1000, 1000), upper);
        assertEquals(-500, right.min(), 15);
        assertEquals(350, right.max(), 15);
    }

    @Test
    void ofEqualsTheWidestWins() {
        RealRange observed = RealRange.of(-3, 5);
        assertEquals(observed, least(observed, (params, limit) -> 7));
        assertEquals(observed, least(observed, (params, limit) -> Double.POSITIVE_INFINITY));
    }

    /** What is tried is within the observed range, and every limit is the best so far. */
    @Test
    void theLimitIsTheBestSoFar() {
        double[] best = {Double.POSITIVE_INFINITY};
        int[] calls = {0};
        RealRange observed = RealRange.of(-3, 5);
        least(observed, (params, limit) -> {
            assertEquals(best[0], limit);
            assertTrue(params.scale() <= (observed.width() / 255) * 1.0001, params.toString());
            double cost = octaves(params.scale(), 0.001);
            best[0] = Math.min(best[0], cost);
            calls[0]++;
            return cost;
        });
        assertTrue(calls[0] >= 25 * 25 + 9 * 8, "all pairs of octaves, and the neighbours in each step: " + calls[0]);
        assertTrue(best[0] < 0.01, "was " + best[0]);
    }
}
