// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

/** What an {@link ErrorKernel} has added, lane by lane, and the bounds it goes by. Not thread safe. Internal. */
public final class ErrorSums {
    /** One vector of 512 bits, or two of 256. */
    static final int LANES = 8;

    final double inputLow;
    final double inputHigh;
    final double low;
    final double high;
    final double[] signal = new double[LANES];
    final double[] inside = new double[LANES];
    final double[] outside = new double[LANES];
    final double[] largest = new double[LANES];
    long clipped;

    /** Nothing added. */
    public ErrorSums(double inputLow, double inputHigh, double low, double high) {
        this.inputLow = inputLow;
        this.inputHigh = inputHigh;
        this.low = low;
        this.high = high;
    }

    /** The sum of the squared values. */
    public double signal() {
        return total(signal);
    }

    /** The sum of the squared errors of values within the bounds. */
    public double inside() {
        return total(inside);
    }

    /** The sum of the squared errors of the other values. */
    public double outside() {
        return total(outside);
    }

    /** The largest error without its sign; NaN is none. */
    public double largest() {
        double most = 0;
        for (double lane : largest) {
            most = Math.max(most, lane);
        }
        return most;
    }

    /** How many values are not within the bounds. */
    public long clipped() {
        return clipped;
    }

    private static double total(double[] lanes) {
        double even = (lanes[0] + lanes[4]) + (lanes[2] + lanes[6]);
        double odd = (lanes[1] + lanes[5]) + (lanes[3] + lanes[7]);
        return even + odd;
    }
}
