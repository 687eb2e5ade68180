// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import java.util.Arrays;

/**
 * ONNX Runtime's entropy search over a histogram centred at zero.
 *
 * <pre>
 * z = bins / 2; for i = levels / 2 .. z the window is [z - i, min(z + i + 1, bins))
 * P = the window's counts, those left and right of it added to its end bins
 * merged = window / levels bins form a level, and the rest of the window joins the last one
 * Q = for the bins of each level: count of the level / non-empty bins of P in it, cut to an integer; 0 in the rest
 * both: where empty 0.0001, elsewhere less 0.0001 * empty / non-empty, in float
 * result: the first window of least KL(P || Q)
 * </pre>
 *
 * <p>Source: ONNX Runtime {@code HistogramCollector.get_entropy_threshold}; SciPy {@code entropy}, {@code rel_entr}.
 */
final class OnnxRuntimeEntropy {
    private static final double EPSILON = 1e-4;

    private final long[] counts;
    private final int levels;

    OnnxRuntimeEntropy(long[] counts, int levels) {
        this.counts = counts;
        this.levels = levels;
    }

    /** Half the width of the best window in bins. */
    int best() {
        int best = levels / 2;
        float least = Float.POSITIVE_INFINITY;
        for (int i = levels / 2; i <= counts.length / 2; i++) {
            float divergence = divergence(begin(i), end(i));
            if (divergence < least) {
                least = divergence;
                best = i;
            }
        }
        return best;
    }

    int begin(int i) {
        return counts.length / 2 - i;
    }

    int end(int i) {
        return Math.min(counts.length / 2 + i + 1, counts.length);
    }

    float divergence(int begin, int end) {
        long[] window = Arrays.copyOfRange(counts, begin, end);
        int size = window.length;
        for (int i = 0; i < begin; i++) {
            window[0] += counts[i];
        }
        for (int i = end; i < counts.length; i++) {
            window[size - 1] += counts[i];
        }
        long[] quantized = quantized(window, begin);
        float[] p = smoothed(window);
        float[] q = smoothed(quantized);
        return p.length == 0 || q.length == 0 ? Float.POSITIVE_INFINITY : divergence(p, q);
    }

    private long[] quantized(long[] window, int begin) {
        long[] quantized = new long[window.length];
        int merged = window.length / levels;
        for (int level = 0; level < levels; level++) {
            int from = level * merged;
            int to = level == levels - 1 ? window.length : from + merged;
            long mass = 0;
            for (int i = from; i < to; i++) {
                mass += counts[begin + i];
            }
            int filled = 0;
            for (int i = from; i < from + merged; i++) {
                filled += window[i] != 0 ? 1 : 0;
            }
            if (filled != 0) {
                Arrays.fill(quantized, from, from + merged, (long) ((double) mass / filled));
            }
        }
        return quantized;
    }

    /** Without zeros; empty where all are. */
    private static float[] smoothed(long[] bins) {
        int empty = 0;
        for (long count : bins) {
            empty += count == 0 ? 1 : 0;
        }
        if (empty == bins.length) {
            return new float[0];
        }
        double less = EPSILON * empty / (bins.length - empty);
        if (less >= 1) {
            throw new IllegalStateException("histogram must have at most 10000 empty bins for each filled one, was "
                    + empty + " empty and " + (bins.length - empty) + " filled");
        }
        float[] smoothed = new float[bins.length];
        for (int i = 0; i < bins.length; i++) {
            smoothed[i] = (float) bins[i] + (bins[i] == 0 ? (float) EPSILON : (float) -less);
        }
        return smoothed;
    }

    private static float divergence(float[] p, float[] q) {
        float pSum = NumPyKernels.sum(p, 0, p.length);
        float qSum = NumPyKernels.sum(q, 0, q.length);
        for (int i = 0; i < p.length; i++) {
            p[i] = (float) relativeEntropy(p[i] / pSum, q[i] / qSum);
        }
        return NumPyKernels.sum(p, 0, p.length);
    }

    private static double relativeEntropy(double x, double y) {
        double ratio = x / y;
        if (ratio > 0.5 && ratio < 2) {
            return x * Math.log1p((x - y) / y);
        }
        return x * Math.log(ratio);
    }
}
