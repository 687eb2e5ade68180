// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSums;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * The histogram value by value, as its definition reads: what {@link HistogramObserver} must equal to the bit. It is
 * put together as a file, so that nothing of the arithmetic of bins is in it.
 */
final class ReferenceHistogram {
    static final int MAGIC = 0x4F435448;
    private static final int OCTAVES = 277;

    private ReferenceHistogram() {}

    static HistogramSummary of(float[] values, int from, int to) {
        return of(values, from, to, 11);
    }

    static HistogramSummary of(float[] values, int from, int to, int bits) {
        ValueCounts counts = counts(values, from, to);
        double magnitude = counts.finite() == 0 ? 0 : Math.max(-counts.min(), counts.max());
        int exponent = -149;
        while (magnitude >= Math.scalb(1.0, bits + exponent)) {
            exponent++;
        }
        int bins = 1 << bits;
        int subBins = Math.max(1, bins / 32);
        int side = wholePages(bins + OCTAVES * subBins);
        SparseCounts places = new SparseCounts(2 * side);
        ExactAccumulator sums = new ExactAccumulator();
        for (int i = from; i < to; i++) {
            double value = values[i];
            if (Double.isFinite(value) && value != 0) {
                double size = Math.abs(value);
                int bin = (int) Math.floor(size / Math.scalb(1.0, exponent));
                int octave = Math.getExponent(size);
                int subBin = (int) Math.floor(size / Math.scalb(1.0, octave) * subBins);
                int place = bin >= subBins ? bin : bins + (octave + 149) * subBins + subBin - subBins;
                places.add((value < 0 ? side : 0) + place, 1);
                sums.add(values[i]);
            }
        }
        return read(counts, bits, exponent, places, sums.sums());
    }

    private static int wholePages(int places) {
        return (places + 63) / 64 * 64;
    }

    private static HistogramSummary read(
            ValueCounts counts, int bits, int exponent, SparseCounts places, ExactSums sums) {
        PayloadWriter payload = new PayloadWriter();
        payload.counts(counts);
        payload.number(bits);
        payload.number(exponent + 149);
        payload.sparse(places);
        payload.sparse(new SparseCounts(0));
        payload.integer(sums.sum());
        payload.integer(sums.squares());
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Frame.write(new DataOutputStream(out), MAGIC, 2, payload.bytes());
            return HistogramSummary.readFrom(new DataInputStream(new ByteArrayInputStream(out.toByteArray())));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Merged one by one. */
    static ValueCounts counts(float[] values, int from, int to) {
        ValueCounts counts = ValueCounts.NONE;
        for (int i = from; i < to; i++) {
            float value = values[i];
            boolean finite = Float.isFinite(value);
            counts = counts.merge(new ValueCounts(
                    1,
                    value == 0 ? 1 : 0,
                    Float.isNaN(value) ? 1 : 0,
                    value == Float.POSITIVE_INFINITY ? 1 : 0,
                    value == Float.NEGATIVE_INFINITY ? 1 : 0,
                    finite ? value : Float.NaN,
                    finite ? value : Float.NaN));
        }
        return counts;
    }
}
