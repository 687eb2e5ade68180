// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.estimators.RangeEstimator;

/**
 * Collects the histogram from which every {@link RangeEstimator} works, in one pass and bounded memory.
 *
 * <pre>
 * bin k of a sign holds         k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,           k = 64 .. 2047
 * sub-bin n of octave j holds   n * 2^(j-6) &lt;= |x| &lt; (n + 1) * 2^(j-6),   n = 64 .. 127,  2^j &lt; 64 * 2^e
 * e = the smallest exponent from -149 on with   max|x| &lt; 2048 * 2^e
 * </pre>
 *
 * <p>So a value is known to a 64th of itself and to 1/1024 of the largest: the middle of what holds it is at most
 * 0.8 % and 1/2048 of the largest away, whatever the data, down to the smallest subnormal float. An exact 0 is counted
 * by itself and lies in no bin. Sum and sum of squares are exact.
 *
 * <p>When a value outgrows the bins, {@code e} rises, bins are added in pairs, {@code k -> k >> 1}, and the bins 64 to
 * 127 become the sub-bins of their octave. That is exact, and {@code e} depends on the largest magnitude only, so the
 * same values give the same counts however they are cut into batches and ordered.
 *
 * <p>Memory is {@link #BYTES} at most, whatever the data. Bins are kept in pages of 64, which are made when the first
 * value falls into one of them: see {@link HistogramSummary#bytes()}.
 *
 * <p>NaN and infinities are counted only. Not thread safe: one observer per thread, then merge the summaries.
 */
public final class HistogramObserver implements Observer {
    /** Bins of each sign. */
    public static final int BINS = BinCounts.BINS;

    /** The counter changes to narrower bins only if they are narrower by this power of two or more. */
    private static final int TOO_WIDE = 3;

    /** Values below bin 1 lie within the bins of a counter whose bins are narrower by this power of two. */
    private static final int NARROWER = BinCounts.BITS;

    /**
     * The most memory of one observer's arrays in bytes. A summary of version 1 that is merged in may add as much again
     * for its values below the bins.
     */
    public static final int BYTES =
            Histogram.mostBytes(BinCounts.BITS) + 2 * BinCounter.BYTES + Float.BYTES * Blocks.SIZE;

    private final Histogram histogram = new Histogram(BinCounts.BITS);
    private final ValueCounter batch = new ValueCounter();
    private final BinCounter binCounter = new BinCounter();

    /** Of values below its bins; made when there are many. */
    private BinCounter smallCounter;

    private final float[] finite = new float[Blocks.SIZE];
    private boolean tooWide;

    /** An observer that has seen nothing. */
    public HistogramObserver() {}

