// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * ONNX Runtime's histogram of magnitudes and its symmetric percentile.
 *
 * <pre>
 * first batch:  bins over [min |x|, max |x|]
 * later:        a batch with larger |x| appends bins of the first one's width; a magnitude below the first
 *               batch's least
 *               is not counted
 * range:        [-e, e] within the observed min and max, e = left edge of the bin in which the share is reached
 * </pre>
 *
 * <p>Even 100 percent cuts off the last bin. The result depends on the order of the batches and on where they are
 * cut. Not thread safe. Source: ONNX Runtime 1.30 {@code HistogramCollector.collect_absolute_value}.
 *
 * <p>NaN and infinities are left out. Throws IllegalArgumentException for a batch that would need more than 1,048,576
 * bins, as small first values bring about, and changes nothing then.
 */
public final class OnnxRuntimeMagnitudeObserver extends BatchObserver implements Ranged {
    private final int firstBins;
    private final double percent;
    private float[] edges;
    private long[] counts;

    /**
     * An observer that has seen nothing.
     *
     * @param percent the share of magnitudes kept, 0 to 100; ONNX Runtime's default is 99.999
     * @param bins of the first batch; ONNX Runtime's default is 2048
     * @throws IllegalArgumentException if {@code percent} is outside 0..100, or {@code bins} outside 1..1048576
     */
    public OnnxRuntimeMagnitudeObserver(double percent, int bins) {
        Validate.isTrue(percent >= 0 && percent <= 100, "percent must be within 0..100, was %s", percent);
        Validate.isTrue(bins >= 1 && bins <= MOST_BINS, "bins must be within 1..%s, was %s", MOST_BINS, bins);
        this.percent = percent;
        firstBins = bins;
        edges = new float[0];
        counts = new long[0];
    }

    @Override
    void collect(float[] values, int from, int to, float low, float high, boolean first) {
        float largest = Math.max(-low, high);
        if (first) {
            float least = leastMagnitude(values, from, to);
            float half = least == largest ? 0.5f : 0;
            float[] newEdges = NumPyKernels.linspace(least - half, largest + half, firstBins);
            long[] newCounts = new long[firstBins];
            NumPyKernels.count(values, from, to, true, newEdges, newCounts);
            edges = newEdges;
            counts = newCounts;
            return;
        }
        edges = reaching(largest);
        long[] newCounts = new long[edges.length - 1];
        NumPyKernels.countBetween(values, from, to, edges, newCounts);
        for (int i = 0; i < counts.length; i++) {
            newCounts[i] += counts[i];
        }
        counts = newCounts;
    }

    private static float leastMagnitude(float[] values, int from, int to) {
        float least = Float.POSITIVE_INFINITY;
        for (int i = from; i < to; i++) {
            least = Float.isNaN(values[i]) ? least : Math.min(least, Math.abs(values[i]));
        }
        return least;
    }

    /** The edges, with as many behind them as the magnitude needs. */
    private float[] reaching(float largest) {
        float last = edges[edges.length - 1];
        if (largest <= last) {
            return edges;
        }
        float width = edges[1] - edges[0];
        requireBins(edges.length + NumPyKernels.arangeLength(last + width, largest + width, width), width, largest);
        float[] more = NumPyKernels.arange(last + width, largest + width, width);
        float[] all = Arrays.copyOf(edges, edges.length + more.length);
        System.arraycopy(more, 0, all, edges.length, more.length);
        return all;
    }

    /**
     * The symmetric range, cut where the data ends.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    @Override
    public RealRange range() {
        checkObserved();
        float end = edges[NumPyKernels.reaching(counts, percent / 100)];
        return within(-end, end);
    }

    int bins() {
        return counts.length;
    }

    long count(int bin) {
        return counts[bin];
    }
}
