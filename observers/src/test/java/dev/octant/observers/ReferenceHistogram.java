package dev.octant.observers;

/** The histogram value by value, as its definition reads: what {@link HistogramObserver} must equal to the bit. */
final class ReferenceHistogram {
    private ReferenceHistogram() {}

    static HistogramSummary of(float[] values, int from, int to) {
        ValueCounter counter = new ValueCounter();
        counter.add(values, from, to);
        int exponent = HistogramSummary.exponentFor(counter.magnitude());
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
        return new HistogramSummary(counter.counts(), exponent, bins, octaves, summation.sums());
    }
}
