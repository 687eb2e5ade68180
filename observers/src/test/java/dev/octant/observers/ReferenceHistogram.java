// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.observers.internal.exact.ExactSummation;

/** The histogram value by value, as its definition reads: what {@link HistogramObserver} must equal to the bit. */
final class ReferenceHistogram {
    private ReferenceHistogram() {}

    static HistogramSummary of(float[] values, int from, int to) {
        ValueCounts counts = counts(values, from, to);
        float magnitude = counts.finite() == 0 ? 0 : Math.max(-counts.min(), counts.max());
        int exponent = HistogramSummary.exponentFor(magnitude);
        double width = Math.scalb(1.0, exponent);
        long[] bins = new long[2 * HistogramObserver.BINS];
        long[] octaves = new long[512];
        ExactSummation summation = new ExactSummation();
        for (int i = from; i < to; i++) {
            float value = values[i];
            if (Float.isFinite(value) && value != 0) {
                bins[(value < 0 ? HistogramObserver.BINS : 0) + (int) Math.floor(Math.abs((double) value) / width)]++;
                octaves[Float.floatToRawIntBits(value) >>> 23]++;
            }
            summation.add(values, i, i + 1);
        }
        return new HistogramSummary(counts, exponent, bins, octaves, summation.sums());
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