    /** Adds the ends of a block to the counts of a batch. */
    @FunctionalInterface
    interface BlockEnds {
        /** Returns how many values are not finite. */
        int add(ValueCounter batch, EndsKernel kernel, float[] values, int from, int to);
    }

    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        observe(values, offset, length, Blocks.SIZE, ValueCounter::addEnds);
    }

    /** Observes values in blocks of {@code longest}, at most {@value Blocks#SIZE}, whose ends are found by others. */
    void observe(float[] values, int offset, int length, int longest, BlockEnds blockEnds) {
        EndsKernel ends = Kernels.ENDS.current();
        BinKernel kernel = Kernels.BINS.current();
        long zerosBefore = zeros();
        batch.clear();
        int end = offset + length;
        for (int from = offset, to; from < end; from = to) {
            to = from + Math.min(longest, end - from);
            int unclean = blockEnds.add(batch, ends, values, from, to);
            histogram.makeRoomFor(batch.magnitude());
            if (unclean > 0) {
                copyFinite(values, from, to);
            }
            float[] block = unclean > 0 ? finite : values;
            int start = unclean > 0 ? 0 : from;
            float magnitude = batch.blockMagnitude();
            int blockExponent =
                    magnitude == 0 ? binCounter.exponent() : BinCounts.exponentFor(magnitude, BinCounts.BITS);
            if (BinCounter.takes(blockExponent)) {
                add(kernel, block, start, to - from, blockExponent);
                batch.addZeros(-unclean);
            } else {
                batch.addZeros(values, from, to);
                histogram.add(block, start, start + to - from);
            }
        }
        histogram.counter().add(batch);
        // Those that lie in the bin counter are not in the batch.
        batch.setZeros(zeros() - zerosBefore);
    }

    private long zeros() {
        return histogram.counter().zeros() + binCounter.zeros();
    }

    /** What the last call of {@code observe} with an array was shown: the extremes of a sample, at no cost. */
    public ValueCounts lastCounts() {
        return batch.counts();
    }

    private void add(BinKernel kernel, float[] values, int from, int length, int blockExponent) {
        // The counter's bins follow the blocks, not the largest value ever: after one outlier all others are fast
        // again. But not every little: changing bins takes time.
        if (blockExponent > binCounter.exponent() || (tooWide && blockExponent <= binCounter.exponent() - TOO_WIDE)) {
            settle(binCounter);
            binCounter.become(blockExponent);
        }
        int before = binCounter.smalls();
        binCounter.add(kernel, values, from, length);
        tooWide = binCounter.smalls() - before > length / 8;
        if (binCounter.hasManySmall()) {
            addManySmall(kernel);
        }
        if (binCounter.isFull()) {
            settle(binCounter);
        }
    }

    /** Counts small values in narrower bins: one by one they would wait for each other. */
    private void addManySmall(BinKernel kernel) {
        int narrow = binCounter.exponent() - NARROWER;
        if (!BinCounter.takes(narrow)) {
            addSmall(binCounter);
            return;
        }
        if (smallCounter == null) {
            smallCounter = new BinCounter();
        }
        if (smallCounter.exponent() != narrow || smallCounter.isFull()) {
            settle(smallCounter);
            smallCounter.become(narrow);
        }
        float[] small = binCounter.small();
        for (int from = 0, to; from < binCounter.smalls(); from = to) {
            to = Math.min(from + Blocks.SIZE, binCounter.smalls());
            smallCounter.add(kernel, small, from, to - from);
            if (smallCounter.hasManySmall()) {
                addSmall(smallCounter);
            }
        }
        binCounter.dropSmall();
    }

    /** With zeros in the place of what is not finite. */
    private void copyFinite(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            float value = values[i];
            finite[i - from] = Float.isFinite(value) ? value : 0;
        }
    }

    private void addSmall(BinCounter counted) {
        histogram.add(counted.small(), 0, counted.smalls());
        counted.dropSmall();
    }

    /** Brings the counts that are on their way to where they belong. */
    private void settle() {
        settle(binCounter);
        if (smallCounter != null) {
            settle(smallCounter);
        }
    }

    private void settle(BinCounter counted) {
        addSmall(counted);
        histogram.add(counted);
    }

    /**
     * Adds what another observer saw, of this run or of an earlier one.
     *
     * @throws IllegalArgumentException if it had a different number of bins
     */
    public void merge(HistogramSummary other) {
        Given.require("other", other);
        histogram.merge(other);
    }

    /** What was observed so far. */
    public HistogramSummary summary() {
        settle();
        return histogram.summary();
    }

    /** Forgets all that was observed, so that the observer serves again without being made anew. */
    public void clear() {
        settle();
        histogram.clear();
        batch.clear();
        // Its bins may never be wider than those of the histogram.
        binCounter.become(BinCounter.LEAST_EXPONENT);
        smallCounter = null;
        tooWide = false;
    }

    /** Memory of the arrays held now, at most {@link #BYTES}. */
    int bytes() {
        int counters = binCounter.bytes() + (smallCounter == null ? 0 : smallCounter.bytes());
        return histogram.bytes() + counters + Float.BYTES * finite.length;
    }
}
