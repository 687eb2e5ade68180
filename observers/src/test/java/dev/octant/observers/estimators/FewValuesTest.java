// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleObserver;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Ranges that can be worked out by hand. Bins are 1 wide: the largest magnitudes lie between 1024 and 2048. */
class FewValuesTest {
    /** {@code times} times each whole number from {@code from} to {@code to}. */
    private static HistogramSummary wholeNumbers(int from, int to, int times) {
        List<Float> values = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            for (int value = from; value <= to; value++) {
                values.add((float) value);
            }
        }
        float[] array = new float[values.size()];
        for (int i = 0; i < array.length; i++) {
            array[i] = values.get(i);
        }
        return HistogramLaws.summary(array);
    }

    /** Each percent cut off of 2,000 values in cells [v, v + 1] of two is ten values on each side: five cells. */
    @Test
    void percentiles() {
        HistogramSummary twice = wholeNumbers(1001, 2000, 2);
        assertEquals(RealRange.of(1001, 2000), new Percentile(100).estimate(twice));
        // No nearer to the end of a cell than leaves its other end within 1/2048 of the largest magnitude.
        double inside = 1 - 2000 / 2048.0;
        assertEquals(RealRange.of(1006 + inside, 1996 - inside), new Percentile(99).estimate(twice));
        // 9 values: four cells and half of the fifth one; 9.5 values: another quarter.
        assertEquals(RealRange.of(1005.5, 1996.5), new Percentile(99.1).estimate(twice));
        assertEquals(RealRange.of(1005.75, 1996.25), new Percentile(99.05).estimate(twice));
        Percentile.Bounds bounds = new Percentile(99.05).bounds(twice);
        assertEquals(RealRange.of(1005, 1006), bounds.lower());
        assertEquals(RealRange.of(1996, 1997), bounds.upper());
        // The last cell has no width: it ends at the largest value.
        assertEquals(
                new Percentile.Bounds(RealRange.of(1001, 1002), RealRange.of(2000, 2000)),
                new Percentile(99.9).bounds(twice));
        assertEquals(RealRange.of(1001.5, 2000), new Percentile(99.9).estimate(twice));

        // Cells of negative values are [v - 1, v]; the first one ends at the smallest value.
        HistogramSummary negative = wholeNumbers(-2000, -1001, 2);
        assertEquals(RealRange.of(-1996.25, -1005.75), new Percentile(99.05).estimate(negative));
    }

    /** Where the sub-bin of a magnitude begins: a 64th of the octave of its leading bit. */
    private static double start(double magnitude) {
        double width = Math.scalb(1.0, Math.getExponent(magnitude) - 6);
        return Math.floor(magnitude / width) * width;
    }

    private static double end(double magnitude) {
        return start(magnitude) + Math.scalb(1.0, Math.getExponent(magnitude) - 6);
    }

    @Test
    void densities() {
        Density points = Density.ofPoints(new double[] {-1, 2, 5}, new long[] {3, 0, 4});
        assertEquals(2, points.cells());
        assertEquals(5, points.left(1));
        assertEquals(5, points.right(1));
        assertEquals(4, points.count(1));
        assertEquals(-1, Moments.of(points).at(-2));
        assertEquals(0, Moments.of(points).at(-1));
        assertEquals(0, Moments.of(points).at(4.9));
        assertEquals(1, Moments.of(points).at(5));
        assertEquals(1, Moments.of(points).at(1e300));
        // Below bin 64 each octave is cut into 64, down to the smallest subnormal float.
        Density fine = Density.of(HistogramLaws.summary(
                -0.3f, -0.2f, -1e-38f, -Float.MIN_VALUE, -1e-40f, 0, 1e-41f, 1e-38f, 0.25f, 0.5f, 1, 1024));
        double[][] cells = {
            {-0.3f, -start(0.3f), 1},
            {-end(0.2f), -start(0.2f), 1},
            {-end(1e-38f), -start(1e-38f), 1},
            {-end(1e-40f), -start(1e-40f), 1},
            {-end(Float.MIN_VALUE), -start(Float.MIN_VALUE), 1},
            {0, 0, 1},
            {start(1e-41f), end(1e-41f), 1},
            {start(1e-38f), end(1e-38f), 1},
            {0.25, 0.25 + 1 / 256.0, 1},
            {0.5, 0.5 + 1 / 128.0, 1},
            {1, 1 + 1 / 64.0, 1},
            {1024, 1024, 1}
        };
        assertEquals(cells.length, fine.cells());
        for (int i = 0; i < cells.length; i++) {
            assertEquals(cells[i][0], fine.left(i));
            assertEquals(cells[i][1], fine.right(i));
            assertEquals((long) cells[i][2], fine.count(i));
        }
        // Bins of the smallest floats: their width is one of them.
        Density subnormal = Density.of(HistogramLaws.summary(-3 * Float.MIN_VALUE, Float.MIN_VALUE, 5e-45f));
        assertEquals(3, subnormal.cells());
        assertEquals(-3 * (double) Float.MIN_VALUE, subnormal.left(0));
        assertEquals(-3 * (double) Float.MIN_VALUE, subnormal.right(0));
        // Where the smallest normal floats begin in a bin of their own.
        Density edge = Density.of(HistogramLaws.summary(Float.MIN_VALUE, Float.MIN_NORMAL, 2047 * Float.MIN_NORMAL));
        assertEquals(3, edge.cells());
        assertEquals(Float.MIN_VALUE, edge.left(0));
        assertEquals(end(Float.MIN_VALUE), edge.right(0));
        assertEquals(Float.MIN_NORMAL, edge.left(1));
        assertEquals(end(Float.MIN_NORMAL), edge.right(1));
    }

    /** A cell for each bin of both signs, each exponent in bin 0, the subnormal floats and zero; none is lost. */
    @Test
    void aHistogramWithoutAnEmptyBin() {
        float width = 0x1p-120f;
        float[] values = new float[2 * 2047 + 2 * 7 + 1];
        int n = 1;
        for (int sign : new int[] {-1, 1}) {
            for (int k = 1; k < 2048; k++) {
                values[n++] = sign * k * width;
            }
            for (int exponent = -126; exponent < -120; exponent++) {
                values[n++] = sign * Math.scalb(1f, exponent);
            }
            values[n++] = sign * 1e-40f;
        }
        assertEquals(values.length, n);
        HistogramSummary full = HistogramLaws.summary(values);
        Density density = Density.of(full);
        assertEquals(values.length, density.cells());
        Arrays.sort(values);
        for (int i = 0; i < values.length; i++) {
            assertEquals(1, density.count(i));
            assertTrue(density.left(i) <= values[i] && values[i] <= density.right(i), "cell " + i);
            assertTrue(i == 0 || density.right(i - 1) <= density.left(i), "cell " + i);
        }
        assertEquals(full.range(), new Percentile(100).estimate(full));
    }

    @Test
    void namesAreDecimalsWhereTheseAreShort() {
        assertEquals("3", Names.plain(3));
        assertEquals("0", Names.plain(0));
        assertEquals("-99.99", Names.plain(-99.99));
        assertEquals("0.00000000000000000001", Names.plain(1e-20));
        assertEquals("0.000000000000000000001", Names.plain(1e-21));
        assertEquals("1E-22", Names.plain(1e-22));
        assertEquals("10000000000000000000", Names.plain(1e19));
        assertEquals("1E+20", Names.plain(1e20));
    }

    @Test
    void theLargerMagnitudeOnBothSides() {
        assertEquals(RealRange.of(-3, 3), new AbsMax().estimate(HistogramLaws.summary(1, 3)));
        assertEquals(RealRange.of(-3, 3), new AbsMax().estimate(HistogramLaws.summary(-3, 1)));
        assertEquals(RealRange.of(-3, 1), new MinMax().estimate(HistogramLaws.summary(-3, 1)));
        assertEquals(RealRange.of(-6, 6.5), Fixed.of(-6, 6.5).estimate(HistogramSummary.EMPTY));
        assertEquals("absmax", new AbsMax().toString());
        assertEquals("minmax", new MinMax().toString());
        assertEquals("mse", new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC).toString());
        new Saturation(Double.MAX_VALUE, QuantType.INT8, QuantScheme.ASYMMETRIC);
        assertEquals("saturation=3", new Saturation(QuantType.INT8, QuantScheme.ASYMMETRIC).toString());
    }

    private static PerSampleObserver samples(float[]... samples) {
        PerSampleObserver observer = new PerSampleObserver();
        for (float[] sample : samples) {
            observer.observe(sample);
        }
        return observer;
    }

    /** Extremes are whole numbers: the middle one of a cell [v, v + 1] is expected in its middle. */
    @Test
    void meansAndMediansOfSamples() {
        PerSampleObserver three =
                samples(new float[] {-2000, 1500}, new float[] {-1500, 1100, 7}, new float[] {-1100, 2000});
        assertEquals(RealRange.of(-4600 / 3.0, 4600 / 3.0), new MeanOfSamples().estimate(three.summary()));
        assertEquals(RealRange.of(-1500.5, 1500.5), new MedianOfSamples().estimate(three.summary()));
        // Of four, halfway between the middle two; of two in a cell, a quarter and three quarters into it.
        PerSampleObserver four =
                samples(new float[] {-2000, 1500}, new float[] {-1500, 1100}, new float[] {-1100, 2000}, new float[] {
                    -1400, 1500
                });
        assertEquals(RealRange.of(-(1500.5 + 1400.5) / 2, 1500.5), new MedianOfSamples().estimate(four.summary()));
        four.observe(new float[] {-1024, 1900});
        assertEquals(RealRange.of(-1400.5, 1500.75), new MedianOfSamples().estimate(four.summary()));
        PerSampleObserver one = samples(new float[] {5, 5});
        assertEquals(RealRange.of(5, 5), new MedianOfSamples().estimate(one.summary()));
        assertEquals(RealRange.of(5, 5), new MeanOfSamples().estimate(one.summary()));
        assertEquals("mean", new MeanOfSamples().toString());
        assertEquals("median", new MedianOfSamples().toString());
        for (SampleEstimator estimator : List.of(new MeanOfSamples(), new MedianOfSamples())) {
            assertThrows(
                    IllegalStateException.class,
                    () -> estimator.estimate(new PerSampleObserver().summary()),
                    estimator.toString());
        }
    }

    @Test
    void constantDataKeepsItsRange() {
        HistogramSummary constant = HistogramLaws.summary(1500, 1500);
        for (RangeEstimator estimator : List.of(
                new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC),
                new Saturation(QuantType.INT8, QuantScheme.ASYMMETRIC))) {
            assertEquals(RealRange.of(1500, 1500), estimator.estimate(constant));
        }
    }

    /** A weight counts as many times as its value what lies beyond the codes, and once the rest. */
    @Test
    void saturationIsTheLeastOfItsSum() {
        float[] values = new float[300];
        for (int i = 0; i < values.length; i++) {
            values[i] = (i % 7 - 3) * 30 + i;
        }
        values[0] = 1800;
        values[1] = -1500;
        HistogramSummary summary = HistogramLaws.summary(values);
        for (double weight : new double[] {0.25, 1, 3, 20}) {
            RealRange found = new Saturation(weight, QuantType.UINT8, QuantScheme.ASYMMETRIC).estimate(summary);
            if (weight == 1) {
                assertEquals(found, new MeanSquaredError(QuantType.UINT8, QuantScheme.ASYMMETRIC).estimate(summary));
            }
            double least = cost(summary, found, weight);
            for (int lower = 0; lower <= 24; lower++) {
                for (int upper = 0; upper <= 24; upper++) {
                    RealRange other = RangeSearch.narrowed(summary.range(), lower, upper);
                    assertTrue(cost(summary, other, weight) >= least - 1e-9, weight + ": " + other);
                }
            }
            for (int i = -1; i <= 1; i++) {
                for (int j = -1; j <= 1; j++) {
                    RealRange other = RangeSearch.narrowed(found, i / 256.0, j / 256.0);
                    if (other.min() >= summary.range().min()
                            && other.max() <= summary.range().max()) {
                        assertTrue(cost(summary, other, weight) >= least - 1e-9, weight + ": " + other);
                    }
                }
            }
        }
    }

    private static double cost(HistogramSummary summary, RealRange range, double weight) {
        ExpectedError error = ExpectedError.of(summary, QuantScheme.ASYMMETRIC.choose(range, QuantType.UINT8));
        return error.rounding() + weight * error.clipping();
    }
}
