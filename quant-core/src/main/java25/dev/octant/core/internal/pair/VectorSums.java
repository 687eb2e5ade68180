// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums by the rule's own float operations in their order; without the division where there is none,
 * decided before the loop. */
public final class VectorSums implements PairKernel<AffinePairTable> {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    @Override
    public void run(
            AffinePairTable table,
            byte[] a,
            int aOffset,
            byte[] b,
            int bOffset,
            byte[] dst,
            int dstOffset,
            int length) {
        int whole = length & -COUNT;
        whole(table, a, aOffset, b, bOffset, dst, dstOffset, whole);
        for (int i = whole; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }

    private static void whole(
            AffinePairTable table,
            byte[] a,
            int aOffset,
            byte[] b,
            int bOffset,
            byte[] dst,
            int dstOffset,
            int length) {
        int leftMask = table.leftMask;
        float leftZero = table.leftZero;
        FloatVector leftScale = FloatVector.broadcast(FLOATS, table.leftScale);
        FloatVector leftBase = FloatVector.broadcast(FLOATS, table.leftBase);
        int rightMask = table.rightMask;
        float rightZero = table.rightZero;
        FloatVector rightScale = FloatVector.broadcast(FLOATS, table.rightScale);
        FloatVector rightBase = FloatVector.broadcast(FLOATS, table.rightBase);
        float factor = table.factor;
        float divisor = table.divisor;
        boolean divided = divisor != 1;
        float offset = table.offset;
        int lowBits = table.lowBits;
        int highBits = table.highBits;
        int zeroBits = table.zeroBits;
        for (int i = 0; i < length; i += COUNT) {
            IntVector p = ((IntVector)
                            ByteVector.fromArray(BYTES, a, aOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(leftMask);
            IntVector q = ((IntVector)
                            ByteVector.fromArray(BYTES, b, bOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(rightMask);
            FloatVector left = ((FloatVector) p.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .sub(leftZero)
                    .fma(leftScale, leftBase);
            FloatVector right = ((FloatVector) q.convertShape(VectorOperators.I2F, FLOATS, 0))
                    .sub(rightZero)
                    .fma(rightScale, rightBase);
            FloatVector result = left.add(right).mul(factor);
            FloatVector steps = divided ? result.div(divisor) : result;
            // Clamped as ints: the bits of these floats are ordered as the floats are.
            IntVector codes = steps.add(offset)
                    .add(PairTable.ROUNDER)
                    .reinterpretAsInts()
                    .max(lowBits)
                    .min(highBits)
                    .sub(zeroBits);
            ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(dst, dstOffset + i);
        }
    }
}
