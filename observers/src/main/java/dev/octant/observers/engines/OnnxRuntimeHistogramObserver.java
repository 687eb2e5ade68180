// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.RealRange;
import org.apache.commons.lang3.Validate;

/**
 * ONNX Runtime's histogram of values, for its asymmetric percentile and its entropy.
 *
 * <pre>
 * first batch:  bins over [-t, t], t = max |x|
 * later:        a batch with larger |x| adds k = floor((max |x| - t) / w) + 1 bins of width w = 2t / bins on both sides
 * percentile p: the left edges of the bins in which the shares (100 - p) / 200 and 1 - (100 - p) / 200 are reached
 * entropy:      the window around 0 of least Kullback-Leibler divergence between its bins and as many levels
 * both:         no further out than the observed min and max
 * </pre>
 *
 * <p>With 128 bins, 128 levels and one batch, ONNX Runtime's defaults, entropy has one window: the observed range. Bins
 * are edges in float and counts in long. The result depends on the order of the batches and on where they are cut. One
 * batch here is one {@code collect} call there, which may stack several batches of its reader. Not thread safe. Source:
 * ONNX Runtime 1.30 {@code quantization/calibrate.py}.
 *
 * <p>NaN and infinities are left out. Throws IllegalArgumentException for a batch whose values span more than the
 * largest float, or that would need more than 1,048,576 bins, and changes nothing then.
 */
public final class OnnxRuntimeHistogramObserver extends BatchObserver {
    /** The search visits every bin of every window. */
    private static final int MOST_BINS_SEARCHED = 1 << 14;

    private final int firstBins;
    private float threshold;
    private float[] edges;
    private long[] counts;

    /**
     * An observer that has seen nothing.
     *
     * @param bins of the first batch; ONNX Runtime's defaults are 128 for entropy and 2048 for the percentile
     * @throws IllegalArgumentException if they are outside 1..1048576
     */
    public OnnxRuntimeHistogramObserver(int bins) {
        Validate.isTrue(bins >= 1 && bins <= MOST_BINS, "bins must be within 1..%s, was %s", MOST_BINS, bins);
        firstBins = bins;
        edges = new float[0];
        counts = new long[0];
    }

    @Override
    void collect(float[] values, int from, int to, float low, float high, boolean first) {
        float needed = Math.max(-low, high);
        int bins = first ? firstBins : counts.length;
        int added = 0;
        float reach = threshold;
        if (first || threshold == 0) {
            reach = needed;
        } else if (needed > threshold) {
            float width = 2 * threshold / bins;
            float grown = TorchKernels.floorDivide(needed - threshold, width) + 1;
            requireBins(bins + 2.0 * grown, width, needed);
            added = (int) grown;
            reach = added * width + threshold;
        }
        float end = reach == 0 ? 0.5f : reach;
        float[] newEdges = NumPyKernels.linspace(-end, end, bins + 2 * added);
        long[] newCounts = new long[bins + 2 * added];
        NumPyKernels.count(values, from, to, false, newEdges, newCounts);
        for (int i = 0; i < counts.length; i++) {
            newCounts[added + i] += counts[i];
        }
        threshold = reach;
        edges = newEdges;
        counts = newCounts;
    }

    /**
     * The range that leaves out the same share of values on each side.
     *
     * @param percent the share kept; ONNX Runtime's default is 99.999
     * @throws IllegalArgumentException if {@code percent} is outside 0..100
     * @throws IllegalStateException if no finite value was observed
     */
    public RealRange percentile(double percent) {
        Validate.isTrue(percent >= 0 && percent <= 100, "percent must be within 0..100, was %s", percent);
        checkObserved();
        double cut = (100 - percent) / 200;
        return within(edges[NumPyKernels.reaching(counts, cut)], edges[NumPyKernels.reaching(counts, 1 - cut)]);
    }

    /**
     * The range that loses least information when it is cut into levels. Takes about 0.1 s for 2,048 bins, and four
     * times that for twice as many.
     *
     * @param levels quantized bins; ONNX Runtime's default is 128
     * @throws IllegalArgumentException if they are outside 2..(bins)
     * @throws IllegalStateException if no finite value was observed, the histogram grew beyond 16,384 bins, or more
     *     than 10,000 bins are empty for each filled one
     */
    public RealRange entropy(int levels) {
        checkObserved();
        Validate.isTrue(
                levels >= 2 && levels <= counts.length, "levels must be within 2..%s, was %s", counts.length, levels);
        Validate.validState(
                counts.length <= MOST_BINS_SEARCHED,
                "histogram must have at most %s bins for the entropy search, was %s",
                MOST_BINS_SEARCHED,
                counts.length);
        OnnxRuntimeEntropy entropy = new OnnxRuntimeEntropy(counts, levels);
        int best = entropy.best();
        return within(edges[entropy.begin(best)], edges[entropy.end(best)]);
    }

    int bins() {
        return counts.length;
    }

    long count(int bin) {
        return counts[bin];
    }
}
