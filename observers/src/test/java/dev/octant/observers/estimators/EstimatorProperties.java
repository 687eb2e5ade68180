// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.fixtures.QuantInputs;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class EstimatorProperties {
    private static final List<RangeEstimator> ALL = List.of(
            new MinMax(),
            new Percentile(100),
            new Percentile(99.99),
            new Percentile(90),
            new Entropy(),
            new Entropy(128),
            new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC),
            new MeanSquaredError(QuantType.UINT8, QuantScheme.ASYMMETRIC),
            new MeanSquaredError(QuantType.INT8_NARROW, QuantScheme.SYMMETRIC),
            new Saturation(QuantType.INT8, QuantScheme.ASYMMETRIC),
            new Saturation(0.5, QuantType.UINT8, QuantScheme.ASYMMETRIC));

    @Example
    void namesAreThoseOfTheCommandLine() {
        assertEquals(
                List.of(
                        "minmax",
                        "percentile=100",
                        "percentile=99.99",
                        "percentile=90",
                        "entropy",
                        "entropy=128",
                        "mse",
                        "mse",
                        "mse",
                        "saturation=3",
                        "saturation=0.5"),
                ALL.stream().map(Object::toString).toList());
    }

    @Example
    void rangesThatDoNotFollowTheDataHaveNamesToo() {
        assertEquals("absmax", new AbsMax().toString());
        assertEquals(RealRange.of(-3, 3), new AbsMax().estimate(HistogramLaws.summary(1, 3)));
        assertEquals(RealRange.of(-3, 3), new AbsMax().estimate(HistogramLaws.summary(-3, 1)));
        assertThrows(IllegalStateException.class, () -> new AbsMax().estimate(HistogramSummary.EMPTY));
        assertEquals("fixed=-6,6.5", Fixed.of(-6, 6.5).toString());
        assertEquals("fixed=0,1E+30", Fixed.of(0, 1e30).toString());
        assertEquals(RealRange.of(-6, 6), Fixed.of(-6, 6).estimate(HistogramSummary.EMPTY));
        assertThrows(IllegalArgumentException.class, () -> Fixed.of(0, 1e39));
        assertThrows(IllegalArgumentException.class, () -> Fixed.of(1, 0));
        for (double wrong : new double[] {0, -1, Double.NaN, Double.POSITIVE_INFINITY}) {
            assertThrows(
                    IllegalArgumentException.class,
                    () -> new Saturation(wrong, QuantType.INT8, QuantScheme.ASYMMETRIC));
        }
    }

    /** Weight 1 is the mean squared error, and a heavier weight clips less. */
    @Example
    void saturationWidensTheRange() {
        HistogramSummary summary = HistogramLaws.summary(cubed(2, 50_000));
        RealRange plain = new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC).estimate(summary);
        assertEquals(plain, new Saturation(1, QuantType.INT8, QuantScheme.ASYMMETRIC).estimate(summary));
        double before = 0;
        for (double weight : new double[] {0.1, 1, 3, 10, 100}) {
            RealRange range = new Saturation(weight, QuantType.INT8, QuantScheme.ASYMMETRIC).estimate(summary);
            assertTrue(range.width() > before, weight + ": " + range);
            before = range.width();
        }
    }

    @Example
    void everyEstimatorCopesWithAdversarialData() {
        QuantInputs.adversarialTensors().forEach((name, values) -> {
            HistogramSummary summary = HistogramLaws.summary(values);
            for (RangeEstimator estimator : ALL) {
                if (summary.counts().finite() == 0) {
                    assertThrows(IllegalStateException.class, () -> estimator.estimate(summary), name);
                    continue;
                }
                RealRange observed = summary.range();
                RealRange range = estimator.estimate(summary);
                String where = estimator + " on " + name + ": " + range + " of " + observed;
                assertTrue(observed.min() <= range.min() && range.max() <= observed.max(), where);
                assertEquals(range, estimator.estimate(summary), where);
                QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8);
            }
        });
    }

    @Example
    void degenerateDataKeepsItsRange() {
        for (float[] values : List.of(
                new float[] {0, -0f, 0},
                new float[] {0.1f, 0.1f},
                new float[] {-7},
                new float[] {Float.MIN_VALUE},
                new float[] {Float.MAX_VALUE, Float.NaN})) {
            HistogramSummary summary = HistogramLaws.summary(values);
            for (RangeEstimator estimator : ALL) {
                assertEquals(
                        summary.range(), estimator.estimate(summary), estimator + " on " + Arrays.toString(values));
            }
        }
    }

    @Example
    void oneHugeOutlierDoesNotBlurThePercentile() {
        float[] values = gaussian(5, 100_000);
        HistogramSummary clean = HistogramLaws.summary(values);
        HistogramSummary spoiled = clean.merge(HistogramLaws.summary(1e30f));
        RealRange expected = new Percentile(99).estimate(clean);
        RealRange actual = new Percentile(99).estimate(spoiled);
        // 0.5 % of a normal sample lies beyond 2.58, in the 19th of the 64 sub-bins from 2 to 4.
        assertEquals(
                RealRange.of(2 + 18 / 32.0, 2 + 19 / 32.0),
                new Percentile(99).bounds(spoiled).upper());
        assertEquals(expected.max(), actual.max(), 0.026);
        assertEquals(expected.min(), actual.min(), 0.026);
    }

    /** Activations of language models: normal values and a few hundreds to thousands of times as large. */
    @Example
    void outliersOfAnySizeLeaveEveryQuantileSharp() {
        for (int ratio : new int[] {300, 1000, 3000, 10_000}) {
            float[] values = gaussian(ratio, 300_000);
            for (int i = 0; i < 6; i++) {
                values[i * 1000] = (i % 2 == 0 ? 1 : -0.7f) * ratio * (1 - 0.1f * i);
            }
            float[] relu = values.clone();
            for (int i = 0; i < relu.length; i++) {
                relu[i] = Math.max(0, relu[i]);
            }
            for (float[] data : List.of(values, relu)) {
                for (double percent : new double[] {60, 90, 99, 99.9, 99.99, 99.999, 100}) {
                    assertQuantilesAreClose(data, percent, 0);
                }
                // A cell with many values tells the place much better than is promised.
                for (double percent : new double[] {99, 99.9}) {
                    assertQuantilesAreClose(data, percent, 0.0025);
                }
            }
        }
    }

    /** Whatever the data: all within 1 % of the value and 1/2048 of the largest. */
    @Property(tries = 500)
    void everyQuantileIsClose(
            @ForAll("tensors") float[] values, @ForAll @DoubleRange(min = 50.01, max = 100) double percent) {
        if (HistogramLaws.summary(values).counts().finite() > 0) {
            assertQuantilesAreClose(values, percent, 0);
        }
    }

    /** With {@code relative} above 0 within that part of the value, else as promised. */
    private static void assertQuantilesAreClose(float[] values, double percent, double relative) {
        float[] sorted = values.clone();
        Arrays.sort(sorted);
        HistogramSummary summary = HistogramLaws.summary(values);
        int finite = (int) summary.counts().finite();
        int first = (int) summary.counts().negativeInfinities();
        int cut = BigDecimal.valueOf(100)
                .subtract(BigDecimal.valueOf(percent))
                .multiply(BigDecimal.valueOf(finite))
                .divide(BigDecimal.valueOf(200))
                .intValue();
        RealRange estimate = new Percentile(percent).estimate(summary);
        double largest = Math.max(
                Math.abs(summary.range().min()), Math.abs(summary.range().max()));
        double[][] ends = {{sorted[first + cut], estimate.min()}, {sorted[first + finite - 1 - cut], estimate.max()}};
        for (double[] end : ends) {
            double allowed = relative > 0
                    ? relative * Math.abs(end[0])
                    : Math.min(Math.abs(end[0]) / 100, largest / 2048) * (1 + 1e-12);
            assertEquals(end[0], end[1], allowed, percent + " % of " + values.length + " values");
        }
    }

    @Property(tries = 500)
    void boundsHoldTheExactQuantiles(
            @ForAll("tensors") float[] values, @ForAll @IntRange(min = 1, max = 5000) int cut) {
        HistogramSummary summary = HistogramLaws.summary(values);
        double[] finite = new double[(int) summary.counts().finite()];
        if (finite.length == 0) {
            return;
        }
        int n = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                finite[n++] = value + 0.0;
            }
        }
        Arrays.sort(finite);
        Percentile percentile = new Percentile(100 - cut / 101.0);
        Percentile.Bounds bounds = percentile.bounds(summary);
        int whole = new BigDecimal("100")
                .subtract(BigDecimal.valueOf(percentile.percent()))
                .multiply(BigDecimal.valueOf(n))
                .divide(BigDecimal.valueOf(200))
                .intValue();
        assertTrue(bounds.lower().contains(finite[whole]), bounds + " " + finite[whole]);
        assertTrue(bounds.upper().contains(finite[n - 1 - whole]), bounds + " " + finite[n - 1 - whole]);
        RealRange range = percentile.estimate(summary);
        assertTrue(bounds.lower().contains(range.min()) && bounds.upper().contains(range.max()));
    }

    @Property(tries = 200)
    void negatedDataGivesTheMirroredPercentile(@ForAll("tensors") float[] values) {
        float[] negated = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            negated[i] = -values[i];
        }
        if (HistogramLaws.summary(values).counts().finite() > 0) {
            RealRange range = new Percentile(97.3).estimate(HistogramLaws.summary(values));
            assertEquals(
                    RealRange.of(-range.max(), -range.min()),
                    new Percentile(97.3).estimate(HistogramLaws.summary(negated)));
        }
    }

    /** Bins are powers of two wide, so doubling the data doubles every answer, to the bit. */
    @Property(tries = 30)
    void scaledDataGivesTheScaledRange(@ForAll @IntRange(min = -60, max = 60) int power, @ForAll Random random) {
        float[] values = gaussian(random.nextLong(), 2000);
        float[] scaled = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            scaled[i] = Math.scalb(values[i], power);
        }
        for (RangeEstimator estimator : ALL) {
            RealRange range = estimator.estimate(HistogramLaws.summary(values));
            assertEquals(
                    RealRange.of(Math.scalb(range.min(), power), Math.scalb(range.max(), power)),
                    estimator.estimate(HistogramLaws.summary(scaled)),
                    estimator.toString());
        }
    }

    /** The divergence by its definition, bin by bin. */
    private static double divergence(long[] counts, int end, int levels) {
        double[] p = new double[end];
        double[] q = new double[end];
        for (int j = 0; j < counts.length; j++) {
            p[Math.min(j, end - 1)] += counts[j];
        }
        for (int j = 0; j < end; j++) {
            double mass = 0;
            int filled = 0;
            for (int i = 0; i < end; i++) {
                if (i * levels / end == j * levels / end) {
                    mass += counts[i];
                    filled += counts[i] > 0 ? 1 : 0;
                }
            }
            q[j] = counts[j] > 0 ? mass / filled : 0;
        }
        double pSum = Arrays.stream(p).sum();
        double qSum = Arrays.stream(q).sum();
        double sum = 0;
        for (int j = 0; j < end; j++) {
            sum += p[j] == 0 ? 0 : p[j] / pSum * Math.log((p[j] / pSum) / (q[j] / qSum));
        }
        return sum;
    }

    @Property(tries = 300)
    void divergenceEqualsItsDefinition(@ForAll Random random) {
        long[] counts = new long[20 + random.nextInt(60)];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = random.nextInt(3) == 0 ? 0 : random.nextInt(1000);
        }
        int levels = 1 + random.nextInt(10);
        int end = levels + random.nextInt(counts.length - levels + 1);
        counts[end / 2]++; // never all empty
        double expected = divergence(counts, end, levels);
        // Terms of size ln(1000) cancel: a few hundred roundings of 2^-53 each.
        assertEquals(expected, new Divergence(counts).of(end, levels), Double.isInfinite(expected) ? 0 : 1e-11);
    }

    @Property(tries = 200)
    void squaredErrorOfPointsIsTheirSum(@ForAll Random random) {
        int n = 1 + random.nextInt(300);
        double[] places = random.doubles(n, -3, 5).sorted().toArray();
        long[] counts = random.longs(n, 1, 1000).toArray();
        QuantParams params =
                QuantParams.of(QuantType.UINT8, (float) random.nextDouble(0.001, 0.05), random.nextInt(256));
        double expected = 0;
        for (int i = 0; i < n; i++) {
            double level = Math.rint(places[i] / params.scale());
            level = Math.min(Math.max(level, -params.zeroPoint()), 255 - params.zeroPoint());
            double error = places[i] - level * params.scale();
            expected += counts[i] * error * error;
        }
        // Moments of up to 25 * 300,000 are subtracted.
        assertEquals(
                expected,
                new SquaredError(Density.ofPoints(places, counts)).of(params, Double.POSITIVE_INFINITY),
                1e-7);
    }

    /** Against the data itself: inside a cell the values are spread evenly only on average. */
    @Example
    void squaredErrorPredictsThatOfTheData() {
        float[] values = gaussian(11, 200_000);
        HistogramSummary summary = HistogramLaws.summary(values);
        for (RealRange range : List.of(RealRange.of(-4, 4), RealRange.of(-2, 3), RealRange.of(-0.5, 0.25))) {
            QuantParams params = QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8);
            double measured = 0;
            for (float value : values) {
                double error = value - (double) params.dequantize(params.quantize(value));
                measured += error * error;
            }
            ExpectedError expected = ExpectedError.of(summary, params);
            // A mean over 200,000 squares spreads by about 0.2 %.
            assertEquals(measured / values.length, expected.total(), 0.01 * expected.total(), range.toString());
            double saturated = 0;
            for (float value : values) {
                saturated +=
                        Math.abs(value - (params.range().min() + params.range().max()) / 2)
                                        > (params.range().width() + params.scale()) / 2
                                ? 1
                                : 0;
            }
            // Off by no more than the values of one bin at each end.
            assertEquals(saturated, expected.clippedShare() * values.length, 2.0 * values.length * summary.binWidth());
            assertEquals(
                    params.scale() * params.scale() / 12,
                    expected.rounding() / (1 - expected.clippedShare()),
                    0.01 * params.scale() * params.scale() / 12);
        }
    }

    @Example
    void nothingIsClippedInsideTheRange() {
        HistogramSummary summary = HistogramLaws.summary(-1, 0, 0.5f, 2);
        ExpectedError error = ExpectedError.of(
                summary, QuantScheme.ASYMMETRIC.choose(new MinMax().estimate(summary), QuantType.INT8));
        assertEquals(0, error.clipping());
        assertEquals(0, error.clippedShare());
        ExpectedError zeros = ExpectedError.of(HistogramLaws.summary(0, 0), QuantParams.of(QuantType.INT8, 1, 5));
        assertEquals(new ExpectedError(0, 0, 0), zeros);
        assertThrows(
                IllegalStateException.class,
                () -> ExpectedError.of(HistogramSummary.EMPTY, QuantParams.of(QuantType.INT8, 1, 5)));
    }

    @Example
    void meanSquaredErrorIsNotBeatenByAFineGrid() {
        for (float[] values : List.of(gaussian(1, 20_000), cubed(2, 20_000), oneSided(3, 20_000))) {
            HistogramSummary summary = HistogramLaws.summary(values);
            RealRange observed = summary.range().includingZero();
            SquaredError error = new SquaredError(Density.of(summary));
            RealRange chosen = new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC).estimate(summary);
            double own = error.of(QuantScheme.ASYMMETRIC.choose(chosen, QuantType.INT8), Double.POSITIVE_INFINITY);
            double least = Double.POSITIVE_INFINITY;
            for (int i = 1; i <= 100; i++) {
                for (int j = 1; j <= 100; j++) {
                    RealRange range = RealRange.of(observed.min() * i / 100, observed.max() * j / 100);
                    least = Math.min(least, error.of(QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8), least));
                }
            }
            assertTrue(own <= least * 1.01, own + " against " + least + " of the grid");
        }
    }

    @Example
    void parametersAreChecked() {
        for (double wrong : new double[] {50, 0, -1, 100.001, Double.NaN}) {
            assertThrows(IllegalArgumentException.class, () -> new Percentile(wrong));
        }
        for (int wrong : new int[] {1, 0, -1, 2049}) {
            assertThrows(IllegalArgumentException.class, () -> new Entropy(wrong));
        }
    }

    private static float[] gaussian(long seed, int n) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    private static float[] cubed(long seed, int n) {
        float[] values = gaussian(seed, n);
        for (int i = 0; i < n; i++) {
            values[i] = values[i] * values[i] * values[i];
        }
        return values;
    }

    private static float[] oneSided(long seed, int n) {
        float[] values = cubed(seed, n);
        for (int i = 0; i < n; i++) {
            values[i] = Math.max(0, values[i]);
        }
        return values;
    }

    @Provide
    Arbitrary<float[]> tensors() {
        return new HistogramLaws().tensors();
    }
}
