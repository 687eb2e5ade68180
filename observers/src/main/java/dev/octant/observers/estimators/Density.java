// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * A histogram as ascending cells {@code [left, right]} that hold at least one value each, spread evenly over the cell:
 * those of {@link HistogramSummary#cells()}, or points.
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
        Given.require("places", places);
        Given.require("counts", counts);
        Validate.isTrue(
                places.length == counts.length,
                "counts must be as many as places (%s), was %s",
                places.length,
                counts.length);
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
        summary.range();
        return of(summary.cells());
    }

    /** Ascending cells that do not overlap. */
    static Density of(List<HistogramSummary.Cell> cells) {
        Density density = new Density(cells.size());
        for (HistogramSummary.Cell cell : cells) {
            density.add(cell.left(), cell.right(), cell.count());
        }
        return density;
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

    /**
     * The place of a value of a cell, of whose values a part lies before it: that part of the way through the cell, but
     * not so far from its middle that the value could be further away than 1 % of itself or 1/2048 of the largest
     * magnitude. A cell too wide to promise that is taken as it is.
     */
    double place(int cell, double part) {
        double from = left[cell];
        double to = right[cell];
        double place = from + part * (to - from);
        double largest = Math.max(Math.abs(left[0]), Math.abs(right[cells - 1]));
        double first = to - Math.min(Math.abs(to) / 100, largest / 2048);
        double last = from + Math.min(Math.abs(from) / 100, largest / 2048);
        return first <= last ? Math.min(Math.max(place, first), last) : place;
    }
}
