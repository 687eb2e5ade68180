// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import dev.octant.observers.Summary;
import dev.octant.observers.SummaryFormatException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.commons.lang3.Validate;

/**
 * All that is kept of a tensor's values: enough for every method that does not depend on the order of the data.
 *
 * <p>The samples may cover only some of the values, where the others came without known samples. Merging is exact.
 * Immutable and thread safe.
 *
 * @param values the histogram of all values
 * @param samples the extremes of the samples that were known
 */
public record TensorSummary(HistogramSummary values, PerSampleSummary samples) implements Summary<TensorSummary> {
    /** Nothing observed: the neutral element of {@link #merge}. */
    public static final TensorSummary EMPTY = new TensorSummary(HistogramSummary.EMPTY, PerSampleSummary.EMPTY);

    /**
     * Memory of the arrays of one summary without samples in bytes, of usual data: see {@link
     * HistogramSummary#USUAL_BYTES}. Values spread over all exponents of the floats take up to {@link
     * HistogramSummary#MOST_BYTES}.
     */
    public static final int VALUES_BYTES = HistogramSummary.USUAL_BYTES;

    /** The same with the ends of samples: as a rule their minima have one sign, and so have their maxima. */
    public static final int BYTES = VALUES_BYTES + 2 * HistogramSummary.USUAL_ONE_SIDED_BYTES;

    /** @throws IllegalArgumentException if the samples have more values than there are */
    public TensorSummary {
        Given.require("values", values);
        Given.require("samples", samples);
        Validate.isTrue(
                samples.values().count() <= values.counts().count(),
                "samples must have at most the %s values there are, was %s",
                values.counts().count(),
                samples.values().count());
    }

    @Override
    public TensorSummary merge(TensorSummary other) {
        Given.require("other", other);
        return plus(other.values, other.samples);
    }

    /** With more values, and more samples, which may have begun in the values before. */
    TensorSummary plus(HistogramSummary moreValues, PerSampleSummary moreSamples) {
        // Nothing need be added to nothing: most tensors of small runs, and most tensors' samples.
        return new TensorSummary(
                values.counts().count() == 0 ? moreValues : values.merge(moreValues), merge(samples, moreSamples));
    }

    private static PerSampleSummary merge(PerSampleSummary a, PerSampleSummary b) {
        return a.values().count() == 0 ? b : b.values().count() == 0 ? a : a.merge(b);
    }

    /** Whether every value belongs to a known sample. */
    public boolean hasSamples() {
        return samples.values().count() == values.counts().count();
    }

    /**
     * The extremes of all samples.
     *
     * @throws IllegalStateException if some values came without known samples
     */
    public PerSampleSummary samplesOfAll() {
        Validate.validState(
                hasSamples(),
                "samples must be known of all %s values, were of %s",
                values.counts().count(),
                samples.values().count());
        return samples;
    }

    /** What {@link #writeTo} writes: what is sent between processes, and kept in columns of bytes. */
    public byte[] toBytes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try {
            writeTo(new DataOutputStream(bytes));
        } catch (IOException e) {
            // Memory does not fail to write.
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /**
     * The summary of {@link #toBytes}.
     *
     * @throws FormatException if the bytes are cut short, damaged, followed by others, of a later version, or of a
     *     histogram that has not {@value HistogramObserver#BINS} bins of each sign
     */
    public static TensorSummary of(byte[] bytes) throws FormatException {
        Given.require("bytes", bytes);
        ByteArrayInputStream in = new ByteArrayInputStream(bytes);
        try {
            TensorSummary summary = readFrom(new DataInputStream(in));
            if (in.available() > 0) {
                throw new FormatException(
                        "summary of a tensor must end after its samples, was longer by " + in.available() + " bytes");
            }
            return summary;
        } catch (FormatException e) {
            throw e;
        } catch (EOFException e) {
            throw new FormatException(
                    "summary of a tensor must be whole, was cut short after " + bytes.length + " bytes", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new FormatException(
                    "summary of a tensor must be one: " + VisibleText.of(String.valueOf(e.getMessage()), 300), e);
        }
    }

    /**
     * Writes the histogram as {@link HistogramSummary#writeTo} does, then 0 (1), or 1 (1) and the samples as {@link
     * PerSampleSummary#writeTo} does where some were known. Equal summaries give equal bytes.
     */
    public void writeTo(DataOutput out) throws IOException {
        Given.require("out", out);
        values.writeTo(out);
        boolean known = samples.values().count() > 0;
        out.writeBoolean(known);
        if (known) {
            samples.writeTo(out);
        }
    }

    /**
     * Reads one summary and not a byte more; allocates little more than the input holds before its checksums
     * are known to be right.
     *
     * @throws SummaryFormatException if the input is cut short, damaged, or of a later version
     * @throws IllegalArgumentException if it contradicts itself, or has not {@value HistogramObserver#BINS} bins of
     *     each sign
     */
    public static TensorSummary readFrom(DataInput in) throws IOException {
        Given.require("in", in);
        HistogramSummary values = HistogramSummary.readFrom(in);
        Validate.isTrue(
                values.binsPerSign() == HistogramObserver.BINS,
                "bins per sign must be %s, was %s",
                HistogramObserver.BINS,
                values.binsPerSign());
        return new TensorSummary(values, in.readBoolean() ? PerSampleSummary.readFrom(in) : PerSampleSummary.EMPTY);
    }
}
