// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSummation;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * Collects the histogram from which every {@link RangeEstimator} works, in one pass and a fixed amount of memory.
 *
 * <pre>
 * bin k of a sign holds   k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,   k = 0 .. 2047
 * e = the smallest exponent from -149 on with   max|x| &lt; 2048 * 2^e
 * </pre>
 *
 * <p>When a value outgrows the bins, {@code e} rises and neighbouring bins are added in pairs, {@code k -> k >> 1}.
 * That is exact, and {@code e} depends on the largest magnitude only, so the same values give the same counts however
 * they are cut into batches and ordered. An exact 0 is counted by itself and lies in no bin. One huge value would
 * leave all others in bin 0; so values are also counted per sign and exponent, which resolves bin 0 down to the
 * smallest float. Sum and sum of squares are exact.
 *
 * <p>NaN and infinities are counted only. Not thread safe: one observer per thread, then merge the summaries.
 */
public final class HistogramObserver implements Observer {
    /** Bins of each sign. */
    public static final int BINS = 2048;

    private static final int OCTAVES = 512;

    /** Narrower bins are worth changing to if they are so by this power of two. */
    private static final int TOO_WIDE = 3;

    /** Bins narrower by this power of two hold all of bin 0. */
    private static final int NARROWER = 11;

    /** Memory of one observer's arrays in bytes, the same for any data. */
    public static final int BYTES = Long.BYTES * (2 * BINS + OCTAVES + ExactSummation.LONGS + ExactAccumulator.LONGS)
            + BinCounter.BYTES
            + Float.BYTES * Blocks.SIZE;

    private final long[] bins = new long[2 * BINS];
    private final long[] octaves = new long[OCTAVES];
    private final ValueCounter counter = new ValueCounter();
    private final ValueCounter batch = new ValueCounter();
    private final ExactSummation summation = new ExactSummation();
    private final BinCounter binCounter = new BinCounter();

    /** Of what the bin counter has counted. */
    private final ExactAccumulator binSums = new ExactAccumulator();

    private final float[] finite = new float[Blocks.SIZE];
    private boolean tooWide;
    private int exponent = HistogramSummary.MIN_EXPONENT;

    /** An observer that has seen nothing. */
    public HistogramObserver() {}

    @Override
    public void observe(float[] values, int offset, int length) {
        Bounds.check("values", values, offset, length);
        observe(values, offset, length, Blocks.SIZE, null);
    }

    /**
     * Observes whole samples, and shows the extremes of each to {@code samples}: one pass for both.
     *
     * @param sampleLength values per sample, at least 1
     * @throws IllegalArgumentException if {@code length} is not a multiple of it
     */
    public void observeSamples(float[] values, int offset, int length, int sampleLength, PerSampleObserver samples) {
        Bounds.check("values", values, offset, length);
        Given.require("samples", samples);
        Validate.isTrue(sampleLength >= 1, "sample length must be at least 1, was %d", sampleLength);
        Validate.isTrue(
                length % sampleLength == 0,
                "length must be a multiple of the sample length %d, was %d",
                sampleLength,
                length);
        if (sampleLength > Blocks.SIZE) {
            for (int from = offset; from < offset + length; from += sampleLength) {
                observe(values, from, sampleLength);
                samples.observe(lastCounts());
            }
            return;
        }
        observe(values, offset, length, sampleLength, samples);
        samples.addCounts(batch);
    }

    /** With {@code samples}, blocks of whole samples. */
    private void observe(float[] values, int offset, int length, int sampleLength, PerSampleObserver samples) {
        EndsKernel ends = Kernels.ENDS.current();
        BinKernel kernel = Kernels.BINS.current();
        long zerosBefore = zeros();
        batch.clear();
        int end = offset + length;
        int longest = Blocks.SIZE - Blocks.SIZE % sampleLength;
        for (int from = offset, to; from < end; from = to) {
            to = from + Math.min(longest, end - from);
            int unclean = samples == null
                    ? batch.addEnds(ends, values, from, to)
                    : batch.addEnds(ends, values, from, to, sampleLength, samples);
            grow(HistogramSummary.exponentFor(batch.magnitude()));
            if (unclean > 0) {
                copyFinite(values, from, to);
            }
            float[] block = unclean > 0 ? finite : values;
            int start = unclean > 0 ? 0 : from;
            float magnitude = batch.blockMagnitude();
            int blockExponent = magnitude == 0 ? binCounter.exponent() : HistogramSummary.exponentFor(magnitude);
            if (BinCounter.takes(blockExponent)) {
                add(kernel, block, start, to - from, blockExponent);
                batch.addZeros(-unclean);
            } else {
                batch.addZeros(values, from, to);
                addAny(block, start, start + to - from);
            }
        }
        counter.add(batch);
        // Those that lie in the bin counter are not in the batch.
        batch.setZeros(zeros() - zerosBefore);
    }

    private long zeros() {
        return counter.zeros() + binCounter.zeros();
    }

