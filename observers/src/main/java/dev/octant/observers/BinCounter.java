package dev.octant.observers;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * The fast part of {@link HistogramObserver}: counts and sums finite values that lie in the bins 1 to 2047 of some width.
 *
 * <pre>
 * x = (k + f) * 2^e,   k = trunc(x / 2^e) in -2047..2047,   f a whole number of 2^-23 with |f| &lt; 1
 * sum of x   = 2^e  * (sum of k   + sum of f)
 * sum of x^2 = 2^2e * (sum of k^2 + 2 * sum of k f + sum of f^2)
 * </pre>
 *
 * <p>A float of bin 1 or more has its last bit at 2^(e - 23) or above, so f is exact in float, and the sums of f, k f and
 * f^2 are exact in double as long as they are emptied in time: f^2 has 46 bits, which leaves 7 for adding up. The sums
 * of k and k^2, and the count of every exponent, follow from the counts of the bins. So the loop over the values only
 * multiplies, subtracts and adds, in lanes that the JIT compiler turns into vectors; the one loop that is not is that
 * which increments a bin.
 *
 * <p>Values of bin 0 are handed back: zeros, and those so small that their bits lie lower.
 */
final class BinCounter {
    /** Values handled together; the arrays of a chunk stay in the first-level cache. */
    static final int CHUNK = 256;

    /** The finest unit of f in bits: the mantissa of a float of bin 1. */
    private static final int BITS = 23;

    /** The exponents whose bin 1 holds normal floats. */
    static final int LEAST_EXPONENT = -126;

    /** After 2^7 chunks a lane of squares of 46 bits has 53 of them: halved, for the sake of plain reasoning. */
    private static final int CHUNKS_PER_LANE = 64;

    /** After 2^28 values a sum of k f, 34 bits each, stays below 2^62, and no bin passes the ints. */
    private static final int MOST = 1 << 28;

    /** Values counted together, each with a place for what is of bin 0. */
    private static final int LANES = 4;

    private static final int BINS = HistogramObserver.BINS;

    /** Bytes held, whatever was counted. */
    static final int BYTES =
            (2 * BINS + LANES) * Integer.BYTES + CHUNK * (2 * Float.BYTES + 2 * Integer.BYTES + 3 * Double.BYTES);

    private final int[] counts = new int[2 * BINS + LANES];
    private final double[] fractions = new double[CHUNK];
    private final double[] products = new double[CHUNK];
    private final double[] squares = new double[CHUNK];
    private long fractionSum;
    private long productSum;
    private long squareSumLow;
    private long squareSumHigh;
    private int chunksInLanes;
    private int added;

    private final float[] chunk = new float[CHUNK];
    private final int[] bin = new int[CHUNK];
    private final int[] inBinZero = new int[CHUNK];
    private final float[] small = new float[CHUNK];
    private int zeros;

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

    /** Whether the counts must be moved before the next chunk. */
    boolean isFull() {
        return added > MOST - CHUNK;
    }

    /**
     * Counts at most {@link #CHUNK} finite values below 2048 widths.
     *
     * @return how many {@link #small} values were not counted; zeros are not counted either, and are not among them
     */
    int add(float[] values, int from, int length) {
        // A copy, because the compiler cannot know that the caller's floats are none of ours.
        System.arraycopy(values, from, chunk, 0, length);
        locate(chunk, bin, length, inverseWidth);
        int candidates = count(counts, bin, length, inBinZero);
        int handedBack = handBack(candidates);
        zeros = candidates - handedBack;
        accumulate(chunk, bin, length, inverseWidth, fractions, products, squares);
        added += length;
        if (++chunksInLanes == CHUNKS_PER_LANE) {
            emptyLanes();
        }
        return handedBack;
    }

    /** How many values of the last chunk were zero. */
    int zeros() {
        return zeros;
    }

    /** The values that {@link #add} handed back last. */
    float[] small() {
        return small;
    }

    private static void locate(float[] chunk, int[] bin, int length, float inverseWidth) {
        for (int i = 0; i < length; i++) {
            bin[i] = (int) (chunk[i] * inverseWidth);
        }
    }

