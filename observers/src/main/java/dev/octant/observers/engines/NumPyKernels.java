// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import org.apache.commons.lang3.Validate;

/**
 * NumPy's float32 functions, rounding where they round.
 *
 * <p>Source: NumPy 2 {@code lib/_histograms_impl.py}, {@code _core/function_base.py}, {@code arange} and the pairwise
 * sum of {@code umath}.
 */
final class NumPyKernels {
    private NumPyKernels() {}

    /** {@code numpy.linspace}: {@code i * step + start}, and the last one exact. */
    static float[] linspace(float start, float stop, int intervals) {
        float[] values = new float[intervals + 1];
        float delta = stop - start;
        float step = delta / intervals;
        for (int i = 0; i < intervals; i++) {
            values[i] = (step == 0 ? (float) i / intervals * delta : i * step) + start;
        }
        values[intervals] = stop;
        return values;
    }

    /** How many elements {@code numpy.arange} has. */
    static double arangeLength(float start, float stop, float step) {
        return Math.ceil((double) ((stop - start) / step));
    }

    /** {@code numpy.arange}: the step is what the second element differs from the first. */
    static float[] arange(float start, float stop, float step) {
        float[] values = new float[(int) Math.max(0, arangeLength(start, stop, step))];
        float delta = (start + step) - start;
        for (int i = 0; i < values.length; i++) {
            values[i] = start + i * delta;
        }
        return values;
    }

    /**
     * {@code numpy.histogram} in equal bins: the bin follows from the place in the range, then moves by one where the
     * edges say otherwise.
     *
     * @param edges what {@link #linspace} gives for the range
     */
    static void count(float[] values, int from, int to, boolean magnitudes, float[] edges, long[] counts) {
        int bins = counts.length;
        float first = edges[0];
        float last = edges[bins];
        float width = last - first;
        Validate.isTrue(
                width > 0 && width <= Float.MAX_VALUE,
                "batch must have bins that span a positive finite float, was [%s, %s]",
                first,
                last);
        for (int i = from; i < to; i++) {
            float x = magnitudes ? Math.abs(values[i]) : values[i];
            if (x >= first && x <= last) {
                int bin = Math.min((int) ((x - first) / width * bins), bins - 1);
                if (x < edges[bin]) {
                    bin--;
                } else if (x >= edges[bin + 1] && bin != bins - 1) {
                    bin++;
                }
                counts[bin]++;
            }
        }
    }

    /** {@code numpy.histogram} of magnitudes in given bins: those outside of all bins are not counted. */
    static void countBetween(float[] values, int from, int to, float[] edges, long[] counts) {
        int bins = counts.length;
        for (int i = from; i < to; i++) {
            float x = Math.abs(values[i]);
            if (x >= edges[0] && x <= edges[bins]) {
                counts[x == edges[bins] ? bins - 1 : lastAtMost(edges, x)]++;
            }
        }
    }

    /** The last edge that is not above {@code x}. */
    private static int lastAtMost(float[] edges, float x) {
        int low = 0;
        int high = edges.length;
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (edges[middle] <= x) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /**
     * The first bin with which the share of all counts is reached; the number of bins if rounding leaves it
     * unreached.
     */
    static int reaching(long[] counts, double share) {
        long total = 0;
        for (long count : counts) {
            total += count;
        }
        double sum = 0;
        for (int bin = 0; bin < counts.length; bin++) {
            sum += (double) counts[bin] / total;
            if (sum >= share) {
                return bin;
            }
        }
        return counts.length;
    }

    /**
     * {@code numpy.sum} of {@code values[from .. from + length)}: eight sums in blocks of 128, halves added pairwise.
     */
    static float sum(float[] values, int from, int length) {
        if (length > 128) {
            int half = length / 2 - length / 2 % 8;
            return sum(values, from, half) + sum(values, from + half, length - half);
        }
        float[] sums = new float[8];
        int even = length - length % 8;
        for (int i = 0; i < even; i++) {
            sums[i % 8] = i < 8 ? values[from + i] : sums[i % 8] + values[from + i];
        }
        float sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
        for (int i = even; i < length; i++) {
            sum += values[from + i];
        }
        return sum;
    }
}
