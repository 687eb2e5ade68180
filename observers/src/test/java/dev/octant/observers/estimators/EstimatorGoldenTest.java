// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramLaws;
import dev.octant.observers.HistogramSummary;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Against what NVIDIA's pytorch-quantization and ONNX Runtime give for 65,536 heavy-tailed values.
 *
 * <p>The same code is measured on those engines' own histogram, 2,048 equal bins of magnitudes up to the largest one,
 * wherever it has the same definition; where ours differs the test states by how much it may.
 */
class EstimatorGoldenTest {
    private static final float[] DATA = data();
    private static final float[] MAGNITUDES = magnitudes();
    private static final double LARGEST = 25.088614;
    private static final int BINS = 2048;

    private static float[] data() {
        SplittableRandom random = new SplittableRandom(42);
        float[] values = new float[65_536];
        for (int i = 0; i < values.length; i++) {
            double t = random.nextDouble() + random.nextDouble() + random.nextDouble() - 1.5;
            values[i] = (float) (((t * t) * t) * 8);
        }
        return values;
    }

    private static float[] magnitudes() {
        float[] values = data();
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.abs(values[i]);
        }
        Arrays.sort(values);
        return values;
    }

    /** The histogram of NVIDIA's toolkit: equal bins over [0, largest], the last one closed. */
    private static long[] equalBins() {
        double largest = MAGNITUDES[MAGNITUDES.length - 1];
        long[] counts = new long[BINS];
        for (float value : MAGNITUDES) {
            counts[Math.min((int) (value * BINS / largest), BINS - 1)]++;
        }
        return counts;
    }

    private static double edge(int i) {
        return MAGNITUDES[MAGNITUDES.length - 1] * (double) i / BINS;
    }

    @Test
    void theDataIsTheOneMeasured() {
        assertEquals(-0x1.0c3e44p-2f, DATA[0]);
        assertEquals(LARGEST, MAGNITUDES[MAGNITUDES.length - 1], 1e-6);
        assertArrayEquals(new long[] {11043, 2920, 1994, 1596, 1219, 1127, 1035, 937}, Arrays.copyOf(equalBins(), 8));
    }

    @Test
    void minMax() {
        HistogramSummary summary = HistogramLaws.summary(DATA);
        assertEquals(-1113.8531608925703, summary.sum(), 1e-9); // the engines' sum is rounded 65,536 times
        RealRange range = new MinMax().estimate(summary);
        assertEquals(RealRange.of(-0x1.916af6p4, 0x1.8973f4p4), range);
        assertEquals(
                QuantParams.of(QuantType.UINT8, 0x1.8efe72p-3f, 129),
                QuantScheme.ASYMMETRIC.choose(range, QuantType.UINT8));
        assertEquals(
                QuantParams.of(QuantType.INT8, 0x1.8efe72p-3f, 1),
                QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8));
        assertEquals(
                QuantParams.of(QuantType.INT8, 0x1.94941ep-3f, 0), QuantScheme.SYMMETRIC.choose(range, QuantType.INT8));
    }

    @Test
    void entropyOnEqualBins() {
        long[] counts = equalBins();
        counts[0] = counts[1];
        Divergence divergence = new Divergence(counts);
        int signed = leastDivergent(divergence, 1, 128);
        assertEquals(1535, signed);
        assertEquals(18.804211, edge(signed), 1e-6 * LARGEST);
        assertEquals(0.0565417182622, divergence.of(1535, 128), 1e-12);
        int unsigned = leastDivergent(divergence, 1, 256);
        assertEquals(1790, unsigned);
        assertEquals(21.928036, edge(unsigned), 1e-6 * LARGEST);
        assertEquals(18.522453, edge(leastDivergent(divergence, 8, 128)), 1e-6 * LARGEST);
    }

    /** The candidate from 128 bins on that diverges least, of several the widest; none has fewer bins than levels. */
    private static int leastDivergent(Divergence divergence, int stride, int levels) {
        int best = BINS;
        double least = Double.POSITIVE_INFINITY;
        for (int end = 128; end <= BINS; end += stride) {
            double candidate = end >= levels ? divergence.of(end, levels) : Double.POSITIVE_INFINITY;
            if (candidate <= least) {
                least = candidate;
                best = end;
            }
        }
        return best;
    }

    @Test
    void meanSquaredErrorOnEqualBins() {
        long[] counts = equalBins();
        double[] centres = new double[BINS];
        for (int i = 0; i < BINS; i++) {
            centres[i] = (edge(i) + edge(i + 1)) / 2;
        }
        SquaredError error = new SquaredError(Density.ofPoints(centres, counts));
        assertEquals(1926, leastError(error, centres, QuantType.INT8_NARROW, 127));
        assertEquals(23.600201, centres[1926], 1e-6 * LARGEST);
        assertEquals(1993, leastError(error, centres, QuantType.UINT8, 255));
        assertEquals(24.420971, centres[1993], 1e-6 * LARGEST);
    }

    private static int leastError(SquaredError error, double[] candidates, QuantType type, int steps) {
        int best = -1;
        double least = Double.POSITIVE_INFINITY;
        for (int i = 128; i < candidates.length; i++) {
            double total = error.of(QuantParams.of(type, (float) (candidates[i] / steps), 0), Double.POSITIVE_INFINITY);
            if (total < least) {
                least = total;
                best = i;
            }
        }
        return best;
    }

    /**
     * The engines answer with the left edge of the bin of theirs in which the share is reached; ours lies in the bin of
     * ours that holds the same value of the sorted data. So the two differ by one bin of each at most.
     */
    @Test
    void percentileWithinOneBinOfTheExactQuantile() {
        HistogramSummary summary = HistogramLaws.summary(MAGNITUDES);
        double[] keep = {99, 99.9, 99.99};
        double[] exact = {13.366540, 19.675261, 23.698199};
        double[] engine = {13.365077, 19.698483, 23.802332};
        for (int i = 0; i < keep.length; i++) {
            // One-sided quantiles: twice the cut, the half of it above.
            Percentile percentile = new Percentile(100 - 2 * (100 - keep[i]));
            double upper = percentile.estimate(summary).max();
            int cut = (int) Math.floor(MAGNITUDES.length * (100 - keep[i]) / 100);
            double order = MAGNITUDES[MAGNITUDES.length - 1 - cut];
            double before = MAGNITUDES[MAGNITUDES.length - 2 - cut];
            assertTrue(exact[i] >= before - 1e-6 && exact[i] <= order + 1e-6, "the quantile between two values");
            RealRange bounds = percentile.bounds(summary).upper();
            assertTrue(bounds.contains(order) && bounds.contains(upper));
            assertEquals(summary.binWidth(), bounds.width());
            assertEquals(engine[i], upper, summary.binWidth() + edge(1) + (order - before));
        }
        assertEquals(summary.range(), new Percentile(100).estimate(summary));
    }

    @Test
    void twoSidedPercentileNearTheEnginesLeftEdges() {
        HistogramSummary summary = HistogramLaws.summary(DATA);
        RealRange range = new Percentile(99.99).estimate(summary);
        float[] sorted = DATA.clone();
        Arrays.sort(sorted);
        int cut = 3; // floor(65,536 * 0.01 / 200)
        assertTrue(new Percentile(99.99).bounds(summary).lower().contains(sorted[cut]));
        assertTrue(new Percentile(99.99).bounds(summary).upper().contains(sorted[sorted.length - 1 - cut]));
        // ONNX Runtime: (-23.618578, 23.790083), from 2,048 bins over twice the largest magnitude.
        assertEquals(-23.618578, range.min(), summary.binWidth() + 2 * edge(1) + sorted[cut + 1] - sorted[cut]);
        assertEquals(
                23.790083,
                range.max(),
                summary.binWidth() + 2 * edge(1) + sorted[sorted.length - 1 - cut] - sorted[sorted.length - 2 - cut]);
    }

    /**
     * Ours has bins of 2^-6 in place of largest / 2048, and keeps bin 0, for its zeros are counted apart. The threshold
     * need not be near the engine's, for the divergence is flat there and jumps with every empty bin: what must hold is
     * that it is the least of its definition, with 128 levels on each side.
     */
    @Test
    void entropyIsLeastAmongItsCandidates() {
        HistogramSummary summary = HistogramLaws.summary(DATA);
        RealRange range = new Entropy().estimate(summary);
        long[] counts = new long[(int) (LARGEST / summary.binWidth()) + 1];
        for (int k = 0; k < counts.length; k++) {
            counts[k] = summary.positive(k) + summary.negative(k);
        }
        Divergence divergence = new Divergence(counts);
        int chosen = (int) (range.max() / summary.binWidth());
        assertEquals(RealRange.of(-chosen * summary.binWidth(), chosen * summary.binWidth()), range);
        double least = divergence.of(chosen, 128) - Math.log(divergence.kept(chosen));
        for (int i = 128; i <= 1574; i++) { // where max ends, and the levels shift to the negative side
            assertTrue(divergence.of(i, 128) - Math.log(divergence.kept(i)) >= least, "candidate " + i);
        }
    }

    /**
     * Cut to the one bin in which such data begin, the engine's divergence is 0: everything is clipped and nothing
     * differs.
     */
    @Test
    void entropyKeepsDataFarFromZero() {
        java.util.Random random = new java.util.Random(3);
        float[] values = new float[100_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (-20 + 2 * random.nextGaussian());
        }
        RealRange range = new Entropy().estimate(HistogramLaws.summary(values));
        int outside = 0;
        for (float value : values) {
            outside += range.contains(value) ? 0 : 1;
        }
        assertTrue(outside < values.length / 1000, outside + " outside " + range);
    }
}
