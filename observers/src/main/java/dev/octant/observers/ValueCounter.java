// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.ends.Ends;
import dev.octant.core.internal.ends.EndsKernel;

/** Counts values by kind and keeps the ends of the finite ones. */
final class ValueCounter {
    /** The longest piece with a NaN or an infinity in it that is looked at value by value. */
    private static final int FEW = 128;

    private final Ends ends = new Ends();
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
        EndsKernel kernel = Kernels.ENDS.current();
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(Blocks.SIZE, to - start);
            lowest = Float.POSITIVE_INFINITY;
            highest = Float.NEGATIVE_INFINITY;
            kernel.run(values, start, end - start, ends);
            zeros += ends.zeros();
            if (ends.finite()) {
                lowest = ends.low();
                highest = ends.high();
            } else {
                addParts(kernel, values, start, end);
            }
            finish(end - start);
        }
    }

    /**
     * Counts a block but for its zeros.
     *
     * @return how many values are not finite
     */
    int addEnds(EndsKernel kernel, float[] values, int from, int to) {
        lowest = Float.POSITIVE_INFINITY;
        highest = Float.NEGATIVE_INFINITY;
        int unclean = addPart(kernel, values, from, to);
        finish(to - from);
        return unclean;
    }

    /** The smallest finite value of the block whose ends were added last; +Inf if there was none. */
    float blockMin() {
        return lowest;
    }

    /** The largest; -Inf if there was none. */
    float blockMax() {
        return highest;
    }

    /** Takes several blocks whose ends were added as one, with these ends. */
    void joinBlocks(float min, float max) {
        lowest = min;
        highest = max;
    }

    private void finish(int length) {
        count += length;
        min = Math.min(min, lowest);
        max = Math.max(max, highest);
    }

    private int addPart(EndsKernel kernel, float[] values, int from, int to) {
        kernel.runWithoutZeros(values, from, to - from, ends);
        if (!ends.finite()) {
            return to - from > FEW ? addParts(kernel, values, from, to) : addUnclean(values, from, to);
        }
        lowest = Math.min(lowest, ends.low());
        highest = Math.max(highest, ends.high());
        return 0;
    }

    /** Few values are not finite in most data that has such: the others are not looked at one by one. */
    private int addParts(EndsKernel kernel, float[] values, int from, int to) {
        int unclean = 0;
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(FEW, to - start);
            unclean += addPart(kernel, values, start, end);
        }
        return unclean;
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

    /** The largest magnitude of the finite values of the block whose ends were added last. */
    float blockMagnitude() {
        return Math.max(0, Math.max(-lowest, highest));
    }

    /** Counts zeros that the caller has found. */
    void addZeros(long found) {
        zeros += found;
    }

    long zeros() {
        return zeros;
    }

    /** Whether a value was finite. */
    boolean hasFinite() {
        return min <= max;
    }

    /** The smallest finite value; +Inf if there was none. */
    float min() {
        return min;
    }

    /** The largest finite value; -Inf if there was none. */
    float max() {
        return max;
    }

    /** Corrects how many zeros were counted. */
    void setZeros(long all) {
        zeros = all;
    }

    /** 1 for a zero of either sign, else 0: without a branch, for after a ReLU it could not be predicted. */
    static int isZero(int bits) {
        return ((bits & 0x7FFF_FFFF) - 1) >>> 31;
    }

    private int addUnclean(float[] values, int from, int to) {
        int unclean = 0;
        for (int i = from; i < to; i++) {
            float value = values[i];
            if (Float.isFinite(value)) {
                lowest = Math.min(lowest, value);
                highest = Math.max(highest, value);
                continue;
            }
            unclean++;
            if (Float.isNaN(value)) {
                nan++;
            } else if (value > 0) {
                positiveInfinities++;
            } else {
                negativeInfinities++;
            }
        }
        return unclean;
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
