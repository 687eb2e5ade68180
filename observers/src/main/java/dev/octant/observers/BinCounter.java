// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.bins.BinTally;
import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSums;

/**
 * The fast part of {@link HistogramObserver}: counts and sums finite values that lie in the bins 1 to 2047 of some
 * width.
 *
 * <p>A {@link BinKernel} does the work. Values of bin 0 are handed back: zeros are counted, and those so small that
 * their bits lie too low are kept.
 */
final class BinCounter {
    /** The exponents whose bin 1 holds normal floats. */
    static final int LEAST_EXPONENT = -126;

    /** After 2^28 values no sum passes 2^62 units, and no bin the ints. */
    private static final int CAPACITY = 1 << 28;

    private static final int BINS = HistogramObserver.BINS;

    /** Bytes held, whatever was counted. */
    static final int BYTES = BinTally.BYTES;

    private final BinTally tally = new BinTally();
    private int added;
    private int exponent = LEAST_EXPONENT;
    private float inverseWidth = Math.scalb(1f, -LEAST_EXPONENT);

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
        inverseWidth = Math.scalb(1f, -newExponent);
    }

    /** Whether the counts must be moved before the next block. */
    boolean isFull() {
        return added > CAPACITY - BinTally.LONGEST;
    }

    /** Counts at most {@link BinTally#LONGEST} finite values below 2048 widths; there must be room for small ones. */
    void add(BinKernel kernel, float[] values, int from, int length) {
        kernel.run(values, from, length, inverseWidth, tally);
        added += length;
    }

    /** The values of bin 0 that are not zero: the first {@link #smalls()}. */
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

    /**
     * Moves all counts to a histogram's bins of both signs, one half each, to its octaves, and to its sums. The
     * histogram's bins are 2^rise times as wide.
     */
    void moveTo(long[] bins, long[] octaves, ExactAccumulator sums, int rise) {
        if (added == 0) {
            return;
        }
        int half = bins.length / 2;
        // Nothing but zeros was counted where the histogram's bins are finer.
        int shift = Math.max(rise, 0);
        for (int first = 1; first < BINS; first *= 2) {
            long positives = 0;
            long negatives = 0;
            for (int k = first; k < 2 * first; k++) {
                int positive = tally.count(k);
                int negative = tally.count(-k);
                int wide = HistogramSummary.shifted(k, shift);
                bins[wide] += positive;
                bins[half + wide] += negative;
                positives += positive;
                negatives += negative;
            }
            int octave = HistogramSummary.octaveOf(first, exponent);
            octaves[octave] += positives;
            octaves[256 + octave] += negatives;
        }
        int place = exponent + ExactSums.UNIT;
        sums.addSum(tally.sum(), place - BinTally.SUM_BITS);
        sums.addSquares(tally.upperSquares(), 2 * place - BinTally.UPPER_BITS);
        sums.addSquares(tally.lowerSquares(), 2 * place - BinTally.LOWER_BITS);
        tally.clear();
        added = 0;
    }

    /** The lengths of the arrays held, in bytes, which {@link #BYTES} promises. */
    int bytes() {
        return tally.bytes();
    }
}
