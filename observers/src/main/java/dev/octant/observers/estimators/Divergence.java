// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.internal.text.Given;

/**
 * The Kullback-Leibler divergence between a histogram of magnitudes clipped to its first bins and the same bins after
 * quantization to fewer levels.
 *
 * <pre>
 * P[j] = h[j] for j &lt; end; the counts from end on are added to its last bin
 * Q[j] = (sum of h in j's group) / (non-empty bins in j's group) for non-empty j, else 0
 * group of bin j = floor(j * levels / end)
 * KL   = sum of p * ln(p / q) over p &gt; 0, with p and q the normalised P and Q; infinite where q = 0 &lt; p
 * </pre>
 *
 * <p>Prefix sums make a candidate cost O(levels). With S, Z and L the sums of h, of non-empty bins and of h ln h, m
 * and z a group's shares of S and Z, and p its m plus the tail if it is the last: {@code KL = (sum P ln P - sum p
 * ln(m / z)) / T - ln T + ln S(end)}, T being the total.
 */
public final class Divergence {
    private final long[] counts;
    private final long[] sum;
    private final int[] nonEmpty;
    private final double[] logs;

    /** The divergences of a histogram, whose counts are read, not copied. */
    public Divergence(long[] counts) {
        Given.require("counts", counts);
        this.counts = counts;
        sum = new long[counts.length + 1];
        nonEmpty = new int[counts.length + 1];
        logs = new double[counts.length + 1];
        for (int j = 0; j < counts.length; j++) {
            sum[j + 1] = sum[j] + counts[j];
            nonEmpty[j + 1] = nonEmpty[j] + (counts[j] > 0 ? 1 : 0);
            logs[j + 1] = logs[j] + timesLog(counts[j]);
        }
    }

    /** The divergence of the first {@code end} bins, at least 1. */
    public double of(int end, int levels) {
        long total = sum[counts.length];
        long tail = total - sum[end];
        long last = counts[end - 1];
        if (tail > 0 && last == 0) {
            return Double.POSITIVE_INFINITY;
        }
        double entropy = logs[end] + (timesLog(last + tail) - timesLog(last));
        double cross = 0;
        int groupStart = 0;
        for (int group = 1; group <= levels; group++) {
            int groupEnd = (group * end + levels - 1) / levels;
            long mass = sum[groupEnd] - sum[groupStart];
            if (mass > 0) {
                long clipped = groupEnd == end ? tail : 0;
                cross += (mass + clipped) * Math.log((double) mass / (nonEmpty[groupEnd] - nonEmpty[groupStart]));
            }
            groupStart = groupEnd;
        }
        return (entropy - cross) / total - Math.log((double) total) + Math.log((double) sum[end]);
    }

    /** The share of all counts that the first {@code end} bins hold. */
    double kept(int end) {
        return (double) sum[end] / sum[counts.length];
    }

    private static double timesLog(long count) {
        return count == 0 ? 0 : count * Math.log((double) count);
    }
}
