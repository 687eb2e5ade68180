// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
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
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * A histogram whose counts do not depend on batch size, order or thread: see {@link HistogramObserver} for its bins.
 *
 * <p>Beside the bins it holds the {@link ValueCounts} and the exact sums of the finite values and of their squares.
 * {@link #cells()} is all that is known of where values lie, {@link #positive} and {@link #negative} the view in bins
 * of one width. Immutable and thread safe; two summaries are equal when every count and sum is.
 *
 * <p>Files of version 1 are read, too. They tell of values below bin 64 less: in which bin of full width they lie, or
 * below bin 1 in which octave; of subnormal ones there only that. Merged with a summary of version 2, all counts stay
 * as they are, and cells are as wide as the coarser of both where version 1 has counted.
 */
public final class HistogramSummary implements Summary<HistogramSummary>, Ranged {
    /** Nothing observed: the neutral element of {@link #merge}. */
    public static final HistogramSummary EMPTY =
            new HistogramSummary(ValueCounts.NONE, new BinCounts(BinCounts.BITS), ExactSums.ZERO);

    /** The most memory of a summary's arrays in bytes; one with values of version 1 may take as much again for them. */
    public static final int MOST_BYTES = BinCounts.mostBytes(BinCounts.BITS);

    /**
     * Memory of a summary's arrays in bytes that usual data do not exceed: values of both signs in all bins, and in 32
     * octaves of each sign below them. So the smallest non-zero magnitudes may be 2^-37 of the largest.
     */
    public static final int USUAL_BYTES = BinCounts.bytes(BinCounts.BITS, 2, 32);

    /** The same for values of one sign. */
    public static final int USUAL_ONE_SIDED_BYTES = BinCounts.bytes(BinCounts.BITS, 1, 32);

    /** Names the format in a summary's first four bytes: OCTH. */
    private static final int MAGIC = 0x4F435448;

    private static final int VERSION = 2;

    /** Every bin, sub-bin and node with a long count and its gap; the rest takes less than 400 bytes. */
    private static final int MOST_WRITTEN = 12 * (2 * BinCounts.BINS + 4 * 64 * (BinCounts.OCTAVES + 1)) + 1024;

    private final ValueCounts counts;
    private final BinCounts bins;
    private final ExactSums sums;

    /**
     * Values that lie close together.
     *
     * @param left the smallest they can be
     * @param right what they are below, or at most
     * @param count how many there are, at least 1
     */
    public record Cell(double left, double right, long count) {}

    /** Takes the bins as its own. */
    HistogramSummary(ValueCounts counts, BinCounts bins, ExactSums sums) {
        this.counts = counts;
        this.bins = bins;
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
        return 1 << bins.bits();
    }

    /** The {@code e} of the bin width {@code 2^e}. */
    public int exponent() {
        return bins.exponent();
    }

    /** The width of a bin, {@code 2^e}. */
    public double binWidth() {
        return Math.scalb(1.0, bins.exponent());
    }

    /**
     * How many values lie in {@code [k * 2^e, (k + 1) * 2^e)}, zeros excepted.
     *
     * @throws IndexOutOfBoundsException if {@code k} is not within 0..2047
     */
    public long positive(int k) {
        return bins.inBin(0, Bounds.index("bin", k, BinCounts.BINS));
    }

    /**
     * How many values lie in {@code (-(k + 1) * 2^e, -k * 2^e]}, zeros excepted.
     *
     * @throws IndexOutOfBoundsException if {@code k} is not within 0..2047
     */
    public long negative(int k) {
        return bins.inBin(1, Bounds.index("bin", k, BinCounts.BINS));
    }

    /**
     * Where the finite values lie, as narrowly as is known: ascending cells that do not overlap, none empty.
     *
     * <p>A cell is a bin or a sub-bin, {@code [left, right)} of positive values, {@code (left, right]} of negative
     * ones; the zeros are one of width 0. The outermost cells end at the smallest and largest value.
     */
    public List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        bins.cells(1, (left, right, count) -> cells.add(new Cell(-right, -left, count)));
        Collections.reverse(cells);
        if (counts.zeros() > 0) {
            cells.add(new Cell(0, 0, counts.zeros()));
        }
        bins.cells(0, (left, right, count) -> cells.add(new Cell(left, right, count)));
        if (!cells.isEmpty()) {
            Cell first = cells.get(0);
            cells.set(0, new Cell(Math.max(first.left, counts.min()), first.right, first.count));
            Cell last = cells.get(cells.size() - 1);
            cells.set(cells.size() - 1, new Cell(last.left, Math.min(last.right, counts.max()), last.count));
        }
        return cells;
    }

    /** Memory of the bins in bytes: about 530 for every 64 neighbours of which one holds a value, and a table. */
    public int bytes() {
        return bins.bytes();
    }

    BinCounts bins() {
        return bins;
    }

    void requireBins(int bits) {
        Validate.isTrue(bins.bits() == bits, "bins per sign must be %s, was %s", 1 << bits, binsPerSign());
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
        Given.require("other", other);
        Validate.isTrue(
                bins.bits() == other.bins.bits(),
                "bins per sign must be as many as in the other summary (%s), was %s",
                other.binsPerSign(),
                binsPerSign());
        if (bins.exponent() < other.bins.exponent()) {
            return other.merge(this);
        }
        BinCounts merged = bins.copy();
        merged.addAll(other.bins);
        return new HistogramSummary(counts.merge(other.counts), merged, sums.plus(other.sums));
    }

    /**
     * Writes the summary: four bytes that name the format, the version, the length, the content, and a CRC-32C of it
     * all. Equal summaries give equal bytes: a few hundred to some thousand, for empty bins take no space. The version
     * is 2.
     */
    public void writeTo(DataOutput out) throws IOException {
        Given.require("out", out);
        Frame.write(out, MAGIC, VERSION, payload());
    }

    /**
     * Reads one summary of version 1 or 2 and not a byte more.
     *
     * <p>Allocates less than 200 kB and three times what the input holds before the checksum is known to be right,
     * whatever the input claims.
     *
     * @throws SummaryFormatException if the input is cut short, foreign, of a later version, damaged or contradicts
     *     itself
     */
    public static HistogramSummary readFrom(DataInput in) throws IOException {
        Given.require("in", in);
        Frame.Content content = Frame.read(in, "histogram summary", MAGIC, VERSION, MOST_WRITTEN);
        PayloadReader payload = new PayloadReader("histogram summary", content.payload());
        return payload.parse(reader -> parsed(reader, content.version()));
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
        payload.number(bins.bits());
        payload.number(bins.exponent() - BinCounts.MIN_EXPONENT);
        bins.write(payload);
        payload.integer(sums.sum());
        payload.integer(sums.squares());
        return payload.bytes();
    }

    private static HistogramSummary parsed(PayloadReader payload, int version) throws SummaryFormatException {
        ValueCounts counts = payload.counts();
        long bits = payload.number();
        payload.require(bits >= BinCounts.LEAST_BITS && bits <= BinCounts.BITS, "must have 16 to 2048 bins per sign");
        long offset = payload.number();
        float magnitude = counts.finite() == 0 ? 0 : Math.max(0, Math.max(-counts.min(), counts.max()));
        int exponent = BinCounts.exponentFor(magnitude, (int) bits);
        payload.require(offset == exponent - BinCounts.MIN_EXPONENT, "must have the bin width of its values");
        BinCounts bins = new BinCounts((int) bits);
        bins.widen(exponent);
        if (version == 1) {
            bins.readVersion1(payload);
        } else {
            bins.read(payload);
        }
        long total = bins.total();
        payload.require(total == counts.finite() - counts.zeros(), "must have every value in a bin");
        ExactSums sums = new ExactSums(payload.integer(), payload.integer());
        payload.require(
                sums.squares().signum() == (total == 0 ? 0 : 1)
                        && (total > 0 || sums.sum().signum() == 0),
                "must have sums of its values");
        payload.require(payload.isAtEnd(), "must end after its sums");
        HistogramSummary summary = new HistogramSummary(counts, bins, sums);
        payload.require(summary.hasItsEnds(), "must have its ends in its outermost bins");
        return summary;
    }

    /** Whether the largest value lies in the outermost bin of its sign, and the smallest in that of the other. */
    private boolean hasItsEnds() {
        return counts.finite() == 0 || (isOutermost(0, counts.max()) && isOutermost(1, -counts.min()));
    }

    /** @param end the magnitude of an end of this sign; negative where all values have the other one */
    private boolean isOutermost(int sign, float end) {
        Cell[] found = new Cell[1];
        bins.cells(sign, (left, right, count) -> found[0] = new Cell(left, right, count));
        if (found[0] == null && counts.zeros() > 0) {
            return end == 0;
        }
        float magnitude = found[0] == null ? -end : end;
        if (found[0] == null) {
            bins.cells(
                    1 - sign,
                    (left, right, count) -> found[0] = found[0] == null ? new Cell(left, right, count) : found[0]);
        }
        return found[0].left <= magnitude && magnitude < found[0].right;
    }

    @Override
    public boolean equals(Object object) {
        return object instanceof HistogramSummary other
                && counts.equals(other.counts)
                && sums.equals(other.sums)
                && bins.equals(other.bins);
    }

    @Override
    public int hashCode() {
        return 31 * counts.hashCode() + bins.hashCode();
    }

    @Override
    public String toString() {
        return "HistogramSummary(" + counts + ", bins of 2^" + bins.exponent() + ")";
    }
}
