// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.MergeLaws;
import dev.octant.fixtures.QuantArbitraries;
import dev.octant.fixtures.QuantInputs;
import dev.octant.observers.estimators.Percentile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** A histogram is a function of the multiset of values, however they arrive. */
public class HistogramLaws {
    public static HistogramSummary summary(float... values) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        return observer.summary();
    }

    public static ValueCounts counts(float... values) {
        MinMaxObserver observer = new MinMaxObserver();
        observer.observe(values);
        return observer.summary();
    }

    @Example
    void histogramsMergeExactly() {
        MergeLaws.check(HistogramLaws::summary, HistogramSummary::merge);
    }

    @Example
    void countsMergeExactly() {
        MergeLaws.check(HistogramLaws::counts, ValueCounts::merge);
    }

    @Example
    void anObserverMergesLikeItsSummaries() {
        MergeLaws.check(HistogramLaws::summary, (a, b) -> {
            HistogramObserver observer = new HistogramObserver();
            observer.merge(a);
            observer.merge(b);
            return observer.summary();
        });
    }

    @Property(tries = 300)
    void theLastBatchIsCountedByItself(@ForAll("tensors") float[] before, @ForAll("tensors") float[] values) {
        HistogramObserver observer = new HistogramObserver();
        assertEquals(ValueCounts.NONE, observer.lastCounts());
        observer.observe(before);
        observer.observe(values);
        assertEquals(counts(values), observer.lastCounts());
        assertEquals(counts(before).merge(counts(values)), observer.summary().counts());
        observer.clear();
        assertEquals(ValueCounts.NONE, observer.lastCounts());
    }

    @Property(tries = 300)
    void aClearedObserverIsNew(@ForAll("tensors") float[] before, @ForAll("tensors") float[] values) {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(before);
        observer.clear();
        assertEquals(HistogramSummary.EMPTY, observer.summary());
        observer.observe(before);
        observer.summary();
        observer.clear();
        observer.observe(values);
        assertEquals(summary(values), observer.summary());
    }

    @Property(tries = 1000)
    void anySplitAndOrderGivesTheSame(@ForAll("tensors") float[] values, @ForAll Random random) {
        HistogramSummary expected = summary(values);

        List<Float> shuffled = new ArrayList<>();
        for (float value : values) {
            shuffled.add(value);
        }
        Collections.shuffle(shuffled, random);
        float[] data = new float[values.length];
        for (int i = 0; i < data.length; i++) {
            data[i] = shuffled.get(i);
        }
        HistogramObserver[] threads = {new HistogramObserver(), new HistogramObserver(), new HistogramObserver()};
        for (int from = 0; from < data.length; ) {
            int length = Math.min(data.length - from, 1 + random.nextInt(1 + data.length / 4));
            threads[random.nextInt(3)].observe(data, from, length);
            from += length;
        }
        HistogramSummary actual =
                threads[0].summary().merge(threads[1].summary().merge(threads[2].summary()));

        assertEquals(expected, actual);
        assertEquals(expected.hashCode(), actual.hashCode());
    }

    @Property(tries = 300)
    void everyValueLiesInTheBinOfItsDefinition(@ForAll("tensors") float[] values) {
        HistogramSummary summary = summary(values);
        BigDecimal width = power(summary.exponent());
        long[] positive = new long[HistogramObserver.BINS];
        long[] negative = new long[HistogramObserver.BINS];
        BigDecimal largest = BigDecimal.ZERO;
        for (float value : values) {
            if (Float.isFinite(value) && value != 0) {
                BigDecimal magnitude = new BigDecimal(Math.abs((double) value));
                largest = largest.max(magnitude);
                (value > 0 ? positive : negative)
                        [magnitude.divide(width, 0, RoundingMode.FLOOR).intValueExact()]++;
            }
        }
        for (int k = 0; k < HistogramObserver.BINS; k++) {
            assertEquals(positive[k], summary.positive(k), "bin " + k);
            assertEquals(negative[k], summary.negative(k), "bin -" + k);
        }
        BigDecimal reach = width.multiply(BigDecimal.valueOf(HistogramObserver.BINS));
        assertTrue(largest.compareTo(reach) < 0);
        assertTrue(
                summary.exponent() == -149 || largest.compareTo(reach.divide(BigDecimal.valueOf(2))) >= 0,
                "exponent must be the smallest");
    }

    @Property(tries = 300)
    void sumsAreThoseOfBigDecimal(@ForAll("tensors") float[] values) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        int finite = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                BigDecimal exact = new BigDecimal(value);
                sum = sum.add(exact);
                squares = squares.add(exact.multiply(exact));
                finite++;
            }
        }
        HistogramSummary summary = summary(values);
        assertEquals(sum.doubleValue(), summary.sum());
        assertEquals(squares.doubleValue(), summary.sumOfSquares());
        assertEquals(finite, summary.counts().finite());
        if (finite > 0) {
            double mean = sum.divide(BigDecimal.valueOf(finite), MathContext.DECIMAL128)
                    .doubleValue();
            assertEquals(mean, summary.mean());
        } else {
            assertThrows(IllegalStateException.class, summary::mean);
        }
    }

    @Property(tries = 200)
    void aLargerValueAddsBinsInPairs(@ForAll("tensors") float[] values) {
        HistogramSummary before = summary(values);
        if (before.exponent() >= 116) {
            return;
        }
        // The first value past the bins has twice their reach at most, so the exponent rises by one.
        float past = (float) Math.scalb(2048.0, before.exponent());
        HistogramSummary after = before.merge(summary(past));
        assertEquals(before.exponent() + 1, after.exponent());
        for (int k = 0; k < HistogramObserver.BINS / 2; k++) {
            long own = k == 1024 ? 1 : 0;
            assertEquals(before.positive(2 * k) + before.positive(2 * k + 1) + own, after.positive(k));
            assertEquals(before.negative(2 * k) + before.negative(2 * k + 1), after.negative(k));
        }
        assertEquals(1, after.positive(1024));
    }

    @Example
    void memoryDoesNotDependOnData() {
        HistogramObserver observer = new HistogramObserver();
        assertTrue(observer.bytes() < HistogramObserver.BYTES / 3);
        QuantInputs.adversarialTensors().forEach((name, values) -> {
            observer.observe(values);
            assertTrue(observer.bytes() <= HistogramObserver.BYTES, name);
            assertTrue(observer.summary().bytes() <= HistogramSummary.MOST_BYTES, name);
        });
        // A value in every octave of both signs, and one in every bin.
        float[] everywhere = new float[2 * 277 + 2 * 1984];
        for (int i = 0; i < 277; i++) {
            everywhere[2 * i] = (float) Math.scalb(1.0, i - 149);
            everywhere[2 * i + 1] = -everywhere[2 * i];
        }
        for (int k = 64; k < 2048; k++) {
            everywhere[554 + 2 * (k - 64)] = (float) Math.scalb(k + 0.5, 117);
            everywhere[554 + 2 * (k - 64) + 1] = -everywhere[554 + 2 * (k - 64)];
        }
        observer.clear();
        observer.observe(everywhere);
        // No sub-bins of the five octaves that the bins hold, and no bins below 64.
        assertEquals(
                HistogramSummary.MOST_BYTES - 2 * 6 * 528, observer.summary().bytes());
        assertEquals(HistogramObserver.BYTES - 2 * 6 * 528 - BinCounter.BYTES, observer.bytes());
        // Of many values below the bins a second counter takes care.
        float[] small = new float[2000];
        Arrays.fill(small, 1);
        small[0] = everywhere[everywhere.length - 1];
        observer.observe(small);
        assertEquals(HistogramObserver.BYTES - 2 * 6 * 528, observer.bytes());
    }

    /** The middle of what holds a value is within 1 % of it and 1/2048 of the largest; cells hold every value once. */
    @Property(tries = 300)
    void everyValueIsKnownClosely(@ForAll("tensors") float[] values) {
        List<HistogramSummary.Cell> cells = summary(values).cells();
        float[] sorted = finite(values);
        Arrays.sort(sorted);
        int i = 0;
        for (HistogramSummary.Cell cell : cells) {
            for (long n = 0; n < cell.count(); n++) {
                double value = sorted[i++] + 0.0;
                assertTrue(cell.left() <= value && value <= cell.right(), cell + " of " + value);
                double largest = Math.max(Math.abs(sorted[0]), Math.abs(sorted[sorted.length - 1]));
                double off = Math.abs((cell.left() + cell.right()) / 2 - value);
                assertTrue(off <= Math.min(Math.abs(value) / 100, largest / 2048), cell + " of " + value);
            }
        }
        assertEquals(sorted.length, i);
    }

    private static float[] finite(float[] values) {
        float[] finite = new float[values.length];
        int n = 0;
        for (float value : values) {
            if (Float.isFinite(value)) {
                finite[n++] = value + 0f;
            }
        }
        return Arrays.copyOf(finite, n);
    }

    @Example
    void countsGoBeyondTheIntsAndRefuseToWrap() {
        HistogramSummary summary = summary(-1.5f, 0f, 0.25f, Float.NaN, 3f);
        for (int i = 0; i < 40; i++) {
            summary = summary.merge(summary);
        }
        long times = 1L << 40;
        assertEquals(5 * times, summary.counts().count());
        assertEquals(times, summary.counts().zeros());
        assertEquals(times, summary.counts().nan());
        assertEquals(times, summary.negative(768)); // 1.5 in bins of 2^-9
        assertEquals(1.75 * times, summary.sum());
        assertEquals((2.25 + 0.0625 + 9) * times, summary.sumOfSquares());
        assertEquals(1.75 / 4, summary.mean());
        assertEquals(-1.5, new Percentile(99).estimate(summary).min(), summary.binWidth());

        HistogramSummary huge = summary;
        assertThrows(ArithmeticException.class, () -> {
            HistogramSummary next = huge;
            for (int i = 0; i < 24; i++) {
                next = next.merge(next);
            }
        });
    }

    @Example
    void sumsOfLongRunsDoNotOverflow() {
        // The largest mantissa squared has 48 bits: 2^15 of them would overflow a long.
        float[] values = new float[1 << 20];
        Arrays.fill(values, Float.MAX_VALUE);
        BigInteger one = new BigDecimal(Float.MAX_VALUE).toBigInteger();
        HistogramSummary summary = summary(values);
        assertEquals(one.shiftLeft(20 + 149), summary.sums().sum());
        assertEquals(one.multiply(one).shiftLeft(20 + 298), summary.sums().squares());
    }

    @Provide
    public Arbitrary<float[]> tensors() {
        List<float[]> adversarial = List.copyOf(QuantInputs.adversarialTensors().values());
        Arbitrary<float[]> arbitrary = QuantArbitraries.floats()
                .array(Float[].class)
                .ofMaxSize(60)
                .map(boxed -> {
                    float[] values = new float[boxed.length];
                    for (int i = 0; i < values.length; i++) {
                        values[i] = boxed[i];
                    }
                    return values;
                });
        return Arbitraries.oneOf(arbitrary, Arbitraries.of(adversarial));
    }

    private static BigDecimal power(int exponent) {
        return new BigDecimal(Math.scalb(1.0, exponent));
    }
}
