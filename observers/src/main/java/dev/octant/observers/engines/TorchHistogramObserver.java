// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;

/**
 * PyTorch's {@code HistogramObserver}: 2,048 equal bins over all values so far, and a search for the range between
 * whose ends 256 levels lose least.
 *
 * <pre>
 * first batch:  bin(x) = (x - min) * 2048 / (max - min), counts in float
 * later:        a batch that widens [min, max] rebins what was counted: every bin becomes 16 parts of a
 *               sixteenth of its
 *               count, and each part goes to the new bin of its middle
 * range:        both ends move inward by quantiles of 1e-5, the one that skips more bins first, until the error grows
 * </pre>
 *
 * <p>The result depends on the order of the batches and on where they are cut. Counts are floats: above 2^24 a bin no
 * longer takes single values. The range lies within the observed one but for rounding. It has the bits of the engine's,
 * and so have scale and zero point under {@link dev.octant.core.ParameterPolicy#PYTORCH}. Not thread safe. Source:
 * PyTorch 2.14 {@code torch.ao.quantization}.
 *
 * <p>NaN is left out, where PyTorch stops; infinities are left out there too. Throws IllegalArgumentException for a
 * batch whose span times 2,048 overflows a float, and changes nothing then.
 */
public final class TorchHistogramObserver extends BatchObserver implements Ranged {
    private static final int BINS = 2048;
    private static final int PARTS = 16;

    private float[] counts;

    /** An observer that has seen nothing. */
    public TorchHistogramObserver() {
        counts = new float[BINS];
    }

    @Override
    void collect(float[] values, int from, int to, float low, float high, boolean first) {
        float newMin = first ? low : Math.min(low, min());
        float newMax = first ? high : Math.max(high, max());
        float[] added = new float[BINS];
        TorchKernels.histc(values, from, to, false, newMin, newMax, added);
        if (!first) {
            float[] before = newMin == min() && newMax == max() ? counts : rebinned(newMin, newMax);
            for (int i = 0; i < BINS; i++) {
                added[i] += before[i];
            }
        }
        counts = added;
    }

    /** What was counted so far, in the bins of a wider range. */
    private float[] rebinned(float newMin, float newMax) {
        float[] result = new float[BINS];
        if (min() == max()) {
            TorchKernels.histc(new float[] {min()}, 0, 1, false, newMin, newMax, result);
            float total = TorchKernels.sum(counts);
            for (int i = 0; i < BINS; i++) {
                result[i] *= total;
            }
            return result;
        }
        float half = 0.5f * ((max() - min()) / (BINS * PARTS));
        float[] parts = TorchKernels.linspace(min(), max(), BINS * PARTS + 1);
        float[] edges = TorchKernels.linspace(newMin, newMax, BINS + 1);
        int bin = -1;
        for (int i = 0; i < BINS * PARTS; i++) {
            float middle = parts[i] + half;
            while (bin < BINS && edges[bin + 1] <= middle) {
                bin++;
            }
            while (bin >= 0 && edges[bin] > middle) { // the parts may step back by a rounding where their halves meet
                bin--;
            }
            result[Math.min(Math.max(bin, 0), BINS - 1)] += counts[i / PARTS] / PARTS;
        }
        return result;
    }

    /**
     * The range of least error among those tried.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    @Override
    public RealRange range() {
        return search().best();
    }

    TorchSearch search() {
        checkObserved();
        return new TorchSearch(counts, min(), max());
    }

    float count(int bin) {
        return counts[bin];
    }
}
