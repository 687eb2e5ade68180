// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.MergeLaws;
import dev.octant.observers.estimators.MeanOfSamples;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MedianOfSamples;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Summaries per sample, per channel and per group are functions of the data, however it arrives. */
class SampleAndChannelLaws {
    private static PerChannelHistogramSummary channels(ChannelLayout layout, int bins, float... values) {
        PerChannelHistogramObserver observer = new PerChannelHistogramObserver(layout, bins);
        observer.observe(values);
        return observer.summary();
    }

    private static PerSampleSummary samples(int length, float... values) {
        PerSampleObserver observer = new PerSampleObserver(length);
        observer.observe(values);
        return observer.summary();
    }

    @Example
    void samplesOfOneValueMergeExactly() {
        MergeLaws.check(values -> samples(1, values), PerSampleSummary::merge);
    }

    @Example
    void channelHistogramsMergeExactly() {
        MergeLaws.check(values -> channels(new ChannelLayout(1, 1), 32, values), PerChannelHistogramSummary::merge);
    }

    @Property(tries = 100)
    void aClearedObserverIsNewAndTakesCounts(
            @ForAll("tensors") float[] before,
            @ForAll("tensors") float[] values,
            @ForAll @IntRange(min = 1, max = 7) int length) {
        float[] whole = Arrays.copyOf(values, values.length / length * length);
        PerSampleObserver observer = new PerSampleObserver(1);
        observer.observe(before);
        observer.clear();
        assertEquals(PerSampleSummary.EMPTY, observer.summary());
        for (int from = 0; from < whole.length; from += length) {
            observer.observe(HistogramLaws.counts(Arrays.copyOfRange(whole, from, from + length)));
        }
        assertEquals(samples(length, whole), observer.summary());
    }

