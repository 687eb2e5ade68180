// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import java.util.function.DoubleUnaryOperator;

/**
 * The cells of a density without the values of which a function's result is beyond the floats, for no error can be
 * given for those, and the function at the ends of the cells.
 *
 * <p>A cell of which one end has such a result is cut where the results come within the floats; its values lie evenly
 * in it, but that an outermost end is a value itself. A cell of which both ends have one is left out. Where nothing
 * else is, all cells are kept, and the results count as the largest float.
 */
final class ValuedCells {
    private final DoubleUnaryOperator function;
    private final double[] left;
    private final double[] right;
    private final double[] count;
    private final double[] valueLeft;
    private final double[] valueRight;
    private int cells;
    private double leftOut;

    private ValuedCells(int capacity, DoubleUnaryOperator function) {
        this.function = function;
        left = new double[capacity];
        right = new double[capacity];
        count = new double[capacity];
        valueLeft = new double[capacity];
        valueRight = new double[capacity];
    }

    /**
     * The cells of a density.
     *
     * @throws IllegalArgumentException if the function is NaN at the end of a cell
     */
    static ValuedCells of(Density density, DoubleUnaryOperator function) {
        ValuedCells valued = new ValuedCells(density.cells(), function);
        for (int i = 0; i < density.cells(); i++) {
            valued.addWithin(density, i);
        }
        if (valued.cells == 0) {
            valued.leftOut = 0;
            for (int i = 0; i < density.cells(); i++) {
                double from = density.left(i);
                double to = density.right(i);
                valued.add(from, to, (double) density.count(i), result(function, from), result(function, to));
            }
        }
        return valued;
    }

    private void addWithin(Density density, int cell) {
        double from = density.left(cell);
        double to = density.right(cell);
        double atLeft = result(function, from);
        double atRight = result(function, to);
        double values = density.count(cell);
        boolean isLeftBeyond = isBeyond(atLeft);
        boolean isRightBeyond = isBeyond(atRight);
        if (!isLeftBeyond && !isRightBeyond) {
            add(from, to, values, atLeft, atRight);
        } else if (isLeftBeyond && isRightBeyond) {
            leftOut += values;
        } else {
            double end = isLeftBeyond ? lastWithin(to, from) : lastWithin(from, to);
            boolean isOutermost = isLeftBeyond ? cell == 0 : cell == density.cells() - 1;
            double spread = isOutermost ? values - 1 : values;
            double kept = spread * ((isLeftBeyond ? to - end : end - from) / (to - from));
            leftOut += values - kept;
            if (kept > 0 && isLeftBeyond) {
                add(end, to, kept, result(function, end), atRight);
            } else if (kept > 0) {
                add(from, end, kept, atLeft, result(function, end));
            }
        }
    }

    /** The place nearest to {@code outside}, whose result is beyond, with one that is not. */
    private double lastWithin(double inside, double outside) {
        double within = inside;
        double beyond = outside;
        double middle = within + (beyond - within) / 2;
        while (middle != within && middle != beyond) {
            if (isBeyond(result(function, middle))) {
                beyond = middle;
            } else {
                within = middle;
            }
            middle = within + (beyond - within) / 2;
        }
        return within;
    }

    private void add(double from, double to, double values, double atLeft, double atRight) {
        left[cells] = from;
        right[cells] = to;
        count[cells] = values;
        valueLeft[cells] = withinFloats(atLeft);
        valueRight[cells++] = withinFloats(atRight);
    }

    /** The function as it is, of the finite float nearest to {@code x} where that is beyond. */
    private static double result(DoubleUnaryOperator function, double x) {
        double y = function.applyAsDouble(Math.min(Math.max(x, -Float.MAX_VALUE), Float.MAX_VALUE));
        if (Double.isNaN(y)) {
            throw new IllegalArgumentException("function must be a number for every observed value, was NaN at " + x);
        }
        return y;
    }

    private static boolean isBeyond(double y) {
        return Float.isInfinite((float) y);
    }

    private static double withinFloats(double y) {
        return Math.min(Math.max(y, -Float.MAX_VALUE), Float.MAX_VALUE);
    }

    /** The function of a finite float; the largest float where the result is beyond. */
    static double value(DoubleUnaryOperator function, double x) {
        return withinFloats(result(function, x));
    }

    /** How many values are left out; a part of one where a cell was cut. */
    double leftOut() {
        return leftOut;
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

    double count(int cell) {
        return count[cell];
    }

    /** The function at the left end. */
    double valueLeft(int cell) {
        return valueLeft[cell];
    }

    double valueRight(int cell) {
        return valueRight[cell];
    }
}
