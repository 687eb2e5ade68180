// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import java.util.Arrays;

/**
 * A histogram coarse enough to draw: bars of equal width, one boundary at zero. Exact zeros lie in no bar.
 */
final class Bars {
    private final double first;
    private final double width;
    private final long[] counts;

    /** {@code counts[i]} values in {@code [first + i * width, first + (i + 1) * width)}; the array is taken over. */
    Bars(double first, double width, long[] counts) {
        this.first = first;
        this.width = width;
        this.counts = counts;
    }

    /** The summary's bins in groups, the fewest bins to a group that need at most {@code most} bars; at least 2. */
    static Bars of(HistogramSummary summary, int most) {
        return within(summary, most, RealRange.ALL);
    }

    /** The same of the bins that have a part in a range. */
    static Bars within(HistogramSummary summary, int most, RealRange shown) {
        // Bin i, signed: [i * 2^e, (i + 1) * 2^e).
        int bins = HistogramObserver.BINS;
        int low = bins;
        int high = -bins - 1;
        for (int i = -bins; i < bins; i++) {
            if (count(summary, i) > 0 && overlaps(i, summary.binWidth(), shown)) {
                low = Math.min(low, i);
                high = Math.max(high, i);
            }
        }
        if (high < low) {
            return new Bars(0, summary.binWidth(), new long[0]);
        }
        int group = 1;
        while (Math.floorDiv(high, group) - Math.floorDiv(low, group) >= most) {
            group++;
        }
        int begin = Math.floorDiv(low, group);
        long[] counts = new long[Math.floorDiv(high, group) - begin + 1];
        for (int i = low; i <= high; i++) {
            counts[Math.floorDiv(i, group) - begin] += count(summary, i);
        }
        double width = group * summary.binWidth();
        return new Bars(begin * width, width, counts);
    }

    private static boolean overlaps(int bin, double width, RealRange shown) {
        return (bin + 1) * width >= shown.min() && bin * width <= shown.max();
    }

    private static long count(HistogramSummary summary, int signed) {
        return signed < 0 ? summary.negative(-signed - 1) : summary.positive(signed);
    }

    int size() {
        return counts.length;
    }

    /** Where bar {@code i} begins, and the one before it ends. */
    double edge(int i) {
        return first + i * width;
    }

    double width() {
        return width;
    }

    long count(int i) {
        return counts[i];
    }

    long largest() {
        return Arrays.stream(counts).max().orElse(0);
    }
}
