// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums by the two fused operations that are their rule. */
public final class VectorFusedSums implements PairKernel<FusedSumTable> {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    @Override
    public void run(
            FusedSumTable table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        int leftMask = table.leftMask;
        FloatVector leftScale = FloatVector.broadcast(FLOATS, table.leftScale);
        int rightMask = table.rightMask;
        FloatVector rightScale = FloatVector.broadcast(FLOATS, table.rightScale);
        FloatVector base = FloatVector.broadcast(FLOATS, table.base);
        int lowBits = table.lowBits;
        int highBits = table.highBits;
        int zeroBits = table.zeroBits;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            IntVector p = ((IntVector)
                            ByteVector.fromArray(BYTES, a, aOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(leftMask);
            IntVector q = ((IntVector)
                            ByteVector.fromArray(BYTES, b, bOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(rightMask);
            FloatVector right = ((FloatVector) q.convertShape(VectorOperators.I2F, FLOATS, 0)).fma(rightScale, base);
            FloatVector steps = ((FloatVector) p.convertShape(VectorOperators.I2F, FLOATS, 0)).fma(leftScale, right);
            // Clamped as ints: the bits of these floats are ordered as the floats are.
            IntVector codes = steps.add(PairTable.ROUNDER)
                    .reinterpretAsInts()
                    .max(lowBits)
                    .min(highBits)
                    .sub(zeroBits);
            ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(dst, dstOffset + i);
        }
        for (; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }
}
