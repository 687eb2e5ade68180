package dev.octant.observers;

/** Counts values by kind and keeps the ends of the finite ones. */
final class ValueCounter {
    private long count;
    private long zeros;
    private long nan;
    private long positiveInfinities;
    private long negativeInfinities;
    private float lowest;
    private float highest;
    private float min = Float.POSITIVE_INFINITY;
    private float max = Float.NEGATIVE_INFINITY;

    /** Counts {@code values[from .. to)}, bounds checked by the caller. */
    void add(float[] values, int from, int to) {
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(Blocks.SIZE, to - start);
            addEnds(values, start, end);
            addZeros(values, start, end);
        }
    }

    /**
     * Counts a block but for its zeros.
     *
     * @return whether all values are finite
     */
    boolean addEnds(float[] values, int from, int to) {
        count += to - from;
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            low = Math.min(low, values[i]);
            high = Math.max(high, values[i]);
        }
        lowest = low;
        highest = high;
        // NaN survives Math.min and Math.max, so two comparisons clear a whole block of clean data.
        if (!(low >= -Float.MAX_VALUE && high <= Float.MAX_VALUE)) {
            addUnclean(values, from, to);
            return false;
        }
        min = Math.min(min, low);
        max = Math.max(max, high);
        return true;
    }

    /** Counts the zeros of the block whose ends were added last. */
    void addZeros(float[] values, int from, int to) {
        if (lowest > 0 || highest < 0) {
            return;
        }
        int found = 0;
        for (int i = from; i < to; i++) {
            found += isZero(Float.floatToRawIntBits(values[i]));
        }
        zeros += found;
    }

    /** The largest magnitude of the block whose ends were added last, if all its values were finite. */
    float blockMagnitude() {
        return Math.max(0, Math.max(-lowest, highest));
    }

    /** Counts zeros that the caller has found. */
    void addZeros(int found) {
        zeros += found;
    }

    /** 1 for a zero of either sign, else 0: without a branch, for after a ReLU it could not be predicted. */
    static int isZero(int bits) {
        return ((bits & 0x7FFF_FFFF) - 1) >>> 31;
    }

    private void addUnclean(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            float value = values[i];
            if (Float.isFinite(value)) {
                min = Math.min(min, value);
                max = Math.max(max, value);
            } else if (Float.isNaN(value)) {
                nan++;
            } else if (value > 0) {
                positiveInfinities++;
            } else {
                negativeInfinities++;
            }
        }
    }

    /** Counts what another counter has seen. */
    void add(ValueCounter other) {
        count = Math.addExact(count, other.count);
        zeros += other.zeros;
        nan += other.nan;
        positiveInfinities += other.positiveInfinities;
        negativeInfinities += other.negativeInfinities;
        min = Math.min(min, other.min);
        max = Math.max(max, other.max);
    }

    /** Adds finished counts. */
    void add(ValueCounts other) {
        count = Math.addExact(count, other.count());
        zeros += other.zeros();
        nan += other.nan();
        positiveInfinities += other.positiveInfinities();
        negativeInfinities += other.negativeInfinities();
        if (other.finite() > 0) {
            min = Math.min(min, other.min());
            max = Math.max(max, other.max());
        }
    }

    /** Forgets all counts. */
    void clear() {
        count = 0;
        zeros = 0;
        nan = 0;
        positiveInfinities = 0;
        negativeInfinities = 0;
        min = Float.POSITIVE_INFINITY;
        max = Float.NEGATIVE_INFINITY;
    }

    /** The largest magnitude among the finite values so far; 0 where there are none. */
    float magnitude() {
        return Math.max(0, Math.max(-min, max));
    }

    ValueCounts counts() {
        boolean none = min > max;
        return new ValueCounts(
                count,
                zeros,
                nan,
                positiveInfinities,
                negativeInfinities,
                none ? Float.NaN : min,
                none ? Float.NaN : max);
    }
}
