// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import java.util.Arrays;

/**
 * How many values of a density lie before a place, and the sums of a function and of its square over them: its moments
 * of power 0, 1 and 2.
 *
 * <p>The density is cut into ascending pieces, over each of which its values are spread evenly and the function is a
 * straight line. Running sums make a moment O(1) once the piece is known. They start at zero and run outward both ways,
 * so that large values at the ends do not drown the small ones near zero.
 */
final class Moments {
    /** Powers 0, 1 and 2. */
    static final int POWERS = 3;

    private final double[] left;
    private final double[] right;
    private final double[] count;
    private final double[] valueLeft;
    private final double[] valueRight;
    private final double[][] running = new double[POWERS][];
    private final int pieces;

    /** Pieces by their ends, how many values each holds, and the function at the ends; the arrays are kept. */
    Moments(double[] left, double[] right, double[] count, double[] valueLeft, double[] valueRight) {
        this.left = left;
        this.right = right;
        this.count = count;
        this.valueLeft = valueLeft;
        this.valueRight = valueRight;
        pieces = left.length;
        int zero = at(0) + 1;
        for (int power = 0; power < POWERS; power++) {
            double[] sums = new double[pieces + 1];
            for (int i = zero; i < pieces; i++) {
                sums[i + 1] = sums[i] + moment(i, right[i], power);
            }
            for (int i = zero - 1; i >= 0; i--) {
                sums[i] = sums[i + 1] - moment(i, right[i], power);
            }
            running[power] = sums;
        }
    }

    /** The moments of the values themselves. */
    static Moments of(Density density) {
        int cells = density.cells();
        double[] left = new double[cells];
        double[] right = new double[cells];
        double[] count = new double[cells];
        for (int i = 0; i < cells; i++) {
            left[i] = density.left(i);
            right[i] = density.right(i);
            count[i] = density.count(i);
        }
        return new Moments(left, right, count, left, right);
    }

    /** The last piece that begins at or before {@code x}, or -1. */
    int at(double x) {
        int found = Arrays.binarySearch(left, x);
        return found >= 0 ? found : -found - 2;
    }

    /** As {@link #at}, from a piece that begins at or before {@code x}, or -1: ever longer steps, then halving. */
    int atOrAfter(int piece, double x) {
        int low = piece;
        int step = 1;
        while (low + step < pieces && left[low + step] <= x) {
            low += step;
            step *= 2;
        }
        int high = Math.min(low + step, pieces);
        while (high - low > 1) {
            int middle = (low + high) >>> 1;
            if (left[middle] <= x) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /** The integral of density * f^power over a piece from its left end to {@code x}. */
    private double moment(int piece, double x, int power) {
        double width = right[piece] - left[piece];
        double part = width > 0 ? (x - left[piece]) / width : 1;
        double a = valueLeft[piece];
        double b = a + part * (valueRight[piece] - a);
        double share = part * count[piece];
        return switch (power) {
            case 0 -> share;
            case 1 -> share * (a + b) / 2;
            default -> share * (a * a + a * b + b * b) / 3;
        };
    }

    /** The moment of all values up to {@code x}, {@code piece} being {@link #at} of it; only differences count. */
    double upTo(int piece, double x, int power) {
        return piece < 0
                ? running[power][0]
                : x >= right[piece] ? running[power][piece + 1] : running[power][piece] + moment(piece, x, power);
    }

    /** {@link #upTo} before the first piece. */
    double start(int power) {
        return running[power][0];
    }

    /** {@link #upTo} after the last piece. */
    double end(int power) {
        return running[power][pieces];
    }

    /** The moment of the values before {@code x}, {@code piece} being {@link #at} of it. */
    double below(int piece, double x, int power) {
        return upTo(piece, x, power) - start(power);
    }

    /** The moment of the values after {@code x}, {@code piece} being {@link #at} of it. */
    double above(int piece, double x, int power) {
        return end(power) - upTo(piece, x, power);
    }

    /**
     * What values with these moments cost when they become {@code value}: the sum of (value - f)^2. Never negative,
     * however the differences round.
     */
    static double cost(double value, double m0, double m1, double m2) {
        return Math.max(0, m2 - 2 * value * m1 + value * value * m0);
    }
}
