// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.bins.BinTally;
import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSums;

/**
 * The fast part of an observer of histograms: counts and sums finite values from one to 2,048 bins of some width.
 *
 * <p>A {@link BinKernel} does the work, in parts of 1/64 of a bin. Values below a bin are handed back: zeros are
 * counted, and those so small that their bits lie too low are kept.
 */
final class BinCounter {
    /** Parts of bins of this width and wider have an inverse that is a float. */
    static final int LEAST_EXPONENT = -121;

    /** A bin has 2^6 parts. */
    private static final int PART_BITS = 6;

    /** After 2^28 values no sum passes 2^62 units, and no place the ints. */
    private static final int CAPACITY = 1 << 28;

    /** Bytes held, whatever was counted. */
    static final int BYTES = BinTally.BYTES;

    private final BinTally tally = new BinTally();
    private int added;
    private int exponent = LEAST_EXPONENT;
    private float inversePart = Math.scalb(1f, PART_BITS - LEAST_EXPONENT);

    /** Whether a counter can have bins of width 2^exponent. */
    static boolean takes(int exponent) {
        return exponent >= LEAST_EXPONENT;
    }

    /** The {@code e} of the bin width 2^e. */
    int exponent() {
        return exponent;
    }

    /** Changes the bin width of a counter that has just been emptied. */
    void become(int newExponent) {
        exponent = newExponent;
        inversePart = Math.scalb(1f, PART_BITS - newExponent);
    }

    /** Whether the counts must be moved before the next block. */
    boolean isFull() {
        return added > CAPACITY - BinTally.LONGEST;
    }

    /** Counts at most {@link BinTally#LONGEST} finite values below 2,048 bins; there must be room for small ones. */
    void add(BinKernel kernel, float[] values, int from, int length) {
        kernel.run(values, from, length, inversePart, tally);
        added += length;
    }

    /** The values below one bin that are not zero: the first {@link #smalls()}. */
    float[] small() {
        return tally.small();
    }

    /** How many values were handed back and not dropped. */
    int smalls() {
        return tally.smalls();
    }

    /** Whether the small values must be dropped before the next block. */
    boolean hasManySmall() {
        return tally.isFull();
    }

    /** Forgets the small values. */
    void dropSmall() {
        tally.dropSmall();
    }

    /** How many zeros were counted since the counts were moved. */
    long zeros() {
        return tally.zeros();
    }

    /** Moves all counts to a histogram, whose bins are wide enough for them, and to its sums. */
    void moveTo(BinCounts bins, ExactAccumulator sums) {
        if (added == 0) {
            return;
        }
        int part = exponent - PART_BITS;
        bins.addAll(tally, part);
        int unit = part + ExactSums.UNIT;
        sums.addSum(tally.sum(), unit - BinTally.SUM_BITS);
        sums.addSquares(tally.upperSquares(), 2 * unit - BinTally.UPPER_BITS);
        sums.addSquares(tally.lowerSquares(), 2 * unit - BinTally.LOWER_BITS);
        tally.clear();
        added = 0;
    }

    /** The lengths of the arrays held, in bytes, which {@link #BYTES} promises. */
    int bytes() {
        return tally.bytes();
    }
}
