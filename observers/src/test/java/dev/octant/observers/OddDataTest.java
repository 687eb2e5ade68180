// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.estimators.AbsMax;
import dev.octant.observers.estimators.Best;
import dev.octant.observers.estimators.ConsumerAware;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.ExpectedError;
import dev.octant.observers.estimators.ExpectedOutputError;
import dev.octant.observers.estimators.Fixed;
import dev.octant.observers.estimators.MeanOfSamples;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.MedianOfSamples;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.Percentile;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.estimators.SampleEstimator;
import dev.octant.observers.estimators.Saturation;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The policy for odd data, for every observer and every estimator. */
class OddDataTest {
    private static final QuantType TYPE = QuantType.INT8;
    private static final QuantScheme SCHEME = QuantScheme.ASYMMETRIC;

    private static final List<RangeEstimator> ESTIMATORS = List.of(
            new MinMax(),
            new AbsMax(),
            new Percentile(99.99),
            new Entropy(),
            new MeanSquaredError(TYPE, SCHEME),
            new Saturation(TYPE, SCHEME),
            ConsumerAware.of(x -> x / (1 + Math.exp(-x)), RealRange.of(-0.279, Double.POSITIVE_INFINITY), TYPE, SCHEME),
            Best.of(x -> x / (1 + Math.exp(-x)), RealRange.of(-0.279, Double.POSITIVE_INFINITY), TYPE, SCHEME),
            Fixed.of(-6, 6));

    /**
     * One kind of odd data: the span of its finite values, or null where there are none, and whether every estimator
     * that follows the data must keep exactly this span.
     */
    static final class Odd {
        private final String name;
        private final float[] values;
        private final RealRange observed;
        private final boolean exact;

        Odd(String name, float[] values, RealRange observed, boolean exact) {
            this.name = name;
            this.values = values;
            this.observed = observed;
            this.exact = exact;
        }

        @Override
        public String toString() {
            return name;
        }
    }

    static Stream<Odd> odd() {
        float nan = Float.NaN;
        float inf = Float.POSITIVE_INFINITY;
        float max = Float.MAX_VALUE;
        float tiny = Float.MIN_VALUE;
        float[] outlier = new float[200_000];
        Random random = new Random(1);
        for (int i = 0; i < outlier.length; i++) {
            outlier[i] = (float) random.nextGaussian();
        }
        float least = 0;
        for (float value : outlier) {
            least = Math.min(least, value);
        }
        outlier[77_777] = 1e30f;
        return Stream.of(
                new Odd("no data", new float[0], null, true),
                new Odd("constant", new float[] {2.5f, 2.5f, 2.5f}, RealRange.of(2.5, 2.5), true),
                new Odd("all zero", new float[] {0, -0f, 0}, RealRange.of(0, 0), true),
                new Odd("one-sided", new float[] {0.5f, 1, 1.5f, 3}, RealRange.of(0.5, 3), false),
                new Odd(
                        "subnormal only",
                        new float[] {tiny, 5 * tiny, -9 * tiny},
                        RealRange.of(-9.0 * tiny, 5.0 * tiny),
                        false),
                new Odd("NaN only", new float[] {nan, nan}, null, true),
                new Odd("infinities only", new float[] {inf, -inf}, null, true),
                new Odd(
                        "NaN and infinities among values",
                        new float[] {nan, 1, inf, -2, -inf},
                        RealRange.of(-2, 1),
                        false),
                new Odd("ends of the floats", new float[] {max, -max, 1}, RealRange.of(-max, max), false),
                new Odd("one outlier of 1e30", outlier, RealRange.of(least, 1e30f), false));
    }

