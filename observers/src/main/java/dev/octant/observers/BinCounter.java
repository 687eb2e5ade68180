package dev.octant.observers;

import dev.octant.core.kernel.BinKernel;
import dev.octant.core.kernel.BinTally;

/**
 * The fast part of {@link HistogramObserver}: counts and sums finite values that lie in the bins 1 to 2047 of some width.
 *
 * <p>A {@link BinKernel} does the work. Values of bin 0 are handed back: zeros are counted, and those so small that their
 * bits lie too low are kept.
 */
final class BinCounter {
    /** The exponents whose bin 1 holds normal floats. */
    static final int LEAST_EXPONENT = -126;

    /** After 2^28 values no sum passes 2^62 units, and no bin the ints. */
    private static final int MOST = 1 << 28;

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
        return added > MOST - BinTally.LONGEST;
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

    /** Moves all counts to a histogram's bins, 2^rise times as wide, and to its octaves; returns the sums. */
    ExactSums moveTo(long[] bins, long[] octaves, int rise) {
        if (added == 0) {
            return ExactSums.ZERO;
        }
        for (int k = 1; k < BINS; k++) {
            int positive = tally.count(k);
            int negative = tally.count(-k);
            // Nothing but zeros was counted where the histogram's bins are finer.
            int wide = HistogramSummary.shifted(k, Math.max(rise, 0));
            bins[wide] += positive;
            bins[BINS + wide] += negative;
            int octave = HistogramSummary.octaveOf(k, exponent);
            octaves[octave] += positive;
            octaves[256 + octave] += negative;
        }
        int shift = exponent + ExactSums.UNIT - BinTally.SUM_BITS;
        ExactSums sums =
                new ExactSums(tally.sum().shiftLeft(shift), tally.squares().shiftLeft(2 * shift));
        tally.clear();
        added = 0;
        return sums;
    }

    /** The lengths of the arrays held, in bytes, which {@link #BYTES} promises. */
    int bytes() {
        return tally.bytes();
    }
}