    /** Samples shorter and longer than a block, with NaN, outliers and zeros among them. */
    @Property(tries = 100)
    void aHistogramShowsTheExtremesOfItsSamples(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 6000) int length,
            @ForAll @IntRange(min = 0, max = 12) int most) {
        float[] values = FastPathProperties.mixture(random, length * most);
        HistogramObserver histogram = new HistogramObserver();
        PerSampleObserver samples = new PerSampleObserver();
        for (int from = 0; from < values.length; ) {
            int part = length * (1 + random.nextInt((values.length - from) / length));
            samples.observeWith(histogram, values, from, part, length);
            if (length <= Blocks.SIZE) {
                assertEquals(
                        HistogramLaws.counts(Arrays.copyOfRange(values, from, from + part)), histogram.lastCounts());
            }
            from += part;
        }
        assertEquals(ReferenceHistogram.of(values, 0, values.length), histogram.summary());
        assertEquals(samples(length, values), samples.summary());
        assertThrows(
                IllegalArgumentException.class,
                () -> samples.observeWith(histogram, new float[length + 1], 0, length + 1, length + 2));
    }

    @Property(tries = 200)
    void anySplitBetweenSamplesGivesTheSame(
            @ForAll("tensors") float[] values, @ForAll @IntRange(min = 1, max = 7) int length, @ForAll Random random) {
        float[] whole = Arrays.copyOf(values, values.length / length * length);
        PerSampleSummary expected = samples(length, whole);
        PerSampleObserver single = new PerSampleObserver();
        PerSampleObserver first = new PerSampleObserver(length);
        PerSampleObserver second = new PerSampleObserver(length);
        for (int from = 0; from < whole.length; from += length) {
            single.observe(whole, from, length);
            if (random.nextBoolean()) {
                first.observe(FloatBuffer.wrap(whole, from, length).asReadOnlyBuffer());
            } else {
                second.observe(whole, from, length);
            }
        }
        assertEquals(expected, single.summary());
        assertEquals(expected, first.summary().merge(second.summary()));
        first.merge(second.summary());
        assertEquals(expected, first.summary());
        assertEquals(expected.hashCode(), first.summary().hashCode());
    }

    @Property(tries = 200)
    void meanIsExactAndMedianWithinABin(
            @ForAll("tensors") float[] values, @ForAll @IntRange(min = 1, max = 5) int length) {
        float[] whole = Arrays.copyOf(values, values.length / length * length);
        List<Float> minima = new ArrayList<>();
        List<Float> maxima = new ArrayList<>();
        for (int from = 0; from < whole.length; from += length) {
            float[] finite = finite(Arrays.copyOfRange(whole, from, from + length));
            if (finite.length > 0) {
                minima.add(finite[0] + 0f);
                maxima.add(finite[finite.length - 1] + 0f);
            }
        }
        PerSampleSummary summary = samples(length, whole);
        assertEquals(minima.size(), summary.samples());
        if (minima.isEmpty()) {
            assertThrows(IllegalStateException.class, () -> new MeanOfSamples().estimate(summary));
            assertThrows(IllegalStateException.class, () -> new MedianOfSamples().estimate(summary));
            return;
        }
        RealRange mean = new MeanOfSamples().estimate(summary);
        assertEquals(mean(minima), mean.min());
        assertEquals(mean(maxima), mean.max());
        RealRange median = new MedianOfSamples().estimate(summary);
        // Two ends may change places when both lie in one bin, so either side's bin is what is certain.
        double width = Math.max(summary.minima().binWidth(), summary.maxima().binWidth());
        assertEquals(median(minima), median.min(), width);
        assertEquals(median(maxima), median.max(), width);
        RealRange observed = summary.range();
        assertTrue(observed.min() <= median.min() && median.max() <= observed.max());
        assertTrue(observed.min() <= mean.min() && mean.max() <= observed.max());
    }

    private static float[] finite(float[] values) {
        double[] finite = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i])
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        float[] result = new float[finite.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = (float) finite[i];
        }
        return result;
    }

    private static double mean(List<Float> values) {
        BigDecimal sum = BigDecimal.ZERO;
        for (float value : values) {
            sum = sum.add(new BigDecimal(value));
        }
        return sum.divide(BigDecimal.valueOf(values.size()), MathContext.DECIMAL128)
                .doubleValue();
    }

    private static double median(List<Float> values) {
        List<Float> sorted = values.stream().sorted().toList();
        return ((double) sorted.get((sorted.size() - 1) / 2) + sorted.get(sorted.size() / 2)) / 2;
    }

    @Example
    void samplesThatDoNotFitAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new PerSampleObserver(0));
        assertThrows(IllegalArgumentException.class, () -> samples(3, 1, 2, 3, 4));
        assertThrows(
                IllegalArgumentException.class, () -> new PerSampleObserver(3).observe(FloatBuffer.wrap(new float[4])));
        assertThrows(IndexOutOfBoundsException.class, () -> new PerSampleObserver().observe(new float[4], 2, 3));
        assertThrows(
                IllegalArgumentException.class,
                () -> new PerSampleSummary(ValueCounts.NONE, HistogramLaws.summary(1), HistogramSummary.EMPTY));
        assertEquals(PerSampleSummary.EMPTY, new PerSampleObserver().summary());
        assertEquals("mean median", new MeanOfSamples() + " " + new MedianOfSamples());
    }

    /** With all bins and one channel it is the histogram observer, to the bit; with fewer, neighbours are added. */
    @Property(tries = 200)
    void aChannelIsAHistogram(@ForAll("tensors") float[] values, @ForAll @IntRange(min = 4, max = 11) int bits) {
        HistogramSummary whole = HistogramLaws.summary(values);
        HistogramSummary channel =
                channels(new ChannelLayout(1, 1), 1 << bits, values).channels().get(0);
        checkChannel(whole, channel, bits);
    }

    /** Rows that are long enough to be counted in the shared bins, in pieces. */
    @Property(tries = 60)
    void aLongRowIsAHistogram(
            @ForAll Random random,
            @ForAll @IntRange(min = 4, max = 11) int bits,
            @ForAll @IntRange(min = 767, max = 80_000) int length) {
        float[] values = FastPathProperties.mixture(random, 2 * length);
        PerChannelHistogramSummary summary = channels(new ChannelLayout(2, length), 1 << bits, values);
        for (int channel = 0; channel < 2; channel++) {
            assertEquals(
                    ReferenceHistogram.of(values, channel * length, (channel + 1) * length, bits),
                    summary.channels().get(channel));
        }
    }

    private static void checkChannel(HistogramSummary whole, HistogramSummary channel, int bits) {
        if (bits == 11) {
            assertEquals(whole, channel);
        }
        assertEquals(whole.counts(), channel.counts());
        assertEquals(whole.sum(), channel.sum());
        assertEquals(whole.sumOfSquares(), channel.sumOfSquares());
        int rise = channel.exponent() - whole.exponent();
        assertTrue(rise >= 0 && rise <= 11 - bits);
        long[] positive = new long[HistogramObserver.BINS];
        long[] negative = new long[HistogramObserver.BINS];
        for (int k = 0; k < HistogramObserver.BINS; k++) {
            positive[k >> rise] += whole.positive(k);
            negative[k >> rise] += whole.negative(k);
        }
        for (int k = 0; k < HistogramObserver.BINS; k++) {
            assertEquals(positive[k], channel.positive(k));
            assertEquals(negative[k], channel.negative(k));
        }
        // The cells of fewer bins are those of more, taken together.
        List<HistogramSummary.Cell> cells = whole.cells();
        int fine = 0;
        for (HistogramSummary.Cell cell : channel.cells()) {
            boolean isLast = cell.equals(channel.cells().get(channel.cells().size() - 1));
            long count = 0;
            for (; fine < cells.size(); fine++) {
                double middle = (cells.get(fine).left() + cells.get(fine).right()) / 2;
                if (middle > 0 ? middle >= cell.right() && !isLast : middle > cell.right()) {
                    break;
                }
                assertTrue(middle >= cell.left());
                count += cells.get(fine).count();
            }
            assertEquals(cell.count(), count);
        }
        assertEquals(cells.size(), fine);
    }

    @Property(tries = 100)
    void channelsAndGroupsAreToldApart(
            @ForAll Random random,
            @ForAll @IntRange(min = 1, max = 4) int block,
            @ForAll @IntRange(min = 1, max = 3) int inner) {
        int[] shape = {2, 3 * block, inner};
        float[] values = new float[2 * 3 * block * inner];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        ChannelLayout layout = PerChannelHistogramObserver.groups(1, block, shape);
        PerChannelHistogramSummary histograms = channels(layout, 128, values);
        PerChannelMinMaxObserver minMax = new PerChannelMinMaxObserver(layout.channels(), layout.inner());
        minMax.observe(values);
        for (int group = 0; group < 3; group++) {
            List<Float> own = new ArrayList<>();
            for (int i = 0; i < values.length; i++) {
                if (i / inner % (3 * block) / block == group) {
                    own.add(values[i]);
                }
            }
            float[] ownValues = new float[own.size()];
            for (int i = 0; i < ownValues.length; i++) {
                ownValues[i] = own.get(i);
            }
            assertEquals(
                    channels(new ChannelLayout(1, 1), 128, ownValues).channels().get(0),
                    histograms.channels().get(group));
            assertEquals(
                    HistogramLaws.counts(ownValues), minMax.summary().channels().get(group));
        }
        assertEquals(minMax.summary().ranges(), histograms.ranges(new MinMax()::estimate));
        PerChannelHistogramObserver buffered = new PerChannelHistogramObserver(layout, 128);
        buffered.observe(FloatBuffer.wrap(values).asReadOnlyBuffer());
        assertEquals(histograms, buffered.summary());
    }

    @Example
    void estimatorsWorkOnFewBins() {
        Random random = new Random(4);
        float[] values = new float[60_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (1 + i % 3));
        }
        PerChannelHistogramSummary summary = channels(new ChannelLayout(3, 1), 256, values);
        List<RealRange> percentiles = summary.ranges(new Percentile(99)::estimate);
        List<RealRange> errors = summary.ranges(new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC)::estimate);
        for (int channel = 0; channel < 3; channel++) {
            double width = summary.channels().get(channel).binWidth();
            // 2.576 standard deviations hold 99 %; the sample's quantile spreads by 0.04 of one with 20,000 values.
            assertEquals(2.576 * (channel + 1), percentiles.get(channel).max(), width + 4 * 0.04 * (channel + 1));
            assertTrue(errors.get(channel).max() > 2.5 * (channel + 1));
        }
    }

    @Example
    void memoryIsAsStated() {
        assertEquals(3 * (264 + 536 * 2 * 10) + 82_944, PerChannelHistogramObserver.bytes(3, 64));
        assertEquals(264 + 536 * 2 * 309 + 82_944, PerChannelHistogramObserver.bytes(1, 2048));
        PerChannelHistogramObserver observer = new PerChannelHistogramObserver(new ChannelLayout(3, 1), 64);
        // A table of the pages, and one page of the bins.
        observer.observe(new float[] {1, 2, 1e30f});
        assertEquals(3 * (264 + 8 * 20 + 528) + 82_944, observer.bytes());
        float[] everywhere = new float[3 * 255 * 2];
        for (int octave = 0; octave < 255; octave++) {
            for (int i = 0; i < 6; i++) {
                everywhere[octave * 6 + i] = Float.intBitsToFloat(octave << 23 | 1) * (i < 3 ? 1 : -1);
            }
        }
        observer.observe(everywhere);
        assertTrue(observer.bytes() <= PerChannelHistogramObserver.bytes(3, 64));
        assertTrue(observer.bytes() > PerChannelHistogramObserver.bytes(3, 64) - 3 * 4 * 528);
    }

    @Example
    void whatDoesNotFitIsRefused() {
        ChannelLayout layout = new ChannelLayout(2, 3);
        for (int bins : new int[] {0, 8, 100, 4096, -16}) {
            assertThrows(IllegalArgumentException.class, () -> new PerChannelHistogramObserver(layout, bins));
        }
        assertThrows(IllegalArgumentException.class, () -> channels(layout, 16, 1, 2, 3));
        assertThrows(IllegalArgumentException.class, () -> PerChannelHistogramObserver.groups(1, 2, 4, 5));
        HistogramSummary few =
                channels(new ChannelLayout(1, 1), 16, 1).channels().get(0);
        assertThrows(IllegalArgumentException.class, () -> few.merge(HistogramLaws.summary(1)));
        assertThrows(IllegalArgumentException.class, () -> new HistogramObserver().merge(few));
        PerChannelHistogramSummary two = channels(layout, 16);
        assertThrows(IllegalArgumentException.class, () -> two.merge(channels(new ChannelLayout(3, 1), 16)));
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> two.ranges(new MinMax()::estimate));
        assertTrue(e.getMessage().startsWith("channel 0: "), e.getMessage());
    }

    @Provide
    Arbitrary<float[]> tensors() {
        return new HistogramLaws().tensors();
    }
}
