// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RangeStabilityTest {
    @Test
    void tooFewRangesAreNotStable() {
        RangeStability.Verdict verdict = new RangeStability().judge(List.of(RealRange.UNIT, RealRange.UNIT));
        assertFalse(verdict.stable());
        assertTrue(Double.isNaN(verdict.move()));
        assertEquals("not stable: 2 of the 4 ranges needed were taken", verdict.reason());
    }

    @Test
    void theLargestMoveOfEitherEndCounts() {
        RangeStability stability = new RangeStability(0.5, 2);
        // One step of [0, 255] is 1.
        List<RealRange> ranges =
                List.of(RealRange.of(0, 900), RealRange.of(0, 254.75), RealRange.of(0, 255.25), RealRange.of(0, 255));
        assertEquals(0.25, stability.judge(ranges).move(), 1e-12);
        assertTrue(stability.judge(ranges).stable());
        RangeStability.Verdict moved =
                stability.judge(List.of(RealRange.of(-2, 253), RealRange.of(0, 255), RealRange.of(0, 255)));
        assertFalse(moved.stable());
        assertEquals(
                "not stable: the upper end moved by 2.00 of a step within the last 2 ranges, at most 0.5 is allowed",
                moved.reason());
        assertTrue(stability
                .judge(List.of(RealRange.of(-2, 255), RealRange.of(0, 255), RealRange.of(0, 255)))
                .reason()
                .contains("lower end"));
    }

    /** Each move is allowed, their sum is not. */
    @Test
    void aSlowDriftIsNotStanding() {
        List<RealRange> drift = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            drift.add(RealRange.of(-1, 1 + i * 0.09 * 2 / 255));
            assertFalse(new RangeStability().judge(drift).stable());
        }
    }

    @Test
    void pointsWithoutAStepAreCompared() {
        RealRange zero = RealRange.of(0, 0);
        assertTrue(new RangeStability(0.1, 1).judge(List.of(zero, zero)).stable());
        RangeStability.Verdict verdict = new RangeStability(0.1, 1).judge(List.of(RealRange.UNIT, zero));
        assertFalse(verdict.stable());
        assertEquals(Double.POSITIVE_INFINITY, verdict.move());
    }

    @Test
    void percentilesOfAStreamSettle() {
        Random random = new Random(3);
        HistogramObserver observer = new HistogramObserver();
        List<RealRange> ranges = new ArrayList<>();
        RangeStability stability = new RangeStability(0.5, 3);
        float[] batch = new float[20_000];
        int batches = 0;
        while (!stability.judge(ranges).stable()) {
            for (int i = 0; i < batch.length; i++) {
                batch[i] = (float) random.nextGaussian();
            }
            observer.observe(batch);
            ranges.add(new Percentile(99).estimate(observer.summary()));
            batches++;
            assertTrue(batches < 200);
        }
        assertTrue(batches > 3, "not before it can know");
        assertEquals(2.576, ranges.get(ranges.size() - 1).max(), 0.05);
    }

    @Test
    void parametersAreChecked() {
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(IllegalArgumentException.class, () -> new RangeStability(wrong, 3));
        }
        assertThrows(IllegalArgumentException.class, () -> new RangeStability(0.1, 0));
        assertEquals("stable=0.1,3", new RangeStability().toString());
    }
}
