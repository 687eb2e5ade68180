// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.Ranged;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import org.apache.commons.lang3.Validate;

/**
 * The extremes of every sample: histograms of the samples' minima and of their maxima, with exact sums.
 *
 * <p>Merging is exact, however the samples are spread. The mean of the extremes is exact; their median is known to
 * the bin. Immutable and thread safe.
 *
 * @param values all values of all samples
 * @param minima the smallest finite value of every sample that has one
 * @param maxima the largest finite value of the same samples
 */
public record PerSampleSummary(ValueCounts values, HistogramSummary minima, HistogramSummary maxima)
        implements Summary<PerSampleSummary>, Ranged {
    /** Nothing observed: the neutral element of {@link #merge}. */
    public static final PerSampleSummary EMPTY =
            new PerSampleSummary(ValueCounts.NONE, HistogramSummary.EMPTY, HistogramSummary.EMPTY);

    /** Names the format: OCTS. */
    private static final int MAGIC = 0x4F435453;

    private static final int VERSION = 1;
    private static final int MOST_BYTES = 128;

    /**
     * @throws IllegalArgumentException if there are not as many minima as maxima, all finite, among at least as many
     * values
     */
    public PerSampleSummary {
        Given.require("values", values);
        Given.require("minima", minima);
        Given.require("maxima", maxima);
        long samples = minima.counts().count();
        Validate.isTrue(
                samples == minima.counts().finite()
                        && samples == maxima.counts().count()
                        && samples == maxima.counts().finite()
                        && samples <= values.finite()
                        && (samples > 0) == (values.finite() > 0),
                "minima and maxima must be finite, one of each per sample, was %s and %s of %s",
                minima.counts(),
                maxima.counts(),
                values);
        Validate.isTrue(
                samples == 0
                        || (minima.counts().min() == values.min()
                                && maxima.counts().max() == values.max()),
                "the least minimum and the largest maximum must be those of the values, was %s and %s of %s",
                minima.counts(),
                maxima.counts(),
                values);
    }

    /** How many samples had a finite value. */
    public long samples() {
        return minima.counts().count();
    }

    /** {@code [min, max]}, the span of all samples. */
    @Override
    public RealRange range() {
        return values.range();
    }

    @Override
    public PerSampleSummary merge(PerSampleSummary other) {
        Given.require("other", other);
        return new PerSampleSummary(values.merge(other.values), minima.merge(other.minima), maxima.merge(other.maxima));
    }

    /** Writes the summary as {@link HistogramSummary#writeTo} does: a header with the counts, then both histograms. */
    public void writeTo(DataOutput out) throws IOException {
        Given.require("out", out);
        PayloadWriter payload = new PayloadWriter();
        payload.counts(values);
        Frame.write(out, MAGIC, VERSION, payload.bytes());
        minima.writeTo(out);
        maxima.writeTo(out);
    }

    /**
     * Reads one summary and not a byte more.
     *
     * @throws SummaryFormatException if the input is cut short, foreign, of a later version, damaged or contradicts
     *     itself
     */
    public static PerSampleSummary readFrom(DataInput in) throws IOException {
        Given.require("in", in);
        PayloadReader payload = new PayloadReader(
                "sample summary",
                Frame.read(in, "sample summary", MAGIC, VERSION, MOST_BYTES).payload());
        ValueCounts values = payload.parse(PayloadReader::counts);
        payload.require(payload.isAtEnd(), "must end after its counts");
        HistogramSummary minima = HistogramSummary.readFrom(in);
        HistogramSummary maxima = HistogramSummary.readFrom(in);
        return payload.parse(ignored -> new PerSampleSummary(values, minima, maxima));
    }
}