    @ParameterizedTest
    @MethodSource("odd")
    void everyEstimatorKeepsThePolicy(Odd odd) {
        HistogramSummary summary = HistogramLaws.summary(odd.values);
        for (RangeEstimator estimator : ESTIMATORS) {
            if (estimator instanceof Fixed fixed) {
                assertEquals(fixed.range(), fixed.estimate(summary));
                continue;
            }
            if (odd.observed == null) {
                IllegalStateException e = assertThrows(IllegalStateException.class, () -> estimator.estimate(summary));
                assertTrue(e.getMessage().startsWith("observed values must include a finite one"), e.getMessage());
                continue;
            }
            RealRange range = estimator.estimate(summary);
            String where = estimator + ": " + range;
            RealRange widest = estimator instanceof AbsMax
                    ? new AbsMax()
                            .estimate(HistogramLaws.summary((float) odd.observed.min(), (float) odd.observed.max()))
                    : odd.observed;
            assertTrue(widest.min() <= range.min() && range.max() <= widest.max(), where);
            if (odd.exact) {
                assertEquals(widest, range, where);
            }
            // Whatever the range, it becomes parameters that quantize every value without an error.
            QuantParams params = SCHEME.choose(range, TYPE);
            assertEquals(params.zeroPoint(), params.quantize(Float.NaN));
            if (odd.name.equals("all zero") || odd.name.equals("subnormal only")) {
                assertEquals(1, params.scale(), where);
            }
            ExpectedError error = ExpectedError.of(summary, params);
            assertTrue(error.total() >= 0 && error.total() < Double.POSITIVE_INFINITY, where);
            ExpectedOutputError output = ExpectedOutputError.of(summary, params, params, x -> x, RealRange.ALL);
            // The last code of a grid up to 3.4e38 may stand for infinity, and a table may give it.
            double limit = params.range().isFinite() ? Double.MAX_VALUE : Double.POSITIVE_INFINITY;
            assertTrue(output.total() >= 0 && output.total() <= limit, where);
        }
    }

    /** One observer of each kind and what it has seen, as counts. */
    private static Map<Observer, java.util.function.Supplier<ValueCounts>> observers() {
        HistogramObserver histogram = new HistogramObserver();
        MinMaxObserver minMax = new MinMaxObserver();
        PerChannelMinMaxObserver channels = new PerChannelMinMaxObserver(1, 1);
        PerChannelHistogramObserver channelHistograms = new PerChannelHistogramObserver(new ChannelLayout(1, 1), 64);
        PerSampleObserver samples = new PerSampleObserver();
        Map<Observer, java.util.function.Supplier<ValueCounts>> observers = new LinkedHashMap<>();
        observers.put(histogram, () -> histogram.summary().counts());
        observers.put(minMax, minMax::summary);
        observers.put(channels, () -> channels.summary().channels().get(0));
        observers.put(
                channelHistograms,
                () -> channelHistograms.summary().channels().get(0).counts());
        observers.put(samples, () -> samples.summary().values());
        return observers;
    }

    @ParameterizedTest
    @MethodSource("odd")
    void everyObserverCountsTheSame(Odd odd) {
        long nan = 0;
        long infinite = 0;
        for (float value : odd.values) {
            nan += Float.isNaN(value) ? 1 : 0;
            infinite += Float.isInfinite(value) ? 1 : 0;
        }
        ValueCounts expected = HistogramLaws.counts(odd.values);
        assertEquals(nan, expected.nan());
        assertEquals(infinite, expected.positiveInfinities() + expected.negativeInfinities());
        if (odd.observed != null) {
            assertEquals(odd.observed, expected.range());
        }
        observers().forEach((observer, counts) -> {
            observer.observe(odd.values);
            assertEquals(expected, counts.get(), observer.getClass().getSimpleName());
        });
        MovingAverageObserver average = new MovingAverageObserver(0.5f);
        average.observe(odd.values);
        if (odd.observed == null) {
            assertThrows(IllegalStateException.class, average::range);
        } else {
            assertEquals(odd.observed, average.range());
        }
    }

    @ParameterizedTest
    @MethodSource("odd")
    void meanAndMedianOfSamplesKeepThePolicy(Odd odd) {
        PerSampleObserver observer = new PerSampleObserver();
        observer.observe(odd.values);
        for (SampleEstimator estimator : List.of(new MeanOfSamples(), new MedianOfSamples())) {
            if (odd.observed == null) {
                assertThrows(IllegalStateException.class, () -> estimator.estimate(observer.summary()));
            } else {
                assertEquals(odd.observed, estimator.estimate(observer.summary()), estimator.toString());
            }
        }
    }

