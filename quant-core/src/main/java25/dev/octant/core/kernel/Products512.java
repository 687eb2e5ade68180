package dev.octant.core.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Products of 16 pairs at a time, by the rule's own float operations in their order. */
final class Products512 implements PairKernel<AffinePairTable> {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;

    Products512() {
        Shapes.require(512);
    }

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
        byte leftFlip = table.leftFlip;
        float leftZero = table.leftZero;
        float leftScale = table.leftScale;
        byte rightFlip = table.rightFlip;
        float rightZero = table.rightZero;
        float rightScale = table.rightScale;
        float factor = table.factor;
        float divisor = table.divisor;
        float offset = table.offset;
        int lowBits = table.lowBits;
        int highBits = table.highBits;
        int zeroBits = table.zeroBits;
        int i = 0;
        for (; i <= length - 16; i += 16) {
            ByteVector p = ByteVector.fromArray(BYTES, a, aOffset + i).lanewise(VectorOperators.XOR, leftFlip);
            ByteVector q = ByteVector.fromArray(BYTES, b, bOffset + i).lanewise(VectorOperators.XOR, rightFlip);
            FloatVector left = ((FloatVector) p.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(leftZero)
                    .mul(leftScale);
            FloatVector right = ((FloatVector) q.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(rightZero)
                    .mul(rightScale);
            // Clamped as ints: the bits of these floats are ordered as the floats are.
            IntVector codes = left.mul(right)
                    .mul(factor)
                    .div(divisor)
                    .add(offset)
                    .add(PairTable.ROUNDER)
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
