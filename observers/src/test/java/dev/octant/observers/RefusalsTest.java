// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.estimators.Density;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.Fixed;
import dev.octant.observers.estimators.Percentile;
import dev.octant.observers.estimators.RangeStability;
import dev.octant.observers.estimators.Saturation;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What is refused where it is made, with its sentence; and that the last value before it is taken. */
class RefusalsTest {
    private static void refused(String sentence, Executable call) {
        assertEquals(
                sentence, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void counts() {
        refused(
                "counts must not be negative, was zeros -1, NaN 0, +Inf 0, -Inf 0",
                () -> new ValueCounts(1, -1, 0, 0, 0, 1, 1));
        refused(
                "counts must not be negative, was zeros 0, NaN -1, +Inf 0, -Inf 0",
                () -> new ValueCounts(1, 0, -1, 0, 0, 1, 1));
        refused(
                "counts must not be negative, was zeros 0, NaN 0, +Inf -1, -Inf 0",
                () -> new ValueCounts(1, 0, 0, -1, 0, 1, 1));
        refused(
                "counts must not be negative, was zeros 0, NaN 0, +Inf 0, -Inf -1",
                () -> new ValueCounts(1, 0, 0, 0, -1, 1, 1));
        refused(
                "count must be at least zeros, NaN and infinities together (1, 2, 3 and 4), was 9",
                () -> new ValueCounts(9, 1, 2, 3, 4, 0, 0));
        refused(
                "count must be at least zeros, NaN and infinities together (0, 0, 0 and 0), was -1",
                () -> new ValueCounts(-1, 0, 0, 0, 0, 1, 1));
        refused(
                "min and max must be NaN when no value is finite, was 1.0 and NaN",
                () -> new ValueCounts(3, 0, 1, 1, 1, 1, Float.NaN));
        refused(
                "min and max must be NaN when no value is finite, was NaN and 1.0",
                () -> new ValueCounts(3, 0, 1, 1, 1, Float.NaN, 1));
        for (float[] ends : new float[][] {
            {Float.NaN, 1}, {1, Float.NaN}, {Float.NEGATIVE_INFINITY, 1}, {1, Float.POSITIVE_INFINITY}, {2, 1}
        }) {
            refused(
                    "min and max must be finite and ordered, was " + ends[0] + " and " + ends[1],
                    () -> new ValueCounts(2, 0, 0, 0, 0, ends[0], ends[1]));
        }
        ValueCounts full = new ValueCounts(10, 1, 2, 3, 4, -0f, 0);
        assertEquals(1, full.finite());
        assertEquals(new ValueCounts(10, 1, 2, 3, 4, 0, 0), full);
        assertEquals(new ValueCounts(1, 0, 0, 0, 0, -1, 0), new ValueCounts(1, 0, 0, 0, 0, -1, -0f));
        assertEquals(new ValueCounts(20, 2, 4, 6, 8, 0, 0), full.merge(full));
        ValueCounts infinite = new ValueCounts(2, 0, 0, 1, 1, Float.NaN, Float.NaN);
        assertEquals(new ValueCounts(12, 1, 2, 4, 5, 0, 0), full.merge(infinite));
        assertEquals(full.merge(infinite), infinite.merge(full));
        assertEquals(
                "observed values must include a finite one, was none of 2",
                assertThrows(IllegalStateException.class, infinite::range).getMessage());
    }

    @Test
    void averages() {
        for (float wrong : new float[] {0, -1, Math.nextUp(1f), Float.NaN}) {
            refused(
                    "averaging constant must be above 0 and at most 1, was " + wrong,
                    () -> new MovingAverageObserver(wrong));
        }
        MovingAverageObserver newest = new MovingAverageObserver(1);
        newest.observe(new float[] {-1, 5});
        newest.observe(new float[] {9, -2, 3, 9}, 1, 2);
        assertEquals(RealRange.of(-2, 3), newest.range());
        MovingAverageObserver slow = new MovingAverageObserver(Float.MIN_VALUE);
        slow.observe(new float[] {-1, 5});
        slow.observe(new float[] {-2, 3});
        assertEquals(RealRange.of(-1, 5), slow.range());
    }

    @Test
    void stability() {
        for (double wrong : new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
            refused("fraction must be positive and finite, was " + wrong, () -> new RangeStability(wrong, 1));
        }
        for (int wrong : new int[] {0, -1}) {
            refused("rounds must be at least 1, was " + wrong, () -> new RangeStability(0.1, wrong));
        }
        assertEquals("stable=0.1,3", new RangeStability().toString());
        new RangeStability(Double.MAX_VALUE, 1);
        // A step of [0, 255] is 1. As much as is allowed is stable; of equal moves the first is told.
        List<RealRange> quarter = List.of(RealRange.of(0, 255.25), RealRange.of(0, 255));
        assertTrue(new RangeStability(0.25, 1).judge(quarter).stable());
        assertFalse(new RangeStability(Math.nextDown(0.25), 1).judge(quarter).stable());
        String reason = new RangeStability(0.1, 2)
                .judge(List.of(RealRange.of(-1, 255), RealRange.of(0, 256), RealRange.of(0, 255)))
                .reason();
        assertTrue(reason.startsWith("not stable: the lower end moved by 1.00 of a step"), reason);
    }

    @Test
    void estimators() {
        for (double wrong : new double[] {50, 0, Math.nextUp(100.0), Double.NaN}) {
            refused("percent must be above 50 and at most 100, was " + wrong, () -> new Percentile(wrong));
        }
        assertEquals("percentile=100", new Percentile(100).toString());
        new Percentile(Math.nextUp(50.0));
        for (int wrong : new int[] {1, 0, 2049}) {
            refused("levels must be within 2..2048, was " + wrong, () -> new Entropy(wrong));
        }
        new Entropy(2);
        new Entropy(2048);
        for (double wrong : new double[] {0, -1, Double.POSITIVE_INFINITY, Double.NaN}) {
            refused(
                    "weight must be positive and finite, was " + wrong,
                    () -> new Saturation(wrong, QuantType.INT8, QuantScheme.ASYMMETRIC));
        }
        refused("range must have ends finite as floats, was " + RealRange.of(0, 1e39), () -> Fixed.of(0, 1e39));
        refused("range must have ends finite as floats, was " + RealRange.of(-1e39, 0), () -> Fixed.of(-1e39, 0));
        assertEquals("fixed=-1,1E+30", Fixed.of(-1, 1e30).toString());
    }

    @Test
    void channels() {
        ChannelLayout two = new ChannelLayout(2, 3);
        for (int wrong : new int[] {8, 15, 17, 4096, 0}) {
            refused(
                    "bins must be a power of two within 16..2048, was " + wrong,
                    () -> new PerChannelHistogramObserver(two, wrong));
        }
        new PerChannelHistogramObserver(two, 16);
        new PerChannelHistogramObserver(two, 2048);
        for (int wrong : new int[] {0, -1, 3, 8}) {
            refused(
                    "block must divide the axis of length 4, was " + wrong,
                    () -> PerChannelHistogramObserver.groups(1, wrong, 2, 4, 5));
        }
        assertEquals(new ChannelLayout(4, 5), PerChannelHistogramObserver.groups(1, 1, 2, 4, 5));
        assertEquals(new ChannelLayout(1, 20), PerChannelHistogramObserver.groups(1, 4, 2, 4, 5));
        refused(
                "length must be a multiple of channels * inner (2 * 3), was 7",
                () -> new PerChannelMinMaxObserver(2, 3).observe(new float[7]));
        PerChannelSummary one = new PerChannelMinMaxObserver(1, 3).summary();
        refused(
                "channels must be as many as in the other summary (1), was 2",
                () -> new PerChannelMinMaxObserver(2, 3).summary().merge(one));
        PerChannelHistogramSummary single = new PerChannelHistogramObserver(new ChannelLayout(1, 1), 16).summary();
        refused(
                "channels must be as many as in the other summary (1), was 2",
                () -> new PerChannelHistogramObserver(two, 16).summary().merge(single));
    }

    @Test
    void sampleSummaries() {
        HistogramSummary none = HistogramSummary.EMPTY;
        HistogramSummary one = HistogramLaws.summary(1);
        HistogramSummary nan = HistogramLaws.summary(Float.NaN);
        HistogramSummary two = HistogramLaws.summary(1, 1);
        ValueCounts counts = HistogramLaws.counts(1);
        for (HistogramSummary[] wrong : new HistogramSummary[][] {
            {none, one},
            {one, none},
            {one, two},
            {two, one},
            {two, two},
            {none, none},
            {nan, nan},
            {one, nan},
            {nan, one}
        }) {
            refused(
                    "minima and maxima must be finite, one of each per sample, was " + wrong[0].counts() + " and "
                            + wrong[1].counts() + " of " + counts,
                    () -> new PerSampleSummary(counts, wrong[0], wrong[1]));
        }
        HistogramSummary less = HistogramLaws.summary(0.5f);
        for (HistogramSummary[] wrong : new HistogramSummary[][] {{less, one}, {one, less}}) {
            refused(
                    "the least minimum and the largest maximum must be those of the values, was " + wrong[0].counts()
                            + " and " + wrong[1].counts() + " of " + counts,
                    () -> new PerSampleSummary(counts, wrong[0], wrong[1]));
        }
        assertEquals(1, new PerSampleSummary(counts, one, one).samples());
        assertEquals(RealRange.of(1, 1), new PerSampleSummary(counts, one, one).range());
    }

    @Test
    void memoryOfObserversThatCannotBe() {
        refused("channels must be at least 1, was 0", () -> PerChannelHistogramObserver.bytes(0, 16));
        for (int bins : new int[] {0, 8, 24, 4096, -16}) {
            refused(
                    "bins must be a power of two within 16..2048, was " + bins,
                    () -> PerChannelHistogramObserver.bytes(1, bins));
        }
        refused("counts must be as many as places (2), was 1", () -> Density.ofPoints(new double[2], new long[1]));
    }
}
