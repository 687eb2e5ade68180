// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.softmax;

import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.softmax.WeightTable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A rule of softmax as an engine computes it, applied row by row.
 *
 * <p>A row's codes depend only on how far each input code lies below the largest, so a row is one table of 256
 * entries. The sum of the exponentials is first taken in whole numbers, in any order. Where a rule adds floats in the
 * order of the row, its sum is only known within some error then: mostly all codes are the same anywhere within it,
 * and where they are not, the row is added again as the rule says.
 */
public abstract class SoftmaxRule {
    /** Distances of two codes. */
    static final int DISTANCES = 256;

    /** 1.5 * 2^23: adding and subtracting it rounds half to even. */
    private static final float ROUNDER = 12582912f;

    /** All distances. */
    static final byte[] ASCENDING = new byte[DISTANCES];

    static {
        for (int d = 0; d < DISTANCES; d++) {
            ASCENDING[d] = (byte) d;
        }
    }

    /** Rows below this length have fewer codes than there may be distances. */
    private static final int SHORT = 128;

    private final QuantType type;
    private final byte flip;

    SoftmaxRule(QuantType type) {
        this.type = type;
        this.flip = type.isSigned() ? 0 : Byte.MIN_VALUE;
    }

    /**
     * Softmax of {@code length} elements, {@code stride} apart in both arrays. Uses the staging's table, codes and
     * reals; its other codes may be one of the arrays.
     */
    public final void apply(
            byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, int stride, Staging staging) {
        byte[] table = staging.table;
        if (stride > 1 || length < SHORT) {
            applyOneByOne(src, srcOffset, dst, dstOffset, length, stride, staging);
            return;
        }
        byte largest = (byte) (Kernels.LARGEST.current().run(src, srcOffset, length, flip) ^ flip);
        long sum = Kernels.WEIGHTS.current().run(weights(length), src, srcOffset, length, largest);
        int count = distances(largest);
        if (!codes(table, largest, ASCENDING, count, sum, length)) {
            float[] room = staging.reals;
            prepareOrder(room, ASCENDING, count, length);
            double ordered = addInOrder(0, room, largest, src, srcOffset, length, 1);
            orderedCodes(table, room, largest, ASCENDING, count, ordered);
        }
        Kernels.TABLE.current().run(table, src, srcOffset, dst, dstOffset, length);
    }

    /**
     * Softmax of {@code length} elements, {@code stride} apart in both buffers, from the given indices on: of a row
     * that is longer than a block of staging, which is fetched once for each thing that must be known of it. Uses the
     * staging's table, reals and other codes.
     */
    public final void apply(
            ByteBuffer src, int srcIndex, ByteBuffer dst, int dstIndex, int length, int stride, Staging staging) {
        byte[] table = staging.table;
        byte[] block = staging.otherCodes;
        int most = Byte.MIN_VALUE;
        for (int at = 0, n; at < length; at += n) {
            n = fetch(src, srcIndex, at, length, stride, block);
            most = Math.max(most, Kernels.LARGEST.current().run(block, 0, n, flip));
        }
        byte largest = (byte) (most ^ flip);
        WeightTable weights = weights(length);
        long sum = 0;
        for (int at = 0, n; at < length; at += n) {
            n = fetch(src, srcIndex, at, length, stride, block);
            sum += Kernels.WEIGHTS.current().run(weights, block, 0, n, largest);
        }
        int count = distances(largest);
        if (!codes(table, largest, ASCENDING, count, sum, length)) {
            float[] room = staging.reals;
            prepareOrder(room, ASCENDING, count, length);
            double ordered = 0;
            for (int at = 0, n; at < length; at += n) {
                n = fetch(src, srcIndex, at, length, stride, block);
                ordered = addInOrder(ordered, room, largest, block, 0, n, 1);
            }
            orderedCodes(table, room, largest, ASCENDING, count, ordered);
        }
        for (int at = 0, n; at < length; at += n) {
            n = fetch(src, srcIndex, at, length, stride, block);
            Kernels.TABLE.current().run(table, block, 0, block, 0, n);
            store(block, n, dst, dstIndex, at, stride);
        }
    }

    /** What of a row comes after {@code at} and fits a block; returns how much that is. */
    private static int fetch(ByteBuffer src, int index, int at, int length, int stride, byte[] block) {
        int n = Math.min(Staging.BLOCK, length - at);
        int first = index + at * stride;
        if (stride == 1) {
            src.get(first, block, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                block[i] = src.get(first + i * stride);
            }
        }
        return n;
    }

    private static void store(byte[] block, int n, ByteBuffer dst, int index, int at, int stride) {
        int first = index + at * stride;
        if (stride == 1) {
            dst.put(first, block, 0, n);
        } else {
            for (int i = 0; i < n; i++) {
                dst.put(first + i * stride, block[i]);
            }
        }
    }

