package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.Arrays;
import java.util.Objects;

/**
 * A histogram whose counts do not depend on batch size, order or thread: see {@link HistogramObserver} for its bins.
 *
 * <p>Beside the bins it holds the {@link ValueCounts}, counts per sign and exponent, and the exact sums of the finite
 * values and of their squares. Immutable and thread safe; two summaries are equal when every count and sum is.
 */
public final class HistogramSummary implements Summary<HistogramSummary>, Ranged {
    /** Nothing observed: the neutral element of {@link #merge}. */
    public static final HistogramSummary EMPTY = new HistogramObserver().summary();

    /** The exponent of the smallest float, below which no bin is cut. */
    static final int MIN_EXPONENT = -149;

    private static final int BINS = HistogramObserver.BINS;

    private final ValueCounts counts;
    private final int exponent;
    private final long[] bins;
    private final long[] octaves;
    private final ExactSums sums;

    /** Takes the arrays as its own. */
    HistogramSummary(ValueCounts counts, int exponent, long[] bins, long[] octaves, ExactSums sums) {
        this.counts = counts;
        this.exponent = exponent;
        this.bins = bins;
        this.octaves = octaves;
        this.sums = sums;
    }

    /** How many values of which kind, and the smallest and largest. */
    public ValueCounts counts() {
        return counts;
    }

    /** {@code [min, max]}, the span of the finite values. */
    @Override
    public RealRange range() {
        return counts.range();
    }

    /** The {@code e} of the bin width {@code 2^e}. */
    public int exponent() {
        return exponent;
    }

    /** The width of a bin, {@code 2^e}. */
    public double binWidth() {
        return Math.scalb(1.0, exponent);
    }

    /**
     * How many values lie in {@code [k * 2^e, (k + 1) * 2^e)}, zeros excepted.
     *
     * @throws IndexOutOfBoundsException if {@code k} is not within 0..2047
     */
    public long positive(int k) {
        return bins[Objects.checkIndex(k, BINS)];
    }

    /**
     * How many values lie in {@code (-(k + 1) * 2^e, -k * 2^e]}, zeros excepted.
     *
     * @throws IndexOutOfBoundsException if {@code k} is not within 0..2047
     */
    public long negative(int k) {
        return bins[BINS + Objects.checkIndex(k, BINS)];
    }

    /** How many non-zero finite values have this sign and biased exponent, the upper nine bits of their float. */
    long octave(int signAndExponent) {
        return octaves[signAndExponent];
    }

    ExactSums sums() {
        return sums;
    }

    /** The sum of the finite values, added exactly and rounded once to a double. */
    public double sum() {
        return rounded(sums.sum(), ExactSums.UNIT);
    }

    /** The sum of the squares of the finite values, added exactly and rounded once to a double. */
    public double sumOfSquares() {
        return rounded(sums.squares(), 2 * ExactSums.UNIT);
    }

    /**
     * The mean of the finite values, computed exactly and rounded once to a double.
     *
     * @throws IllegalStateException if there are none
     */
    public double mean() {
        counts.range();
        // The quotient's 40 digits lie far beyond the 17 of a double.
        return new BigDecimal(sums.sum())
                .divide(
                        new BigDecimal(BigInteger.valueOf(counts.finite()).shiftLeft(ExactSums.UNIT)),
                        MathContext.DECIMAL128)
                .doubleValue();
    }

    /**
     * {@code whole * 2^-unit}. Both sums of up to 2^63 floats are below 2^320 and, unless 0, at least 2^-298: the whole
     * number and the result are normal doubles, so only the first step rounds.
     */
    private static double rounded(BigInteger whole, int unit) {
        return Math.scalb(whole.doubleValue(), -unit);
    }

    @Override
    public HistogramSummary merge(HistogramSummary other) {
        if (exponent < other.exponent) {
            return other.merge(this);
        }
        long[] mergedBins = other.bins.clone();
        coarsen(mergedBins, 0, exponent - other.exponent);
        coarsen(mergedBins, BINS, exponent - other.exponent);
        for (int i = 0; i < mergedBins.length; i++) {
            mergedBins[i] += bins[i];
        }
        long[] mergedOctaves = other.octaves.clone();
        for (int i = 0; i < mergedOctaves.length; i++) {
            mergedOctaves[i] += octaves[i];
        }
        return new HistogramSummary(
                counts.merge(other.counts), exponent, mergedBins, mergedOctaves, sums.plus(other.sums));
    }

    /** The smallest {@code e} from -149 on with {@code magnitude < 2048 * 2^e}. */
    static int exponentFor(float magnitude) {
        if (magnitude < Float.MIN_NORMAL) {
            int highestBit = 31 - Integer.numberOfLeadingZeros(Float.floatToRawIntBits(magnitude));
            return MIN_EXPONENT + Math.max(0, highestBit - 10);
        }
        return Math.getExponent(magnitude) - 10;
    }

    /** The bin that holds bin {@code k} after the exponent has risen. */
    static int shifted(int k, int rise) {
        return k >> Math.min(rise, 31);
    }

    /** Adds the bins of one sign in groups of 2^rise; ascending, so that none is read after it was written. */
    static void coarsen(long[] bins, int start, int rise) {
        if (rise == 0) {
            return;
        }
        for (int k = 1; k < BINS; k++) {
            long count = bins[start + k];
            bins[start + k] = 0;
            bins[start + shifted(k, rise)] += count;
        }
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HistogramSummary other
                && exponent == other.exponent
                && counts.equals(other.counts)
                && sums.equals(other.sums)
                && Arrays.equals(bins, other.bins)
                && Arrays.equals(octaves, other.octaves);
    }

    @Override
    public int hashCode() {
        return 31 * counts.hashCode() + Arrays.hashCode(bins);
    }

    @Override
    public String toString() {
        return "HistogramSummary(" + counts + ", bins of 2^" + exponent + ")";
    }
}
