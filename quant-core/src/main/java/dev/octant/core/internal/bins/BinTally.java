// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import java.util.Arrays;

/**
 * What a {@link BinKernel} has counted and added, and the arrays it works in.
 *
 * <p>A value t of bin 1 or more is a whole number of 2^-23 below 2^11, so a sum of t is exact in double for 2^18
 * values. Its square is exact, too, but is a whole number of 2^-46 below 2^22, and no double holds a sum of those. So
 * the sum is cut in two. The upper one starts at 1.5 * 2^42, and therefore stays a whole number of 2^-10 when squares
 * are added to it:
 *
 * <pre>
 * next = upper + t^2,   rounded
 * lower += t^2 - (next - upper),   exact, at most 2^-11 each
 * </pre>
 *
 * <p>After 2^18 values at the latest all of them become whole numbers in longs, so it does not matter in how many
 * lanes they were added. Not thread safe. Internal.
 */
public final class BinTally {
    /** Bins of each sign. */
    public static final int BINS = 2048;

    /** The most values of a block. */
    public static final int LONGEST = 4096;

    /** {@link #sum} is a whole number of 2^-23. */
    public static final int SUM_BITS = 23;

    /** {@link #upperSquares} is a whole number of 2^-10. */
    public static final int UPPER_BITS = 10;

    /** {@link #lowerSquares} is a whole number of 2^-46. */
    public static final int LOWER_BITS = 2 * SUM_BITS;

    /** Values handled together, whose arrays stay in the first-level cache. */
    static final int CHUNK = 1024;

    /** Lanes in which a kernel may add. */
    static final int LANES = 256;

    /**
     * Places after the bins where values of bin 0 go: increments of one place would wait for each other after a ReLU.
     */
    static final int PLACES = 16;

    /** Where {@link #upper} starts. */
    static final double START = 0x1.8p42;

    /** So many values the doubles hold. */
    private static final int LANE_CAPACITY = 1 << 18;

    /** The widest vector may write past the last small value. */
    private static final int SMALL = 2 * LONGEST + PLACES;

    /** Memory of the arrays. */
    public static final int BYTES = Integer.BYTES * (2 * (2 * BINS + PLACES) + CHUNK)
            + Float.BYTES * (CHUNK + SMALL + PLACES)
            + Double.BYTES * 3 * LANES;

    final int[] counts = new int[2 * BINS + PLACES];

    /** More of the same, for every other value of a vector: increments of one bin wait for each other. */
    final int[] otherCounts = new int[2 * BINS + PLACES];

    final float[] small = new float[SMALL];
    int smalls;
    private int inLanes;
    private long notZeros;
    private long sum;
    private long upperSquares;
    private long lowerSquares;

    /** Where in {@link #counts} the values of a chunk belong. */
    final int[] bins = new int[CHUNK];

    /** The values of a chunk in widths; 0 for small ones. */
    final float[] scaled = new float[CHUNK];

    /** The rest of a block that fills no vector, and zeros. */
    final float[] rest = new float[PLACES];

    final double[] sums = new double[LANES];
    final double[] upper = new double[LANES];
    final double[] lower = new double[LANES];

    /** Nothing counted. */
    public BinTally() {
        Arrays.fill(upper, START);
    }

    /** How many values lay in bin {@code k}, which is -2047..2047 without 0. */
    public int count(int k) {
        return counts[BINS + k] + otherCounts[BINS + k];
    }

    /** How many values were zero, of either sign. */
    public long zeros() {
        long places = 0;
        for (int i = 2 * BINS; i < 2 * BINS + PLACES; i++) {
            places += counts[i] + otherCounts[i];
        }
        return places - notZeros;
    }

    /** The values of bin 0 that are not zero, as they came; the first {@link #smalls}. */
    public float[] small() {
        return small;
    }

    /** How many small values there are. */
    public int smalls() {
        return smalls;
    }

    /** Whether another block could have more small values than there is room for. */
    public boolean isFull() {
        return smalls > LONGEST;
    }

    /** Forgets the small values. */
    public void dropSmall() {
        smalls = 0;
    }

    /** The sum of the values counted in bins, in 2^-{@value #SUM_BITS} widths. */
    public long sum() {
        emptyLanes();
        return sum;
    }

    /** The sum of their squares but for {@link #lowerSquares}, in 2^-{@value #UPPER_BITS} square widths. */
    public long upperSquares() {
        emptyLanes();
        return upperSquares;
    }

    /** The rest of their sum, less than one unit of the upper part, in 2^-{@value #LOWER_BITS} square widths. */
    public long lowerSquares() {
        emptyLanes();
        return lowerSquares;
    }

    /** Forgets all but the small values. */
    public void clear() {
        Arrays.fill(counts, 0);
        Arrays.fill(otherCounts, 0);
        emptyLanes();
        notZeros = 0;
        sum = 0;
        upperSquares = 0;
        lowerSquares = 0;
    }

    /** The lengths of the arrays held, in bytes, which {@link #BYTES} promises. */
    public int bytes() {
        return Integer.BYTES * (counts.length + otherCounts.length + bins.length)
                + Float.BYTES * (scaled.length + small.length + rest.length)
                + Double.BYTES * (sums.length + upper.length + lower.length);
    }

    /**
     * Ends a block.
     *
     * @param length of how many values, at most {@link #LONGEST}
     * @param others how many of the values in the {@link #PLACES} were not zeros of the block
     */
    void endBlock(int length, int others) {
        notZeros += others;
        inLanes += length;
        if (inLanes > LANE_CAPACITY - LONGEST) {
            emptyLanes();
        }
    }

    private void emptyLanes() {
        if (inLanes == 0) {
            return;
        }
        inLanes = 0;
        for (int i = 0; i < LANES; i++) {
            upper[i] -= START;
        }
        sum += (long) (total(sums) * (1L << SUM_BITS));
        upperSquares += (long) (total(upper) * (1L << UPPER_BITS));
        lowerSquares += (long) (total(lower) * (1L << LOWER_BITS));
        upperSquares += lowerSquares >> (LOWER_BITS - UPPER_BITS);
        lowerSquares &= (1L << (LOWER_BITS - UPPER_BITS)) - 1;
        Arrays.fill(upper, START);
    }

    /** Adds lanes up, which is exact in any order, and empties them. */
    private static double total(double[] lanes) {
        for (int half = LANES / 2; half > 0; half /= 2) {
            for (int i = 0; i < half; i++) {
                lanes[i] += lanes[i + half];
            }
        }
        double total = lanes[0];
        Arrays.fill(lanes, 0);
        return total;
    }
}
