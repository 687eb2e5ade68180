package dev.octant.core.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Unsigned codes are read as signed ones, 128 lower, which a vector widens at no cost; so the zero point is 128 lower too. */
final class VectorDequantize implements DequantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final DequantizeKernel twin = new ScalarDequantize();

    @Override
    public void run(
            byte[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            boolean signed) {
        byte flipped = (byte) (signed ? 0 : 128);
        float zero = zeroPoint + flipped;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i).lanewise(VectorOperators.XOR, flipped);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length && COUNT == Lanes.MASKED) {
            VectorMask<Byte> rest = BYTES.indexInRange(i, length);
            ByteVector code =
                    ByteVector.fromArray(BYTES, src, srcOffset + i, rest).lanewise(VectorOperators.XOR, flipped);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i, FLOATS.indexInRange(i, length));
        } else if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zeroPoint, signed);
        }
    }
}
