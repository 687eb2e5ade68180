// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The threshold of least divergence, found bin by bin. */
class EntropyDefinitionTest {
    /** The divergence of the first bins cut into groups, by its definition. */
    private static double divergence(long[] counts, int end, int levels) {
        double[] p = new double[end];
        double pSum = 0;
        for (int j = 0; j < counts.length; j++) {
            p[Math.min(j, end - 1)] += counts[j];
            pSum += counts[j];
        }
        double[] mass = new double[levels];
        int[] filled = new int[levels];
        double qSum = 0;
        for (int j = 0; j < end; j++) {
            int group = (int) ((long) j * levels / end);
            mass[group] += counts[j];
            filled[group] += counts[j] > 0 ? 1 : 0;
            qSum += counts[j];
        }
        double sum = 0;
        for (int j = 0; j < end; j++) {
            int group = (int) ((long) j * levels / end);
            double q = counts[j] > 0 ? mass[group] / filled[group] / qSum : 0;
            sum += p[j] == 0 ? 0 : p[j] / pSum * Math.log(p[j] / pSum / q);
        }
        return sum;
    }

    private static long[] magnitudes(HistogramSummary summary, int bins) {
        long[] counts = new long[bins];
        for (int k = 0; k < bins; k++) {
            counts[k] = summary.positive(k) + summary.negative(k);
        }
        return counts;
    }

    /** As the definition says, over all candidates; compared by what it costs, for two may cost the same. */
    private static void check(HistogramSummary summary, int levels) {
        double width = summary.binWidth();
        RealRange observed = summary.range();
        int below = observed.min() < 0 ? (int) (-observed.min() / width) + 1 : 0;
        int above = observed.max() > 0 ? (int) (observed.max() / width) + 1 : 0;
        int bins = Math.max(below, above);
        long[] counts = magnitudes(summary, bins);
        double total = 0;
        for (long count : counts) {
            total += count;
        }
        double least = Double.POSITIVE_INFINITY;
        RealRange best = observed;
        double kept = 0;
        for (int i = 1; i <= bins; i++) {
            kept += counts[i - 1];
            int n = (int) Math.rint((double) levels * i / (Math.min(below, i) + Math.min(above, i)));
            if (i < n) {
                continue;
            }
            double loss = divergence(counts, i, n) - Math.log(kept / total);
            if (loss <= least + 1e-12) {
                least = Math.min(loss, least);
                double threshold = i * width;
                best = RealRange.of(
                        Math.min(Math.max(observed.min(), -threshold), observed.max()),
                        Math.max(Math.min(observed.max(), threshold), observed.min()));
            }
        }
        assertEquals(best, new Entropy(levels).estimate(summary), summary + ", " + levels + " levels");
    }

    private static float[] tailed(long seed, int n, double shift) {
        Random random = new Random(seed);
        float[] values = new float[n];
        for (int i = 0; i < n; i++) {
            double x = random.nextGaussian();
            values[i] = (float) (x * x * x + shift);
        }
        return values;
    }

    @Test
    void ofDataOnBothSidesAndOnOne() {
        for (double shift : new double[] {0, 0.7, -3, 40, -40}) {
            for (int levels : new int[] {2, 16, 100, 256}) {
                check(HistogramLaws.summary(tailed(7, 3000, shift)), levels);
            }
        }
    }

    @Test
    void ofAFewValues() {
        for (float[] values : List.of(
                new float[] {1, 2, 3, 1500},
                new float[] {-1, -1, 2, 2, 2, 1030, -1500},
                new float[] {1024, 1024, 1024, 1029},
                new float[] {-1024, -1024, -1027},
                new float[] {0, 0, 0.5f, 1025})) {
            for (int levels : new int[] {2, 7, 256, 2048}) {
                check(HistogramLaws.summary(values), levels);
            }
        }
    }

    /** Where all but two values lie in as many bins as there are levels, and as many are full as are nearly empty. */
    @Test
    void asManyBinsAsLevels() {
        float[] values = new float[2 * 128 * 10];
        for (int i = 0; i < values.length; i++) {
            int bin = i / 20;
            float magnitude = bin % 2 == 0 && i % 20 > 1 ? bin + 1.5f : bin + 0.5f;
            values[i] = i % 2 == 0 ? magnitude : -magnitude;
        }
        values[0] = 1500;
        values[1] = -1500;
        check(HistogramLaws.summary(values), 256);
    }

    /** The zeros of a ReLU are on neither side. */
    @Test
    void ofRectifiedData() {
        for (int sign : new int[] {-1, 1}) {
            float[] values = tailed(11, 2000, 0);
            for (int i = 0; i < values.length; i++) {
                values[i] = sign * Math.max(0, values[i]);
            }
            for (int levels : new int[] {5, 16, 77, 128, 256}) {
                check(HistogramLaws.summary(values), levels);
            }
        }
    }

    /** A shift by the last bin's edge, and what lies beyond it. */
    @Test
    void whatIsKept() {
        Divergence divergence = new Divergence(new long[] {3, 0, 5, 2});
        assertEquals(0.3, divergence.kept(1));
        assertEquals(0.3, divergence.kept(2));
        assertEquals(0.8, divergence.kept(3));
        assertEquals(1, divergence.kept(4));
        assertEquals(0, divergence.of(4, 4), 1e-15);
        assertEquals(Double.POSITIVE_INFINITY, divergence.of(2, 1), "the tail falls where nothing was");
        // P = 3, 7 of 10 after clipping at 3 bins in groups of their own: Q = 3, 5 of 8.
        assertEquals(0.3 * Math.log(0.3 / 0.375) + 0.7 * Math.log(0.7 / 0.625), divergence.of(3, 3), 1e-15);
        // One group: its mean is 4 for each of the two.
        assertEquals(0.3 * Math.log(0.3 / 0.5) + 0.7 * Math.log(0.7 / 0.5), divergence.of(3, 1), 1e-15);
        assertTrue(divergence.of(3, 1) > divergence.of(3, 3));
        // Nothing was in the last bin, and nothing falls there.
        assertEquals(0, new Divergence(new long[] {3, 5, 0}).of(3, 3), 1e-15);
    }

    @Test
    void ordinaryDataHasItsName() {
        assertEquals("entropy", new Entropy(256).toString());
        assertEquals("entropy=255", new Entropy(255).toString());
    }
}
