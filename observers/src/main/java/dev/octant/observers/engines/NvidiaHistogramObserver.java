// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.estimators.Density;
import dev.octant.observers.estimators.Divergence;
import dev.octant.observers.estimators.SquaredError;
import org.apache.commons.lang3.Validate;

/**
 * The histogram of NVIDIA's pytorch-quantization: one set of magnitudes, from which each of its methods takes a
 * threshold {@code a}. The range is {@code [-a, a]}, or {@code [0, a]} for uint8.
 *
 * <pre>
 * first batch: 2,048 bins over [0, max |x|]
 * later:       a batch with larger |x| has ceil(max |x| / w) bins of the first one's width w;
 *              old counts keep their bins
 * absMax:      max |x|
 * percentile:  left edge of the bin in which the share is reached
 * entropy:     right edge of the last of i = 128, 128 + stride, .. bins of least KL(P || Q),
 *              bin 0 holding what bin 1 does:
 *              P = bins 0 .. i, the rest added to the last; Q = P's bins before that, averaged over 128
 *              levels (uint8: 256)
 * mse:         the first centre of bins 128, 128 + stride, .. that as threshold leaves the least sum of count *
 *              (centre - quantized centre)^2, with 127 levels on each side of 0 (uint8: 255 above 0)
 * </pre>
 *
 * <p>Counts are floats: above 2^24 a bin no longer takes single values. The result depends on the order of the
 * batches and on where they are cut, and the bins grow without end when small values come first. Divergence and
 * squared error are computed in double from running sums: the same bin wins unless two differ by less than the
 * rounding of the engine. Not thread safe. Source: NVIDIA pytorch-quantization 2.1.3 {@code calib/histogram.py}, its
 * torch path.
 *
 * <p>NaN and infinities are left out. Throws IllegalArgumentException for a batch that would need more than 1,048,576
 * bins, and changes nothing then; an all-zero first batch makes bins of width 0, so that any other one is refused.
 */
public final class NvidiaHistogramObserver extends BatchObserver {
    private static final int BINS = 2048;
    private static final int FIRST_CANDIDATE = 128;
    /** Thresholds up to here quantize everything to 0. */
    private static final float LEAST_THRESHOLD = 0x1p-24f;

    private float[] edges;
    private float[] counts;

    /** An observer that has seen nothing. */
    public NvidiaHistogramObserver() {
        edges = new float[0];
        counts = new float[0];
    }

    @Override
    void collect(float[] values, int from, int to, float low, float high, boolean first) {
        float largest = Math.max(-low, high);
        float[] newEdges = first ? TorchKernels.linspace(0, largest, BINS + 1) : edges;
        float[] newCounts = new float[first ? BINS : counts.length];
        if (!first && largest > edges[edges.length - 1]) {
            float width = edges[1] - edges[0];
            double bins = Math.ceil((double) (largest / width));
            requireBins(bins, width, largest);
            newEdges = TorchKernels.arange(largest + width, width);
            newCounts = new float[Math.max((int) bins, counts.length)];
        }
        TorchKernels.histc(values, from, to, true, 0, newEdges[newEdges.length - 1], newCounts);
        for (int i = 0; i < counts.length; i++) {
            newCounts[i] += counts[i];
        }
        edges = newEdges;
        counts = newCounts;
    }

    /**
     * The largest magnitude, as TensorRT's min-max calibration takes it.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    public RealRange absMax(QuantType type) {
        Given.require("type", type);
        return range(Math.max(-min(), max()), type);
    }

    /**
     * The left edge of the bin that holds the quantile of magnitudes, so that even 100 percent clips.
     *
     * @param percent the share kept; the engine's default is 99.99
     * @throws IllegalArgumentException if {@code percent} is outside 0..100
     * @throws IllegalStateException if no finite value was observed
     */
    public RealRange percentile(double percent, QuantType type) {
        Given.require("type", type);
        Validate.isTrue(percent >= 0 && percent <= 100, "percent must be within 0..100, was %s", percent);
        return range(edge(NumPyKernels.reaching(counts(), percent / 100)), type);
    }

    /**
     * The threshold of least Kullback-Leibler divergence.
     *
     * @param stride bins from one candidate to the next, at least 1
     * @throws IllegalArgumentException if {@code stride} is less
     * @throws IllegalStateException if no finite value was observed
     */
    public RealRange entropy(QuantType type, int stride) {
        Given.require("type", type);
        checkStride(stride);
        long[] bins = counts();
        bins[0] = bins[1];
        Divergence divergence = new Divergence(bins);
        int levels = type.isSigned() ? 128 : 256;
        int best = FIRST_CANDIDATE;
        double least = Double.POSITIVE_INFINITY;
        for (int i = FIRST_CANDIDATE; i <= bins.length; i += stride) {
            double candidate = divergence.of(i, levels);
            if (candidate <= least) {
                least = candidate;
                best = i;
            }
        }
        return range(edge(best), type);
    }

    /**
     * The threshold of least mean squared error.
     *
     * @param stride bins from one candidate to the next, at least 1
     * @throws IllegalArgumentException if {@code stride} is less
     * @throws IllegalStateException if no finite value was observed
     */
    public RealRange meanSquaredError(QuantType type, int stride) {
        Given.require("type", type);
        checkStride(stride);
        long[] bins = counts();
        double[] centres = new double[bins.length];
        double allZero = 0;
        for (int i = 0; i < centres.length; i++) {
            centres[i] = (edge(i + 1) + edge(i)) / 2;
            allZero += bins[i] * centres[i] * centres[i];
        }
        SquaredError error = new SquaredError(Density.ofPoints(centres, bins));
        QuantType grid = type.isSigned() ? QuantType.INT8_NARROW : type;
        int best = FIRST_CANDIDATE;
        double least = Double.POSITIVE_INFINITY;
        for (int i = FIRST_CANDIDATE; i < centres.length; i += stride) {
            double candidate = centres[i] <= LEAST_THRESHOLD
                    ? allZero
                    : error.of(QuantParams.of(grid, (float) (centres[i] / grid.high()), 0), least);
            if (candidate < least) {
                least = candidate;
                best = i;
            }
        }
        return range((float) centres[best], type);
    }

    private static void checkStride(int stride) {
        Validate.isTrue(stride >= 1, "stride must be at least 1, was %s", stride);
    }

    private static RealRange range(float threshold, QuantType type) {
        return RealRange.of(type.isSigned() ? -threshold : 0, threshold);
    }

    private long[] counts() {
        checkObserved();
        long[] whole = new long[counts.length];
        for (int i = 0; i < whole.length; i++) {
            whole[i] = (long) counts[i];
        }
        return whole;
    }

    /** Growth may leave an edge too few, by rounding; the engine then stops as well. */
    private float edge(int i) {
        if (i >= edges.length) {
            throw new IllegalStateException("histogram must have an edge for bin " + i + ", was of " + edges.length
                    + " edges and " + counts.length + " bins");
        }
        return edges[i];
    }

    int bins() {
        return counts.length;
    }

    long count(int bin) {
        return (long) counts[bin];
    }
}
