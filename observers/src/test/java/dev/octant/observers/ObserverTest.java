// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.RealRange;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

class ObserverTest {
    private static float[] data(int n) {
        Random random = new Random(7);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = i % 100 == 99 ? Float.NaN : (float) (random.nextGaussian() * 3);
        }
        return values;
    }

    private static FloatBuffer direct(float[] values) {
        FloatBuffer buffer = ByteBuffer.allocateDirect(4 * values.length)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
        buffer.put(values).flip();
        return buffer;
    }

    /** Every kind of buffer gives what the array gives, for every observer. */
    private static <O extends Observer> void checkBuffers(O fresh, List<O> others, Function<O, Object> result) {
        float[] values = data(24_000);
        float[] part = Arrays.copyOfRange(values, 1200, 1200 + 18_000);
        fresh.observe(part);
        Object expected = result.apply(fresh);

        others.get(0).observe(values, 1200, 18_000);
        FloatBuffer heap = FloatBuffer.wrap(values);
        heap.position(200);
        FloatBuffer sliced = heap.slice();
        sliced.position(1000).limit(19_000);
        others.get(1).observe(sliced);
        FloatBuffer direct = direct(values);
        direct.position(1200).limit(19_200);
        others.get(2).observe(direct);
        FloatBuffer readOnly = FloatBuffer.wrap(part).asReadOnlyBuffer();
        others.get(3).observe(readOnly);

        for (O other : others) {
            assertEquals(expected, result.apply(other));
        }
        for (FloatBuffer buffer : List.of(sliced, direct, readOnly)) {
            assertEquals(0, buffer.remaining());
        }
    }

    @Test
    void buffersAndArraysAreTheSame() {
        checkBuffers(
                new HistogramObserver(),
                List.of(
                        new HistogramObserver(),
                        new HistogramObserver(),
                        new HistogramObserver(),
                        new HistogramObserver()),
                HistogramObserver::summary);
        checkBuffers(
                new MinMaxObserver(),
                List.of(new MinMaxObserver(), new MinMaxObserver(), new MinMaxObserver(), new MinMaxObserver()),
                MinMaxObserver::summary);
        checkBuffers(
                new PerChannelMinMaxObserver(3, 5),
                List.of(
                        new PerChannelMinMaxObserver(3, 5),
                        new PerChannelMinMaxObserver(3, 5),
                        new PerChannelMinMaxObserver(3, 5),
                        new PerChannelMinMaxObserver(3, 5)),
                PerChannelMinMaxObserver::summary);
        checkBuffers(
                new MovingAverageObserver(0.5f),
                List.of(
                        new MovingAverageObserver(0.5f),
                        new MovingAverageObserver(0.5f),
                        new MovingAverageObserver(0.5f),
                        new MovingAverageObserver(0.5f)),
                MovingAverageObserver::range);
    }

    @Test
    void boundsAreChecked() {
        for (Observer observer : List.of(
                new HistogramObserver(),
                new MinMaxObserver(),
                new MovingAverageObserver(1),
                new PerChannelMinMaxObserver(1, 1))) {
            float[] values = new float[4];
            assertThrows(IndexOutOfBoundsException.class, () -> observer.observe(values, 3, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> observer.observe(values, -1, 2));
            assertThrows(IndexOutOfBoundsException.class, () -> observer.observe(values, 1, Integer.MAX_VALUE));
            observer.observe(values, 4, 0);
        }
    }

    @Test
    void everyKindIsCounted() {
        float[] values = {
            -0f, 0f, 1, -2, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY
        };
        ValueCounts expected = new ValueCounts(8, 2, 1, 2, 1, -2, 1);
        assertEquals(expected, HistogramLaws.counts(values));
        HistogramSummary summary = HistogramLaws.summary(values);
        assertEquals(expected, summary.counts());
        assertEquals(4, expected.finite());
        assertEquals(-1, summary.sum());
        assertEquals(5, summary.sumOfSquares());
        assertEquals(RealRange.of(-2, 1), summary.range());
        long binned = 0;
        for (int k = 0; k < HistogramObserver.BINS; k++) {
            binned += summary.positive(k) + summary.negative(k);
        }
        assertEquals(2, binned);
    }

    /** Subnormal values are counted one by one, and the zeros beside them on their own. */
    @Test
    void zerosBesideTheSmallestFloats() {
        float least = Float.MIN_VALUE;
        for (float[] values :
                new float[][] {{0, least, 3 * least}, {-least, -0f, 0}, {0, 0}, {least}, {-least}, {-least, 0, least}
                }) {
            ValueCounts counts = HistogramLaws.counts(values);
            assertEquals(counts, HistogramLaws.summary(values).counts());
            HistogramObserver observer = new HistogramObserver();
            observer.observe(values);
            assertEquals(counts, observer.lastCounts());
            int zeros = 0;
            for (float value : values) {
                zeros += value == 0 ? 1 : 0;
            }
            assertEquals(zeros, counts.zeros());
        }
    }

    /** What is not finite leaves a sample's other values, and samples of nothing else have no extremes. */
    @Test
    void samplesWithNanAreCountedByTheirOthers() {
        float[] values = data(4200);
        Arrays.fill(values, 700, 721, Float.POSITIVE_INFINITY);
        HistogramObserver histogram = new HistogramObserver();
        PerSampleObserver samples = new PerSampleObserver();
        samples.observeWith(histogram, values, 0, values.length, 7);
        assertEquals(HistogramLaws.summary(values), histogram.summary());
        assertEquals(HistogramLaws.counts(values), histogram.lastCounts());
        PerSampleObserver alone = new PerSampleObserver(7);
        alone.observe(values);
        assertEquals(alone.summary(), samples.summary());
        assertEquals(597, samples.summary().samples());
    }

    @Test
    void countsRefuseWhatCannotBe() {
        assertEquals(ValueCounts.NONE, HistogramLaws.counts());
        assertEquals(ValueCounts.NONE, ValueCounts.NONE.merge(ValueCounts.NONE));
        assertThrows(IllegalStateException.class, ValueCounts.NONE::range);
        for (Runnable wrong : List.<Runnable>of(
                () -> new ValueCounts(1, 2, 0, 0, 0, 0, 0),
                () -> new ValueCounts(1, -1, 0, 0, 0, 0, 0),
                () -> new ValueCounts(-1, 0, 0, 0, 0, 0, 0),
                () -> new ValueCounts(1, 0, 0, 0, 0, 2, 1),
                () -> new ValueCounts(1, 0, 1, 0, 0, 1, 1),
                () -> new ValueCounts(1, 0, 0, 0, 0, Float.NaN, Float.NaN))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }

    @Test
    void movingAverageCopiesThenAverages() {
        MovingAverageObserver observer = new MovingAverageObserver(0.01f);
        assertThrows(IllegalStateException.class, observer::range);
        observer.observe(new float[] {Float.NaN});
        assertThrows(IllegalStateException.class, observer::range);
        observer.observe(new float[] {-1, 2});
        assertEquals(RealRange.of(-1, 2), observer.range());
        observer.observe(new float[] {-3, 7, Float.POSITIVE_INFINITY});
        observer.observe(new float[] {Float.NaN, Float.NEGATIVE_INFINITY});
        float min = -1 + 0.01f * (-3f + 1);
        float max = 2 + 0.01f * (7f - 2);
        assertEquals(RealRange.of(min, max), observer.range());
        for (float wrong : new float[] {0, -1, 1.5f, Float.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new MovingAverageObserver(wrong));
        }
    }

    @Test
    void channelsLieAlongAnyAxis() {
        int[] shape = {2, 3, 4};
        float[] values = new float[24];
        for (int axis = 0; axis < 3; axis++) {
            float[] low = new float[shape[axis]];
            float[] high = new float[shape[axis]];
            Arrays.fill(low, Float.MAX_VALUE);
            Arrays.fill(high, -Float.MAX_VALUE);
            for (int i = 0; i < 24; i++) {
                values[i] = (i * 7919) % 101 - 50;
                int[] index = {i / 12, i / 4 % 3, i % 4};
                low[index[axis]] = Math.min(low[index[axis]], values[i]);
                high[index[axis]] = Math.max(high[index[axis]], values[i]);
            }
            PerChannelMinMaxObserver observer = PerChannelMinMaxObserver.of(shape, axis);
            observer.observe(values);
            List<RealRange> ranges = observer.summary().ranges();
            assertEquals(shape[axis], ranges.size());
            for (int c = 0; c < ranges.size(); c++) {
                assertEquals(RealRange.of(low[c], high[c]), ranges.get(c));
            }
        }
    }

    @Test
    void channelSummariesMergeChannelwise() {
        PerChannelMinMaxObserver whole = new PerChannelMinMaxObserver(2, 3);
        PerChannelMinMaxObserver first = new PerChannelMinMaxObserver(2, 3);
        PerChannelMinMaxObserver second = new PerChannelMinMaxObserver(2, 3);
        float[] values = data(600);
        whole.observe(values);
        first.observe(values, 0, 150);
        second.observe(values, 150, 450);
        assertEquals(whole.summary(), first.summary().merge(second.summary()));
        assertEquals(whole.summary(), second.summary().merge(first.summary()));
        PerChannelSummary other = new PerChannelMinMaxObserver(3, 3).summary();
        assertThrows(IllegalArgumentException.class, () -> other.merge(whole.summary()));
        IllegalStateException empty = assertThrows(IllegalStateException.class, other::ranges);
        assertEquals("channel 0: ", empty.getMessage().substring(0, 11));
    }

    @Test
    void channelsRefuseOtherLayouts() {
        PerChannelMinMaxObserver observer = new PerChannelMinMaxObserver(2, 3);
        assertThrows(IllegalArgumentException.class, () -> observer.observe(new float[9]));
        assertThrows(IllegalArgumentException.class, () -> observer.observe(FloatBuffer.allocate(9)));
        for (Runnable wrong : List.<Runnable>of(
                () -> new PerChannelMinMaxObserver(0, 1),
                () -> new PerChannelMinMaxObserver(1, 0),
                () -> new PerChannelMinMaxObserver(1 << 16, 1 << 16),
                () -> PerChannelMinMaxObserver.of(new int[] {2, 3}, 2),
                () -> PerChannelMinMaxObserver.of(new int[] {2, 3}, -3),
                () -> PerChannelMinMaxObserver.of(new int[] {2, 3, 0}, 1),
                () -> PerChannelMinMaxObserver.of(new int[] {1, 1 << 16, 1 << 16}, 0))) {
            assertThrows(IllegalArgumentException.class, wrong::run);
        }
    }
}
