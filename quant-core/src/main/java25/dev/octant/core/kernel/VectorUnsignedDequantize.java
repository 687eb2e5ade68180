package dev.octant.core.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Unsigned codes as signed ones, 128 lower, which a vector widens at no cost; so the zero point is 128 lower too. */
final class VectorUnsignedDequantize implements DequantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final DequantizeKernel twin = new ScalarUnsignedDequantize();

    @Override
    public void run(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, int zeroPoint) {
        float zero = zeroPoint - 128;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            ByteVector lowered =
                    ByteVector.fromArray(BYTES, src, srcOffset + i).lanewise(VectorOperators.XOR, (byte) 0x80);
            ((FloatVector) lowered.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zeroPoint);
        }
    }
}
