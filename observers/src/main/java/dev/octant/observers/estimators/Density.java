// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import java.util.Arrays;

/**
 * A histogram as ascending cells {@code [left, right]} that hold at least one value each, spread evenly over the cell.
 *
 * <p>Cells are the bins, except that bin 0 of each sign is cut by exponent, down to the smallest float. The zeros are a
 * cell of width 0. The outermost cells end at the observed min and max.
 */
public final class Density {
    private final double[] left;
    private final double[] right;
    private final long[] count;
    private int cells;

    private Density(int capacity) {
        left = new double[capacity];
        right = new double[capacity];
        count = new long[capacity];
    }

    /** Point masses at ascending places. */
    public static Density ofPoints(double[] places, long[] counts) {
        Density density = new Density(places.length);
        for (int i = 0; i < places.length; i++) {
            density.add(places[i], places[i], counts[i]);
        }
        return density;
    }

    /**
     * The density of a summary.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    static Density of(HistogramSummary summary) {
        double min = summary.range().min();
        double max = summary.range().max();
        int bins = HistogramObserver.BINS;
        double width = summary.binWidth();
        // Octaves 1..split cut bin 0 of the normal floats, octave 0 holds the subnormal ones.
        int split = Math.max(0, summary.exponent() + 126);
        Density density = new Density(2 * (bins + split) + 1);
        for (int k = bins - 1; k >= 1; k--) {
            density.add(-(k + 1) * width, -k * width, summary.negative(k));
        }
        for (int octave = split; octave >= 1; octave--) {
            density.add(-octaveEnd(octave), -octaveEnd(octave - 1), summary.octave(256 + octave));
        }
        double subnormalEnd = Math.min(width, Float.MIN_NORMAL);
        density.add(-subnormalEnd, -Float.MIN_VALUE, split == 0 ? summary.negative(0) : summary.octave(256));
        density.add(0, 0, summary.counts().zeros());
        density.add(Float.MIN_VALUE, subnormalEnd, split == 0 ? summary.positive(0) : summary.octave(0));
        for (int octave = 1; octave <= split; octave++) {
            density.add(octaveEnd(octave - 1), octaveEnd(octave), summary.octave(octave));
        }
        for (int k = 1; k < bins; k++) {
            density.add(k * width, (k + 1) * width, summary.positive(k));
        }
        density.left[0] = Math.max(density.left[0], min);
        density.right[density.cells - 1] = Math.min(density.right[density.cells - 1], max);
        return density;
    }

    /** Where the floats of a biased exponent end. */
    private static double octaveEnd(int biasedExponent) {
        return Math.scalb(1.0, biasedExponent - 126);
    }

    private void add(double from, double to, long values) {
        if (values > 0) {
            left[cells] = from;
            right[cells] = to;
            count[cells++] = values;
        }
    }

    int cells() {
        return cells;
    }

    double left(int cell) {
        return left[cell];
    }

    double right(int cell) {
        return right[cell];
    }

    long count(int cell) {
        return count[cell];
    }

    /** The last cell that begins at or before {@code x}, or -1. */
    int at(double x) {
        int found = Arrays.binarySearch(left, 0, cells, x);
        return found >= 0 ? found : -found - 2;
    }
}