    @Test
    void moreThanTwoToThe31ValuesAreCountedAndEstimated() {
        HistogramSummary few = HistogramLaws.summary(-1, 0, 0.25f, 0.5f, 2);
        HistogramSummary many = few;
        while (many.counts().count() <= 1L << 32) {
            many = many.merge(many);
        }
        long times = many.counts().count() / 5;
        assertEquals(times, many.counts().zeros());
        assertEquals(1.75 * times, many.sum());
        for (RangeEstimator estimator : ESTIMATORS) {
            if (!(estimator instanceof Percentile)) {
                RealRange expected = estimator.estimate(few);
                RealRange actual = estimator.estimate(many);
                assertEquals(expected.min(), actual.min(), 1e-3, estimator.toString());
                assertEquals(expected.max(), actual.max(), 1e-3, estimator.toString());
            }
        }
        float[] ones = new float[1 << 20];
        Arrays.fill(ones, 1.5f);
        HistogramObserver observer = new HistogramObserver();
        for (int i = 0; i < 300; i++) {
            observer.observe(ones);
        }
        assertEquals(300L << 20, observer.summary().counts().count(), "past the fast counter's own limit of 2^28");
        assertEquals(300L << 20, observer.summary().positive(1536));
        assertEquals(1.5 * (300L << 20), observer.summary().sum());
        assertEquals(2.25 * (300L << 20), observer.summary().sumOfSquares());
    }

    @Test
    void everyOtherSummaryCountsPastTwoToThe31Too() {
        float[] values = {-1, 0, 0.25f, 0.5f, 2};
        ValueCounts ends = HistogramLaws.counts(values);
        PerChannelMinMaxObserver channels = new PerChannelMinMaxObserver(1, 1);
        PerChannelHistogramObserver histograms = new PerChannelHistogramObserver(new ChannelLayout(1, 1), 64);
        PerSampleObserver samples = new PerSampleObserver(1);
        channels.observe(values);
        histograms.observe(values);
        samples.observe(values);
        PerChannelSummary channel = channels.summary();
        PerChannelHistogramSummary histogram = histograms.summary();
        PerSampleSummary sample = samples.summary();
        RealRange mean = new MeanOfSamples().estimate(sample);
        RealRange median = new MedianOfSamples().estimate(sample);
        long expected = 5;
        for (; expected <= 1L << 32; expected *= 2) {
            ends = ends.merge(ends);
            channel = channel.merge(channel);
            histogram = histogram.merge(histogram);
            sample = sample.merge(sample);
        }
        assertEquals(expected, ends.count());
        assertEquals(expected / 5, ends.zeros());
        assertEquals(ends, channel.channels().get(0));
        assertEquals(ends, histogram.channels().get(0).counts());
        assertEquals(ends, sample.values());
        assertEquals(expected, sample.samples());
        assertEquals(mean, new MeanOfSamples().estimate(sample));
        assertEquals(median, new MedianOfSamples().estimate(sample));
    }

    /** 1e8 normal values: a hundred times the same million. */
    @Test
    void oneOutlierOf1e30Among1e8Values() {
        float[] million = new float[1_000_000];
        Random random = new Random(3);
        for (int i = 0; i < million.length; i++) {
            million[i] = (float) random.nextGaussian();
        }
        HistogramObserver observer = new HistogramObserver();
        PerSampleObserver samples = new PerSampleObserver();
        for (int i = 0; i < 100; i++) {
            observer.observe(million);
            samples.observe(million);
        }
        HistogramSummary clean = observer.summary();
        PerSampleSummary cleanSamples = samples.summary();
        observer.observe(new float[] {1e30f});
        million[500_000] = 1e30f;
        samples.observe(million);
        HistogramSummary summary = observer.summary();
        assertEquals(100_000_001L, summary.counts().count());
        RealRange all = RealRange.of(clean.range().min(), 1e30f);
        for (RangeEstimator estimator : ESTIMATORS) {
            RealRange range = estimator.estimate(summary);
            if (estimator instanceof Percentile percentile) {
                // Its neighbours share a bin with it, but not an octave.
                RealRange before = percentile.estimate(clean);
                assertEquals(before.min(), range.min(), 0.2);
                assertEquals(before.max(), range.max(), 0.2);
            } else if (estimator instanceof AbsMax) {
                assertEquals(RealRange.of(-1e30f, 1e30f), range);
            } else if (estimator instanceof Fixed fixed) {
                assertEquals(fixed.range(), range);
            } else {
                assertEquals(all, range, estimator.toString());
            }
        }
        assertEquals(
                1e30f / 101.0, new MeanOfSamples().estimate(samples.summary()).max(), 1e22);
        RealRange median = new MedianOfSamples().estimate(samples.summary());
        assertEquals(
                new MedianOfSamples().estimate(cleanSamples).max(),
                median.max(),
                0.5 * cleanSamples.values().max());
    }
}
