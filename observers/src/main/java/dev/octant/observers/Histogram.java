// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSums;

/** What is known of the values of one tensor or channel so far: their counts by kind, their bins, their exact sums. */
final class Histogram {
    /** Memory of the sums in bytes. */
    static final int SUM_BYTES = Long.BYTES * ExactAccumulator.LONGS;

    private final BinCounts bins;
    private final ExactAccumulator sums = new ExactAccumulator();
    private final ValueCounter counter = new ValueCounter();

    /** Of summaries that were merged in. */
    private ExactSums merged = ExactSums.ZERO;

    /** A histogram of 2^bits bins of each sign. */
    Histogram(int bits) {
        bins = new BinCounts(bits);
    }

    /** Counts by kind, which the values must be added to beside bins and sums. */
    ValueCounter counter() {
        return counter;
    }

    /** Widens the bins, unless they hold values of this magnitude. */
    void makeRoomFor(float magnitude) {
        bins.widen(BinCounts.exponentFor(magnitude, bins.bits()));
    }

    /** Counts and adds values one by one; zeros and what is not finite are left out. There must be room for them. */
    void add(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            if ((bits << 1) != 0 && Float.isFinite(values[i])) {
                bins.addFloat(bits);
                sums.add(values[i]);
            }
        }
    }

    /** Moves to this histogram what a counter has counted, for which there must be room. */
    void add(BinCounter counted) {
        counter.addZeros(counted.zeros());
        counted.moveTo(bins, sums);
    }

    /**
     * Adds what another histogram holds.
     *
     * @throws IllegalArgumentException if it has a different number of bins
     */
    void merge(HistogramSummary other) {
        other.requireBins(bins.bits());
        counter.add(other.counts());
        bins.widen(other.exponent());
        bins.addAll(other.bins());
        merged = merged.plus(other.sums());
    }

    HistogramSummary summary() {
        return new HistogramSummary(counter.counts(), bins.copy(), sums.sums().plus(merged));
    }

    void clear() {
        bins.clear();
        sums.clear();
        counter.clear();
        merged = ExactSums.ZERO;
    }

    /** Memory of the arrays held now. */
    int bytes() {
        return bins.bytes() + SUM_BYTES;
    }

    /** The most memory of the arrays. */
    static int mostBytes(int bits) {
        return BinCounts.mostBytes(bits) + SUM_BYTES;
    }
}