    private void applyOneByOne(
            byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, int stride, Staging staging) {
        byte[] table = staging.table;
        byte[] present = staging.codes;
        int most = Byte.MIN_VALUE;
        for (int i = 0, at = srcOffset; i < length; i++, at += stride) {
            most = Math.max(most, (byte) (src[at] ^ flip));
        }
        byte largest = (byte) (most ^ flip);
        WeightTable weights = weights(length);
        boolean isShort = length < SHORT;
        long sum = 0;
        for (int i = 0, at = srcOffset; i < length; i++, at += stride) {
            int d = (largest - src[at]) & 0xFF;
            sum += weights.weight(d);
            if (isShort) {
                present[i] = (byte) d;
            }
        }
        byte[] distances = isShort ? present : ASCENDING;
        int count = isShort ? length : distances(largest);
        if (!codes(table, largest, distances, count, sum, length)) {
            float[] room = staging.reals;
            prepareOrder(room, distances, count, length);
            double ordered = addInOrder(0, room, largest, src, srcOffset, length, stride);
            orderedCodes(table, room, largest, distances, count, ordered);
        }
        for (int i = 0, at = 0; i < length; i++, at += stride) {
            dst[dstOffset + at] = table[src[srcOffset + at] & 0xFF];
        }
    }

    /** How many distances there can be below the largest. */
    private int distances(byte largest) {
        return type.code(largest) - type.firstStored() + 1;
    }

    /** A whole number for every distance, in proportion to its exponential. */
    abstract WeightTable weights(int length);

    /**
     * Puts the code of each distance d at {@code table[(largest - d) & 0xFF]}.
     *
     * @param distances {@code count} of them as raw bytes: those of the row, or {@link #ASCENDING}
     * @param sum of the weights of the row
     * @return false if a code depends on the order in which the row is added
     */
    abstract boolean codes(byte[] table, byte largest, byte[] distances, int count, long sum, int length);

    /**
     * What {@link #addInOrder} and {@link #orderedCodes} need of these distances, for a row of {@code length}
     * elements, put into {@code room}, which has a place for each distance.
     */
    void prepareOrder(float[] room, byte[] distances, int count, int length) {}

    /** The sum so far and the exponentials of {@code length} more elements, added in their order. */
    double addInOrder(double sum, float[] room, byte largest, byte[] src, int offset, int length, int stride) {
        throw new IllegalStateException("sums of whole numbers have no order");
    }

    /** {@link #codes} by the sum of the row in its order. */
    void orderedCodes(byte[] table, float[] room, byte largest, byte[] distances, int count, double sum) {
        throw new IllegalStateException("sums of whole numbers have no order");
    }

    /**
     * {@code rint(values[d] * factor + offset)}, clipped to {@code [low, high]}, plus the zero point, for values that
     * fall with d; false if one is not nearer to its whole number than half by {@code margin}.
     */
    static boolean roundClearly(
            byte[] table,
            byte largest,
            byte[] distances,
            int count,
            float[] values,
            float factor,
            float offset,
            double margin,
            int low,
            int high,
            int zeroPoint) {
        if (!(margin < 0.25)) {
            return false;
        }
        float nearest = (float) (0.5 - margin);
        if (distances != ASCENDING) {
            return roundEach(table, largest, distances, count, values, factor, offset, nearest, low, high, zeroPoint);
        }
        Arrays.fill(table, (byte) (low + zeroPoint));
        for (int d = 0; d < count; d++) {
            float steps = values[d] * factor + offset;
            if (steps < low + 0.25f) {
                break; // and so are all that follow
            }
            int code = high;
            if (!(steps >= high + 1)) {
                float rounded = (steps + ROUNDER) - ROUNDER;
                if (!(Math.abs(steps - rounded) < nearest)) {
                    return false;
                }
                code = Math.min((int) rounded, high);
            }
            table[(largest - d) & 0xFF] = (byte) (code + zeroPoint);
        }
        return true;
    }

    /** Without order there is nothing to predict, and so no branch. */
    private static boolean roundEach(
            byte[] table,
            byte largest,
            byte[] distances,
            int count,
            float[] values,
            float factor,
            float offset,
            float nearest,
            int low,
            int high,
            int zeroPoint) {
        boolean clear = true;
        for (int i = 0; i < count; i++) {
            int d = distances[i] & 0xFF;
            float steps = values[d] * factor + offset;
            float rounded = (steps + ROUNDER) - ROUNDER;
            clear &= Math.abs(steps - rounded) < nearest;
            table[(largest - d) & 0xFF] = (byte) (Math.min(Math.max((int) rounded, low), high) + zeroPoint);
        }
        return clear;
    }
}
