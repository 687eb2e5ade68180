// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.core.internal.text.Given;
import java.nio.FloatBuffer;
import org.apache.commons.lang3.Validate;

/**
 * Keeps the smallest and largest finite value of every sample, as exact sums and histograms of both.
 *
 * <p>A sample is a stated number of values, so a batch holds whole samples and may hold many; or, without a length, one
 * call of {@code observe}, so that samples may differ in length. A sample without finite values has no extremes: its
 * values are counted and it is left out of mean and median.
 *
 * <p>Memory is {@link #BYTES} at most, whatever is observed. Not thread safe: one observer per thread, then merge the
 * summaries. Source: NNCF's per-sample reducers, whose default for activations is the mean of the samples' extremes.
 */
public final class PerSampleObserver implements Observer {
    /** The most memory of one observer's arrays in bytes. */
    public static final int BYTES = 2 * HistogramObserver.BYTES + 2 * Float.BYTES * Blocks.SIZE;

    private final int sampleLength;
    private final HistogramObserver minima = new HistogramObserver();
    private final HistogramObserver maxima = new HistogramObserver();
    private final ValueCounter values = new ValueCounter();
    private final ValueCounter extremes = new ValueCounter();

    // Extremes wait here: an observer of histograms works best on many values.
    private final float[] waitingMinima = new float[Blocks.SIZE];
    private final float[] waitingMaxima = new float[Blocks.SIZE];
    private int waiting;

    /** Values per sample of the block at hand, of {@link #blockEnds}, which is made once: a batch allocates nothing. */
    private int blockSample;

    private final HistogramObserver.BlockEnds blockEnds = this::addEnds;

    /** An observer to which every call of {@code observe} shows one sample. */
    public PerSampleObserver() {
        sampleLength = 0;
    }

    /**
     * An observer of samples of one length.
     *
     * @param sampleLength values per sample, at least 1
     * @throws IllegalArgumentException if it is less
     */
    public PerSampleObserver(int sampleLength) {
        requirePositive(sampleLength);
        this.sampleLength = sampleLength;
    }

    /**
     * Observes whole samples; an empty batch holds none.
     *
     * @throws IllegalArgumentException if {@code length} is not a multiple of the sample length
     */
    @Override
    public void observe(float[] batch, int offset, int length) {
        Bounds.check("values", batch, offset, length);
        int sample = checkedSample(length);
        for (int done = 0; done < length; done += sample) {
            extremes.clear();
            extremes.add(batch, offset + done, offset + done + sample);
            addExtremes();
        }
    }

    @Override
    public void observe(FloatBuffer batch) {
        Given.require("values", batch);
        int sample = checkedSample(batch.remaining());
        int end = batch.limit();
        while (batch.position() < end) {
            extremes.clear();
            batch.limit(batch.position() + sample);
            Blocks.drain(batch, (block, offset, length) -> extremes.add(block, offset, offset + length));
            batch.limit(end);
            addExtremes();
        }
    }

    private void addExtremes() {
        values.add(extremes);
        if (extremes.hasFinite()) {
            addExtremes(extremes.min(), extremes.max());
        }
    }

    private int checkedSample(int length) {
        if (sampleLength == 0) {
            return length;
        }
        requireWhole(length, sampleLength);
        return sampleLength;
    }

    private static void requirePositive(int sampleLength) {
        Validate.isTrue(sampleLength >= 1, "sample length must be at least 1, was %s", sampleLength);
    }

    private static void requireWhole(int length, int sampleLength) {
        Validate.isTrue(
                length % sampleLength == 0,
                "length must be a multiple of the sample length %s, was %s",
                sampleLength,
                length);
    }

    /** Observes one sample of which only the counts and ends are known; it may have any length. */
    public void observe(ValueCounts sample) {
        Given.require("sample", sample);
        values.add(sample);
        if (sample.finite() > 0) {
            addExtremes(sample.min(), sample.max());
        }
    }

    /**
     * Observes whole samples together with an observer of all their values: one pass for both.
     *
     * @param histogram is shown the values; its {@link HistogramObserver#lastCounts} are those of this call, but of the
     *     last sample alone if samples are longer than {@value Blocks#SIZE} values
     * @param length values per sample, at least 1, whatever this observer was made for
     * @throws IllegalArgumentException if {@code count} is not a multiple of it
     */
    public void observeWith(HistogramObserver histogram, float[] batch, int offset, int count, int length) {
        Given.require("histogram", histogram);
        Bounds.check("values", batch, offset, count);
        requirePositive(length);
        requireWhole(count, length);
        if (length > Blocks.SIZE) {
            for (int from = offset; from < offset + count; from += length) {
                histogram.observe(batch, from, length);
                observe(histogram.lastCounts());
            }
            return;
        }
        blockSample = length;
        histogram.observe(batch, offset, count, Blocks.SIZE - Blocks.SIZE % length, blockEnds);
        values.add(histogram.lastCounts());
    }

    /** Adds the ends of the samples of a block; their values are counted once the batch is complete. */
    private int addEnds(ValueCounter counter, EndsKernel kernel, float[] block, int from, int to) {
        float least = Float.POSITIVE_INFINITY;
        float most = Float.NEGATIVE_INFINITY;
        int unclean = 0;
        for (int start = from; start < to; start += blockSample) {
            unclean += counter.addEnds(kernel, block, start, start + blockSample);
            if (counter.blockMin() <= counter.blockMax()) {
                addExtremes(counter.blockMin(), counter.blockMax());
            }
            least = Math.min(least, counter.blockMin());
            most = Math.max(most, counter.blockMax());
        }
        counter.joinBlocks(least, most);
        return unclean;
    }

    private void addExtremes(float min, float max) {
        waitingMinima[waiting] = min;
        waitingMaxima[waiting++] = max;
        if (waiting == waitingMinima.length) {
            settle();
        }
    }

    private void settle() {
        minima.observe(waitingMinima, 0, waiting);
        maxima.observe(waitingMaxima, 0, waiting);
        waiting = 0;
    }

    /** Adds what another observer saw. */
    public void merge(PerSampleSummary other) {
        Given.require("other", other);
        values.add(other.values());
        minima.merge(other.minima());
        maxima.merge(other.maxima());
    }

    /** Forgets all that was observed, so that the observer serves again without being made anew. */
    public void clear() {
        values.clear();
        minima.clear();
        maxima.clear();
        waiting = 0;
    }

    /** What was observed so far. */
    public PerSampleSummary summary() {
        settle();
        return new PerSampleSummary(values.counts(), minima.summary(), maxima.summary());
    }
}
