// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.report.drawing;

import java.util.List;
import java.util.stream.LongStream;

/**
 * Places of the marks on a linear axis: the multiples of a step {@code m * 10^p}, m = 1, 2 or 5.
 *
 * @param mantissa m
 * @param exponent p
 * @param first the smallest multiple inside the axis
 * @param last the largest; below {@code first} where none is inside
 */
public record Ticks(int mantissa, int exponent, long first, long last) {
    /**
     * The ticks of {@code [low, high]} with the smallest step that gives at most {@code most} of them.
     *
     * @param low less than {@code high}, both finite and so is their distance
     * @param most at least 2
     */
    public static Ticks within(double low, double high, int most) {
        // One decade below the step that would just do, so that the search begins too fine.
        int exponent = (int) Math.floor(Math.log10((high - low) / most)) - 1;
        while (true) {
            for (int mantissa : new int[] {1, 2, 5}) {
                long first = (long) Math.ceil(low / step(mantissa, exponent));
                long last = (long) Math.floor(high / step(mantissa, exponent));
                if (last - first < most) {
                    return new Ticks(mantissa, exponent, first, last);
                }
            }
            exponent++;
        }
    }

    /** The marks in ascending order. */
    public List<Double> values() {
        return LongStream.rangeClosed(first, last).mapToObj(this::value).toList();
    }

    public double step() {
        return step(mantissa, exponent);
    }

    private double value(long multiple) {
        return exponent < 0 && exponent > -300 ? multiple * mantissa / Math.pow(10, -exponent) : multiple * step();
    }

    private static double step(int mantissa, int exponent) {
        return mantissa * Math.pow(10, exponent);
    }
}
