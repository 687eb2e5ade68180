// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The slopes are looked up one by one into a block, 1 KB of them where all pairs are 64 KB, and the rest is done by
 * vectors.
 */
public final class StagedSlopes implements PairKernel<SlopeTable> {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    /** Values between the passes: 4 KB of slopes. */
    private static final int BLOCK = 1024;

    @Override
    public void run(
            SlopeTable table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        int whole = length & -COUNT;
        try (Staging block = Staging.take()) {
            runWhole(table, a, aOffset, b, bOffset, dst, dstOffset, whole, block.reals);
        }
        for (int i = whole; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }

    /** Whole vectors; {@code found} has room for the slopes of a block. */
    private static void runWhole(
            SlopeTable table,
            byte[] a,
            int aOffset,
            byte[] b,
            int bOffset,
            byte[] dst,
            int dstOffset,
            int whole,
            float[] found) {
        for (int at = 0, n; at < whole; at += n) {
            n = Math.min(BLOCK, whole - at);
            slopes(table.slopes, a, aOffset + at, found, n);
            codes(table, found, b, bOffset + at, dst, dstOffset + at, n);
        }
    }

    private static void slopes(float[] slopes, byte[] a, int offset, float[] found, int length) {
        for (int i = 0; i < length; i++) {
            found[i] = slopes[a[offset + i] & 0xFF];
        }
    }

    private static void codes(
            SlopeTable table, float[] slopes, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        byte rightFlip = table.rightFlip;
        float rightZero = table.rightZero;
        float rightScale = table.rightScale;
        float divisor = table.divisor;
        boolean divided = table.isDivided();
        int lowBits = table.lowBits;
        int highBits = table.highBits;
        int zeroBits = table.zeroBits;
        for (int i = 0; i < length; i += COUNT) {
            FloatVector right = ((FloatVector) ByteVector.fromArray(BYTES, b, bOffset + i)
                            .lanewise(VectorOperators.XOR, rightFlip)
                            .convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero);
            FloatVector slope = FloatVector.fromArray(FLOATS, slopes, i);
            FloatVector steps = divided ? slope.mul(right.mul(rightScale)).div(divisor) : slope.mul(right);
            // Clamped as ints: the bits of these floats are ordered as the floats are.
            IntVector codes = steps.add(PairTable.ROUNDER)
                    .reinterpretAsInts()
                    .max(lowBits)
                    .min(highBits)
                    .sub(zeroBits);
            ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(dst, dstOffset + i);
        }
    }
}
