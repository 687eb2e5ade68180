// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import dev.octant.observers.internal.exact.ExactSums;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Objects;
import org.apache.commons.lang3.Validate;

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
    private static final int OCTAVES = 512;

    /** Names the format in a summary's first four bytes: OCTH. */
    private static final int MAGIC = 0x4F435448;

    private static final int VERSION = 1;

    /** Every bin and octave with the longest count, twice over for gaps; the sums take less than 200 bytes. */
    private static final int MOST_BYTES = 2 * (2 * BINS + OCTAVES) * 10 + 1024;

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

    /** Bins of each sign: 2048, or as many as a channel's observer was given; bins from there on to 2047 are empty. */
    public int binsPerSign() {
        return bins.length / 2;
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
        return Objects.checkIndex(k, BINS) < binsPerSign() ? bins[k] : 0;
    }

    /**
     * How many values lie in {@code (-(k + 1) * 2^e, -k * 2^e]}, zeros excepted.
     *
     * @throws IndexOutOfBoundsException if {@code k} is not within 0..2047
     */
    public long negative(int k) {
        return Objects.checkIndex(k, BINS) < binsPerSign() ? bins[binsPerSign() + k] : 0;
    }

    /** How many non-zero finite values have this sign and biased exponent, the upper nine bits of their float. */
    public long octave(int signAndExponent) {
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

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the other has a different number of bins
     */
    @Override
    public HistogramSummary merge(HistogramSummary other) {
        Validate.isTrue(
                bins.length == other.bins.length,
                "bins per sign must be as many as in the other summary (%d), was %d",
                other.binsPerSign(),
                binsPerSign());
        if (exponent < other.exponent) {
            return other.merge(this);
        }
        long[] mergedBins = other.bins.clone();
        coarsen(mergedBins, exponent - other.exponent);
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
        return exponentFor(magnitude, BINS);
    }

    /** The smallest {@code e} from -149 on with {@code magnitude < bins * 2^e}, bins being a power of two. */
    static int exponentFor(float magnitude, int bins) {
        int bits = 31 - Integer.numberOfLeadingZeros(bins);
        int highestBit = magnitude < Float.MIN_NORMAL
                ? 31 - Integer.numberOfLeadingZeros(Float.floatToRawIntBits(magnitude)) + MIN_EXPONENT
                : Math.getExponent(magnitude);
        return Math.max(MIN_EXPONENT, highestBit - bits + 1);
    }

    /** The bin that holds bin {@code k} after the exponent has risen. */
    static int shifted(int k, int rise) {
        return k >> Math.min(rise, 31);
    }

    /** Adds the bins of each sign in groups of 2^rise; ascending, so that none is read after it was written. */
    static void coarsen(long[] bins, int rise) {
        if (rise == 0) {
            return;
        }
        int half = bins.length / 2;
        for (int start = 0; start <= half; start += half) {
            for (int k = 1; k < half; k++) {
                long count = bins[start + k];
                bins[start + k] = 0;
                bins[start + shifted(k, rise)] += count;
            }
        }
    }

    /** The biased exponent of the floats in bin {@code k > 0} of width 2^exponent: a bin never has two. */
    static int octaveOf(int k, int exponent) {
        return Math.max(0, exponent + 127 + 31 - Integer.numberOfLeadingZeros(k));
    }

    /**
     * Writes the summary: four bytes that name the format, the version, the length, the content, and a CRC-32C of it
     * all. Equal summaries give equal bytes: a few hundred to some thousand, for empty bins take no space.
     */
    public void writeTo(DataOutput out) throws IOException {
        Frame.write(out, MAGIC, VERSION, payload());
    }

    /**
     * Reads one summary and not a byte more.
     *
     * <p>Allocates less than 200 kB before the checksum is known to be right, whatever the input claims.
     *
     * @throws SummaryFormatException if the input is cut short, foreign, of a later version, damaged or contradicts
     *     itself
     */
    public static HistogramSummary readFrom(DataInput in) throws IOException {
        PayloadReader payload =
                new PayloadReader("histogram summary", Frame.read(in, "histogram summary", MAGIC, VERSION, MOST_BYTES));
        HistogramSummary summary = payload.parse(HistogramSummary::parsed);
        payload.require(Arrays.equals(summary.payload(), payload.bytes()), "must be written the one way it can be");
        return summary;
    }

    /**
     * The SHA-256 of what {@link #writeTo} writes, as 64 lower-case hexadecimal digits: names the observed values,
     * whatever their order and however they were cut. Equal summaries have equal digests.
     */
    public String digest() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(new DataOutputStream(bytes));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray()));
        } catch (IOException | NoSuchAlgorithmException e) {
            // Memory does not fail to write, and every Java platform has SHA-256.
            throw new IllegalStateException(e);
        }
    }

    private byte[] payload() {
        PayloadWriter payload = new PayloadWriter();
        payload.counts(counts);
        payload.number(Integer.numberOfTrailingZeros(binsPerSign()));
        payload.number(exponent - MIN_EXPONENT);
        payload.sparse(bins);
        // Only bin 0 hides exponents; those of other bins follow from the bins.
        long[] hidden = new long[OCTAVES];
        for (int octave = 0; octave < OCTAVES; octave++) {
            hidden[octave] = (octave & 0xFF) < exponent + 127 ? octaves[octave] : 0;
        }
        payload.sparse(hidden);
        payload.integer(sums.sum());
        payload.integer(sums.squares());
        return payload.bytes();
    }

    private static HistogramSummary parsed(PayloadReader payload) throws SummaryFormatException {
        ValueCounts counts = payload.counts();
        long bits = payload.number();
        payload.require(bits >= 4 && bits <= 11, "must have 16 to 2048 bins per sign");
        int half = 1 << (int) bits;
        long offset = payload.number();
        float magnitude = counts.finite() == 0 ? 0 : Math.max(0, Math.max(-counts.min(), counts.max()));
        int exponent = exponentFor(magnitude, half);
        payload.require(offset == exponent - MIN_EXPONENT, "must have the bin width of its values");
        long[] bins = payload.sparse(2 * half);
        long[] octaves = payload.sparse(OCTAVES);
        for (int sign = 0; sign < 2; sign++) {
            long hidden = 0;
            for (int octave = 0; octave < 256; octave++) {
                long count = octaves[256 * sign + octave];
                payload.require(count == 0 || octave < exponent + 127, "must hide exponents in bin 0 only");
                hidden += count;
            }
            if (exponent >= -126) {
                payload.require(hidden == bins[sign * half], "must count the exponents of bin 0");
            } else {
                octaves[256 * sign] += bins[sign * half];
            }
            for (int k = 1; k < half; k++) {
                octaves[256 * sign + octaveOf(k, exponent)] += bins[sign * half + k];
            }
        }
        long total = Arrays.stream(bins).sum();
        payload.require(total == counts.finite() - counts.zeros(), "must have every value in a bin");
        ExactSums sums = new ExactSums(payload.integer(), payload.integer());
        payload.require(
                sums.squares().signum() == (total == 0 ? 0 : 1)
                        && (total > 0 || sums.sum().signum() == 0),
                "must have sums of its values");
        payload.require(payload.isAtEnd(), "must end after its sums");
        return new HistogramSummary(counts, exponent, bins, octaves, sums);
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
