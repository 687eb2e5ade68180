// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.ValueCounts;
import org.apache.commons.lang3.Validate;

/**
 * Observes values and the samples they make, whose ends need not be those of the blocks. Not thread safe.
 *
 * <p>Samples that lie in a block are observed together, those that go beyond it piece by piece.
 */
public final class SampleSplitter {
    private final HistogramObserver values;
    private final PerSampleObserver samples;
    private long sampleLength;
    private long seen;
    private ValueCounts open = ValueCounts.NONE;

    /**
     * A splitter into these observers.
     *
     * @param values is shown every value
     * @param samples is shown every sample that has ended
     */
    public SampleSplitter(HistogramObserver values, PerSampleObserver samples) {
        Given.require("values", values);
        Given.require("samples", samples);
        this.values = values;
        this.samples = samples;
    }

    /**
     * The next values are of samples of this many values, at least one, and begin one.
     *
     * @throws IllegalArgumentException if that is less than one
     */
    public void begin(long length) {
        Validate.isTrue(length >= 1, "sample length must be at least 1, was %s", length);
        begin(length, 0, ValueCounts.NONE);
    }

    /** The same in the middle of a sample, of which {@code alreadySeen} values have shown {@code shown}. */
    void begin(long length, long alreadySeen, ValueCounts shown) {
        sampleLength = length;
        seen = alreadySeen;
        open = shown;
    }

    /** What the sample has shown so far that has not ended. */
    ValueCounts open() {
        return open;
    }

    /**
     * Observes {@code block[from .. from + length)}.
     *
     * @return how many samples have ended in it
     * @throws IllegalStateException if no sample has begun
     * @throws IndexOutOfBoundsException if the block has not these values; none is observed then
     */
    public long observe(float[] block, int from, int length) {
        Given.require("block", block);
        Validate.validState(sampleLength > 0, "sample must begin before its values are observed");
        Bounds.check("block", block, from, length);
        long ended = 0;
        for (int done = 0; done < length; ) {
            int left = length - done;
            if (seen == 0 && left >= sampleLength) {
                int whole = left - (int) (left % sampleLength);
                samples.observeWith(values, block, from + done, whole, (int) sampleLength);
                ended += whole / sampleLength;
                done += whole;
            } else {
                int piece = (int) Math.min(left, sampleLength - seen);
                ended += observePiece(block, from + done, piece);
                done += piece;
            }
        }
        return ended;
    }

    private int observePiece(float[] block, int from, int length) {
        values.observe(block, from, length);
        open = open.merge(values.lastCounts());
        seen += length;
        if (seen < sampleLength) {
            return 0;
        }
        samples.observe(open);
        begin(sampleLength);
        return 1;
    }
}
