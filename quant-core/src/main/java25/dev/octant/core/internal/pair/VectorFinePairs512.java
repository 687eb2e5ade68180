// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** 8 pairs at a time in double; below 512 bits the lookups are as fast. */
public final class VectorFinePairs512 implements PairKernel<FinePairTable> {
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;

    public VectorFinePairs512() {
        Shapes.require(512);
    }

    @Override
    public void run(
            FinePairTable table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length) {
        byte leftFlip = table.leftFlip;
        byte rightFlip = table.rightFlip;
        DoubleVector product = DoubleVector.broadcast(DOUBLES, table.product);
        DoubleVector left = DoubleVector.broadcast(DOUBLES, table.left);
        DoubleVector right = DoubleVector.broadcast(DOUBLES, table.right);
        DoubleVector base = DoubleVector.broadcast(DOUBLES, table.base);
        long nudge = Double.doubleToRawLongBits(table.nudge);
        long lowBits = table.lowBits;
        long highBits = table.highBits;
        long zeroBits = table.zeroBits;
        int i = 0;
        for (; i <= length - 8; i += 8) {
            DoubleVector p = (DoubleVector) ByteVector.fromArray(BYTES, a, aOffset + i)
                    .lanewise(VectorOperators.XOR, leftFlip)
                    .convertShape(VectorOperators.B2D, DOUBLES, 0);
            DoubleVector q = (DoubleVector) ByteVector.fromArray(BYTES, b, bOffset + i)
                    .lanewise(VectorOperators.XOR, rightFlip)
                    .convertShape(VectorOperators.B2D, DOUBLES, 0);
            DoubleVector v = p.fma(q.fma(product, left), q.fma(right, base));
            DoubleVector away =
                    v.reinterpretAsLongs().and(Long.MIN_VALUE).or(nudge).reinterpretAsDoubles();
            // Clamped as longs: the bits of these doubles are ordered as the doubles are.
            LongVector codes = v.add(away)
                    .add(FinePairTable.ROUNDER)
                    .reinterpretAsLongs()
                    .max(lowBits)
                    .min(highBits)
                    .sub(zeroBits);
            ((ByteVector) codes.convertShape(VectorOperators.L2B, BYTES, 0)).intoArray(dst, dstOffset + i);
        }
        for (; i < length; i++) {
            dst[dstOffset + i] = table.entry(a[aOffset + i], b[bOffset + i]);
        }
    }
}
