// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Sums in lanes of 32 bits. */
public final class VectorWholeSums implements PairKernel<WholeSumTable> {
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    @Override
    public void run(
            WholeSumTable table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        int leftMask = table.leftMask;
        int leftScale = table.leftScale;
        int rightMask = table.rightMask;
        int rightScale = table.rightScale;
        int base = table.base;
        int shift = table.shift;
        int low = table.low;
        int high = table.high;
        int zero = table.zero;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            IntVector p = ((IntVector)
                            ByteVector.fromArray(BYTES, a, aOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(leftMask);
            IntVector q = ((IntVector)
                            ByteVector.fromArray(BYTES, b, bOffset + i).convertShape(VectorOperators.B2I, INTS, 0))
                    .and(rightMask);
            IntVector codes = p.mul(leftScale)
                    .add(base)
                    .add(q.mul(rightScale))
                    .lanewise(VectorOperators.ASHR, shift)
                    .max(low)
                    .min(high)
                    .add(zero);
            ((ByteVector) codes.convertShape(VectorOperators.I2B, BYTES, 0)).intoArray(dst, dstOffset + i);
        }
        for (; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }
}