    /**
     * What the last call of {@code observe} with an array was shown: the extremes of a sample, at no cost. After
     * {@link #observeSamples} what that was shown, of samples longer than {@value Blocks#SIZE} values the last one.
     */
    public ValueCounts lastCounts() {
        return batch.counts();
    }

    private void add(BinKernel kernel, float[] values, int from, int length, int blockExponent) {
        // The counter's bins follow the blocks, not the largest value ever: after one outlier all others are fast
        // again. But not every little: changing bins takes time.
        if (blockExponent > binCounter.exponent() || (tooWide && blockExponent <= binCounter.exponent() - TOO_WIDE)) {
            settle();
            binCounter.become(blockExponent);
        }
        int before = binCounter.smalls();
        binCounter.add(kernel, values, from, length);
        tooWide = binCounter.smalls() - before > length / 8;
        if (binCounter.hasManySmall()) {
            addManySmall(kernel);
        }
        if (binCounter.isFull()) {
            settle();
        }
    }

    /** Counts small values in narrower bins: one by one they would wait for each other. */
    private void addManySmall(BinKernel kernel) {
        int wide = binCounter.exponent();
        int narrow = wide - NARROWER;
        if (!BinCounter.takes(narrow)) {
            addSmall();
            return;
        }
        int smalls = Math.min(binCounter.smalls(), finite.length);
        System.arraycopy(binCounter.small(), binCounter.smalls() - smalls, finite, 0, smalls);
        addAny(binCounter.small(), 0, binCounter.smalls() - smalls);
        binCounter.dropSmall();
        settle();
        binCounter.become(narrow);
        binCounter.add(kernel, finite, 0, smalls);
        settle();
        binCounter.become(wide);
    }

    /** With zeros in the place of what is not finite. */
    private void copyFinite(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            float value = values[i];
            finite[i - from] = Float.isFinite(value) ? value : 0;
        }
    }

    private void addSmall() {
        for (int from = 0; from < binCounter.smalls(); from += Blocks.SIZE) {
            addAny(binCounter.small(), from, Math.min(from + Blocks.SIZE, binCounter.smalls()));
        }
        binCounter.dropSmall();
    }

    /** Counts and adds finite values of any kind, one by one, without help from the bins. */
    private void addAny(float[] values, int from, int to) {
        count(values, from, to);
        summation.add(values, from, to);
    }

    /** Brings the counts that are on their way to where they belong. */
    private void settle() {
        addSmall();
        counter.addZeros(binCounter.zeros());
        binCounter.moveTo(bins, octaves, binSums, exponent - binCounter.exponent());
    }

    /**
     * Adds what another observer saw, of this run or of an earlier one.
     *
     * @throws IllegalArgumentException if it had a different number of bins
     */
    public void merge(HistogramSummary other) {
        Validate.isTrue(other.binsPerSign() == BINS, "bins per sign must be %d, was %d", BINS, other.binsPerSign());
        counter.add(other.counts());
        grow(other.exponent());
        int shift = exponent - other.exponent();
        for (int k = 0; k < BINS; k++) {
            bins[HistogramSummary.shifted(k, shift)] += other.positive(k);
            bins[BINS + HistogramSummary.shifted(k, shift)] += other.negative(k);
        }
        for (int octave = 0; octave < OCTAVES; octave++) {
            octaves[octave] += other.octave(octave);
        }
        summation.add(other.sums());
    }

    /** What was observed so far. */
    public HistogramSummary summary() {
        settle();
        return new HistogramSummary(
                counter.counts(),
                exponent,
                bins.clone(),
                octaves.clone(),
                summation.sums().plus(binSums.sums()));
    }

    /** Forgets all that was observed, so that the observer serves again without being made anew. */
    public void clear() {
        settle();
        Arrays.fill(bins, 0);
        Arrays.fill(octaves, 0);
        counter.clear();
        batch.clear();
        summation.clear();
        binSums.clear();
        exponent = HistogramSummary.MIN_EXPONENT;
        // Its bins may never be wider than these.
        binCounter.become(BinCounter.LEAST_EXPONENT);
        tooWide = false;
    }

    /** Memory of the arrays held now, which {@link #BYTES} promises. */
    int bytes() {
        return Long.BYTES * (bins.length + octaves.length + ExactSummation.LONGS + ExactAccumulator.LONGS)
                + binCounter.bytes()
                + Float.BYTES * finite.length;
    }

    private void count(float[] values, int from, int to) {
        // |x| = mantissa * 2^(E - 150), so its bin is the mantissa without its lowest (e + 150 - E) bits.
        int ones = exponent + 150;
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            int octave = bits >>> 23;
            int drop = Math.min(ones - Math.max(octave & 0xFF, 1), 31);
            // Added without a branch, for after a ReLU it could not be predicted.
            int once = 1 - ValueCounter.isZero(bits);
            bins[(bits >>> 31) * BINS + (ExactSummation.mantissa(bits) >>> drop)] += once;
            octaves[octave] += once;
        }
    }

    private void grow(int wanted) {
        if (wanted <= exponent) {
            return;
        }
        settle();
        HistogramSummary.coarsen(bins, wanted - exponent);
        exponent = wanted;
    }
}