    /** Counts bins and lists the indices of bin 0, by fours, for in most data that bin is rare. */
    private static int count(int[] counts, int[] bin, int length, int[] inBinZero) {
        int found = 0;
        int i = 0;
        for (; i + LANES <= length; i += LANES) {
            int a = bin[i];
            int b = bin[i + 1];
            int c = bin[i + 2];
            int d = bin[i + 3];
            // 44 bits may wrap to 0 without a zero among them: then nothing is found.
            if (a * b * c * d != 0) {
                counts[BINS + a]++;
                counts[BINS + b]++;
                counts[BINS + c]++;
                counts[BINS + d]++;
            } else {
                found = countSome(counts, a, 0, i, inBinZero, found);
                found = countSome(counts, b, 1, i, inBinZero, found);
                found = countSome(counts, c, 2, i, inBinZero, found);
                found = countSome(counts, d, 3, i, inBinZero, found);
            }
        }
        for (; i < length; i++) {
            counts[BINS + bin[i]]++;
            if (bin[i] == 0) {
                inBinZero[found++] = i;
            }
        }
        return found;
    }

    /**
     * Without a branch, for after a ReLU it could not be predicted. Zeros go to a place of their own in each lane: the
     * increments of one place wait for each other.
     */
    private static int countSome(int[] counts, int bin, int lane, int i, int[] inBinZero, int found) {
        int isZero = ((bin | -bin) >>> 31) ^ 1;
        counts[BINS + bin + ((BINS + lane) & -isZero)]++;
        // The next index overwrites one that was not of bin 0.
        inBinZero[found] = i + lane;
        return found + isZero;
    }

    /** Takes the values of bin 0 out of the chunk and keeps those that are not zero. */
    private int handBack(int candidates) {
        int kept = 0;
        for (int j = 0; j < candidates; j++) {
            int i = inBinZero[j];
            float value = chunk[i];
            chunk[i] = 0;
            small[kept] = value;
            kept += 1 - ValueCounter.isZero(Float.floatToRawIntBits(value));
        }
        return kept;
    }

    private static void accumulate(
            float[] chunk,
            int[] bin,
            int length,
            float inverseWidth,
            double[] fractions,
            double[] products,
            double[] squares) {
        for (int i = 0; i < length; i++) {
            double fraction = chunk[i] * inverseWidth - bin[i];
            fractions[i] += fraction;
            products[i] += fraction * bin[i];
            squares[i] += fraction * fraction;
        }
    }

    private void emptyLanes() {
        double unit = 1L << BITS;
        for (int i = 0; i < CHUNK; i++) {
            fractionSum += (long) (fractions[i] * unit);
            productSum += (long) (products[i] * unit);
            long square = (long) (squares[i] * unit * unit);
            squareSumLow += square & 0xFFFF_FFFFL;
            squareSumHigh += square >>> 32;
        }
        Arrays.fill(fractions, 0);
        Arrays.fill(products, 0);
        Arrays.fill(squares, 0);
        chunksInLanes = 0;
    }

    /** Moves all counts to a histogram's bins, 2^rise times as wide, and to its octaves; returns the sums. */
    ExactSums moveTo(long[] bins, long[] octaves, int rise) {
        if (added == 0) {
            return ExactSums.ZERO;
        }
        emptyLanes();
        long indexSum = 0;
        long indexSquares = 0;
        for (int k = 1; k < BINS; k++) {
            long positive = counts[BINS + k];
            long negative = counts[BINS - k];
            int wide = HistogramSummary.shifted(k, rise);
            bins[wide] += positive;
            bins[BINS + wide] += negative;
            int octave = HistogramSummary.octaveOf(k, exponent);
            octaves[octave] += positive;
            octaves[256 + octave] += negative;
            indexSum += k * (positive - negative);
            indexSquares += (long) k * k * (positive + negative);
        }
        int shift = exponent + ExactSums.UNIT - BITS;
        BigInteger sum = BigInteger.valueOf(indexSum).shiftLeft(BITS).add(BigInteger.valueOf(fractionSum));
        BigInteger squareSum = BigInteger.valueOf(indexSquares)
                .shiftLeft(2 * BITS)
                .add(BigInteger.valueOf(productSum).shiftLeft(BITS + 1))
                .add(BigInteger.valueOf(squareSumHigh).shiftLeft(32))
                .add(BigInteger.valueOf(squareSumLow));
        Arrays.fill(counts, 0);
        fractionSum = 0;
        productSum = 0;
        squareSumLow = 0;
        squareSumHigh = 0;
        added = 0;
        return new ExactSums(sum.shiftLeft(shift), squareSum.shiftLeft(2 * shift));
    }

    /** The lengths of the arrays held, in bytes, which {@link #BYTES} promises. */
    int bytes() {
        return Integer.BYTES * (counts.length + bin.length + inBinZero.length)
                + Float.BYTES * (chunk.length + small.length)
                + Double.BYTES * (fractions.length + products.length + squares.length);
    }
}
