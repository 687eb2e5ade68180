// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import java.util.Arrays;

/**
 * What a {@link BinKernel} has counted and added, and the arrays it works in.
 *
 * <p>A counted value t is a whole number of 2^-17 below 2^17, so a sum of t is exact in double for 2^18 values. Its
 * square is exact, too, but is a whole number of 2^-34 below 2^34, and no double holds a sum of those. So the sum is
 * cut in two. The upper one starts at 1.5 * 2^54, and therefore stays a whole number of 4 when squares are added to
 * it:
 *
 * <pre>
 * next = upper + t^2,   rounded
 * lower += t^2 - (next - upper),   exact, at most 2 each
 * </pre>
 *
 * <p>After 2^18 values at the latest all of them become whole numbers in longs, so it does not matter in how many
 * lanes they were added. Not thread safe. Internal.
 */
public final class BinTally {
    /** The first place that counts. Values of fewer parts than that are handed back as small. */
    public static final int FIRST = 64;

    /** {@link #FIRST} parts are 2 to this power. */
    public static final int FIRST_DIGITS = 6;

    /** Values lie below 2 to this power. */
    public static final int END_DIGITS = 17;

    /** Places of each sign; those before {@link #FIRST} stay empty. */
    public static final int SIDE = 2944;

    /** The most values of a block. */
    public static final int LONGEST = 4096;

    /** {@link #sum} is a whole number of 2^-17. */
    public static final int SUM_BITS = 17;

    /** {@link #upperSquares} is a whole number of 2^2. */
    public static final int UPPER_BITS = -2;

    /** {@link #lowerSquares} is a whole number of 2^-34. */
    public static final int LOWER_BITS = 2 * SUM_BITS;

    /** Values handled together, whose arrays stay in the first-level cache. */
    static final int CHUNK = 1024;

    /** Kernels that find places and count in one loop count a value this many values after its place was found. */
    static final int LAG = 64;

    /** Lanes in which a kernel may add. */
    static final int LANES = 256;

    /** Places after all others where small values go: increments of one place would wait for each other after ReLU. */
    static final int PLACES = 16;

    /** Where {@link #upper} starts. */
    static final double START = 0x1.8p54;

    /** The doubles hold the exact sums of this many values at most. */
    private static final int LANE_CAPACITY = 1 << 18;

    /** More small values than these are worth a call of the kernel. */
    private static final int MANY_SMALL = LONGEST / 4;

    /** The widest vector may write past the last small value. */
    private static final int SMALL = MANY_SMALL + LONGEST + PLACES;

    /** Memory of the arrays. */
    public static final int BYTES = Integer.BYTES * (2 * (2 * SIDE + PLACES) + LAG + CHUNK)
            + Float.BYTES * (LAG + CHUNK + SMALL + PLACES + LAG)
            + Double.BYTES * 3 * LANES;

    /** The places of the positive values, then those of the negative ones. */
    final int[] counts = new int[2 * SIDE + PLACES];

    /** More of the same, for every other value of a vector: increments of one place wait for each other. */
    final int[] otherCounts = new int[2 * SIDE + PLACES];

    final float[] small = new float[SMALL];
    int smalls;
    private int inLanes;
    private long notZeros;
    private long sum;
    private long upperSquares;
    private long lowerSquares;

    /** Where in {@link #counts} the values of a chunk belong, after those of the {@link #LAG} values before it. */
    final int[] bins = new int[LAG + CHUNK];

    /** The same values in parts; 0 for small ones. */
    final float[] scaled = new float[LAG + CHUNK];

    /** The rest of a block that fills no vector, and zeros. */
    final float[] rest = new float[PLACES + LAG];

    final double[] sums = new double[LANES];
    final double[] upper = new double[LANES];
    final double[] lower = new double[LANES];

    /** Nothing counted. */
    public BinTally() {
        Arrays.fill(upper, START);
    }

    /**
     * How many values lay in a place.
     *
     * @param place of positive values, or {@link #SIDE} more for negative ones
     */
    public int count(int place) {
        return counts[place] + otherCounts[place];
    }

    /** Whether no value lay in any of the places from {@code from} up to before {@code to}. */
    public boolean isEmpty(int from, int to) {
        for (int place = from; place < to; place++) {
            if ((counts[place] | otherCounts[place]) != 0) {
                return false;
            }
        }
        return true;
    }

    /** Adds the counts of such places to {@code sums} from {@code at} on, of 2^join neighbours to one. */
    public void addTo(long[] sums, int at, int from, int to, int join) {
        if (join == 0) {
            for (int i = 0; i < to - from; i++) {
                sums[at + i] += counts[from + i] + otherCounts[from + i];
            }
            return;
        }
        for (int place = from; place < to; place++) {
            sums[at + ((place - from) >> join)] += counts[place] + otherCounts[place];
        }
    }

    /** The place of a number of parts, whole and at least 64. */
    public static int place(int parts) {
        return Math.min(parts, Math.min(448 + parts / 8, 896 + parts / 64));
    }

    /** How many values were zero, of either sign. */
    public long zeros() {
        long places = 0;
        for (int i = 2 * SIDE; i < 2 * SIDE + PLACES; i++) {
            places += counts[i] + otherCounts[i];
        }
        return places - notZeros;
    }

    /** The values below 64 parts that are not zero, as they came; the first {@link #smalls}. */
    public float[] small() {
        return small;
    }

    /** How many small values there are. */
    public int smalls() {
        return smalls;
    }

    /** Whether another block could have more small values than there is room for. */
    public boolean isFull() {
        return smalls > MANY_SMALL;
    }

    /** Forgets the small values. */
    public void dropSmall() {
        smalls = 0;
    }

    /** The sum of the values counted in places, in 2^-{@value #SUM_BITS} parts. */
    public long sum() {
        emptyLanes();
        return sum;
    }

    /** The sum of their squares but for {@link #lowerSquares}, in 4 square parts. */
    public long upperSquares() {
        emptyLanes();
        return upperSquares;
    }

    /** The rest of their sum, less than one unit of the upper part, in 2^-{@value #LOWER_BITS} square parts. */
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

    /** Zeros stand before the first value of a block. */
    void startPipeline() {
        for (int i = 0; i < LAG; i++) {
            bins[i] = 2 * SIDE + i % PLACES;
            scaled[i] = 0;
        }
    }

    /** After {@code length} values were counted, the last ones whose place was found stand before the next. */
    void keepLag(int length) {
        System.arraycopy(bins, length, bins, 0, LAG);
        System.arraycopy(scaled, length, scaled, 0, LAG);
    }

    /**
     * Copies the rest of a block to {@link #rest}, and zeros after it.
     *
     * @return how many are to be handled, whole vectors: the rest filled up, and {@link #LAG} for what is not counted
     *     yet
     */
    int copyRest(float[] src, int offset, int length, int lanes) {
        System.arraycopy(src, offset, rest, 0, length);
        Arrays.fill(rest, length, rest.length, 0);
        return (length > 0 ? lanes : 0) + LAG;
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
        upperSquares += (long) (total(upper) / (1L << -UPPER_BITS));
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
