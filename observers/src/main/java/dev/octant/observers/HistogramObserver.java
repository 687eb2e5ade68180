package dev.octant.observers;

import java.util.Arrays;
import java.util.Objects;
import org.apache.commons.lang3.Validate;

/**
 * Collects the histogram from which every {@link RangeEstimator} works, in one pass and a fixed amount of memory.
 *
 * <pre>
 * bin k of a sign holds   k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,   k = 0 .. 2047
 * e = the smallest exponent from -149 on with   max|x| &lt; 2048 * 2^e
 * </pre>
 *
 * <p>When a value outgrows the bins, {@code e} rises and neighbouring bins are added in pairs, {@code k -> k >> 1}. That is
 * exact, and {@code e} depends on the largest magnitude only, so the same values give the same counts however they are
 * cut into batches and ordered. An exact 0 is counted by itself and lies in no bin. One huge value would leave all
 * others in bin 0; so values are also counted per sign and exponent, which resolves bin 0 down to the smallest float.
 * Sum and sum of squares are exact.
 *
 * <p>Blocks of finite values take a fast way, see {@link BinCounter}; the outcome is the same to the bit.
 *
 * <p>NaN and infinities are counted only. Not thread safe: one observer per thread, then merge the summaries.
 */
public final class HistogramObserver implements Observer {
    /** Bins of each sign. */
    public static final int BINS = 2048;

    /** Where values go that lie in no bin: zeros, infinities, NaN. */
    private static final int OUTSIDE = 2 * BINS;

    private static final int OCTAVES = 512;

    /** Memory of one observer's arrays in bytes, the same for any data. */
    public static final int BYTES =
            Long.BYTES * (OUTSIDE + 1 + OCTAVES + ExactSummation.LONGS) + BinCounter.BYTES + Float.BYTES * Blocks.SIZE;

    private final long[] bins = new long[OUTSIDE + 1];
    private final long[] octaves = new long[OCTAVES];
    private final ValueCounter counter = new ValueCounter();
    private final ValueCounter batch = new ValueCounter();
    private final ExactSummation summation = new ExactSummation();
    private final BinCounter binCounter = new BinCounter();
    private final float[] small = new float[Blocks.SIZE];
    private int smalls;
    private boolean tooWide;
    private int exponent = HistogramSummary.MIN_EXPONENT;

    /** An observer that has seen nothing. */
    public HistogramObserver() {}

    @Override
    public void observe(float[] values, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, values.length);
        int end = offset + length;
        batch.clear();
        for (int from = offset, to; from < end; from = to) {
            to = from + Math.min(Blocks.SIZE, end - from);
            boolean finite = batch.addEnds(values, from, to);
            grow(HistogramSummary.exponentFor(batch.magnitude()));
            int blockExponent = HistogramSummary.exponentFor(batch.blockMagnitude());
            if (finite && BinCounter.takes(blockExponent)) {
                addFinite(values, from, to, blockExponent);
            } else {
                batch.addZeros(values, from, to);
                addAny(values, from, to);
            }
        }
        counter.add(batch);
    }

    /** What the last call of {@code observe} with an array was shown: the extremes of a sample, at no cost. */
    public ValueCounts lastCounts() {
        return batch.counts();
    }

    private void addFinite(float[] values, int from, int to, int blockExponent) {
        // The counter's bins follow the blocks, not the largest value ever: after one outlier all others are fast
        // again.
        if (blockExponent > binCounter.exponent() || (tooWide && blockExponent < binCounter.exponent())) {
            settle();
            binCounter.become(blockExponent);
        }
        int allHandedBack = 0;
        for (int start = from; start < to; start += BinCounter.CHUNK) {
            int handedBack = binCounter.add(values, start, Math.min(BinCounter.CHUNK, to - start));
            batch.addZeros(binCounter.zeros());
            if (handedBack > small.length - smalls) {
                addSmall();
            }
            System.arraycopy(binCounter.small(), 0, small, smalls, handedBack);
            smalls += handedBack;
            allHandedBack += handedBack;
        }
        tooWide = allHandedBack > (to - from) / 8;
        if (binCounter.isFull()) {
            settle();
        }
    }

    private void addSmall() {
        addAny(small, 0, smalls);
        smalls = 0;
    }

    /** Counts and adds values of any kind, one by one, without help from the bins. */
    private void addAny(float[] values, int from, int to) {
        count(values, from, to);
        summation.add(values, from, to);
    }

    /** Brings the counts that are on their way to where they belong. */
    private void settle() {
        addSmall();
        summation.add(binCounter.moveTo(bins, octaves, exponent - binCounter.exponent()));
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
                counter.counts(), exponent, Arrays.copyOf(bins, OUTSIDE), octaves.clone(), summation.sums());
    }

    /** Forgets all that was observed, so that the observer serves again without being made anew. */
    public void clear() {
        settle();
        Arrays.fill(bins, 0);
        Arrays.fill(octaves, 0);
        counter.clear();
        batch.clear();
        summation.clear();
        exponent = HistogramSummary.MIN_EXPONENT;
        // Its bins may never be wider than these.
        binCounter.become(BinCounter.LEAST_EXPONENT);
        tooWide = false;
    }

    /** Memory of the arrays held now, which {@link #BYTES} promises. */
    int bytes() {
        return Long.BYTES * (bins.length + octaves.length + ExactSummation.LONGS)
                + binCounter.bytes()
                + Float.BYTES * small.length;
    }

    private void count(float[] values, int from, int to) {
        // |x| = mantissa * 2^(E - 150), so its bin is the mantissa without its lowest (e + 150 - E) bits.
        int ones = exponent + 150;
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            int octave = bits >>> 23;
            int magnitude = bits & 0x7FFF_FFFF;
            int drop = Math.min(ones - Math.max(octave & 0xFF, 1), 31);
            int bin = (bits >>> 31) * BINS + (ExactSummation.mantissa(bits) >>> drop);
            // 1 for zeros, infinities and NaN; masked, for a branch on zeros could not be predicted after a ReLU.
            int outside = ValueCounter.isZero(bits) | ((0x7F7F_FFFF - magnitude) >>> 31);
            bins[bin + ((OUTSIDE - bin) & -outside)]++;
            octaves[octave] += 1 - outside;
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
