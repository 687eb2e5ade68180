// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.VectorDequantize;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As {@link VectorDequantize} with parameters loaded for every lane. */
public final class VectorChannelDequantize implements ChannelDequantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final ChannelDequantizeKernel twin = new ScalarChannelDequantize();

    @Override
    public void run(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        float[] scale = channels.scale;
        float[] zero = channels.zero;
        byte flipped = (byte) (channels.signed() ? 0 : 128);
        float lowered = -flipped;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i).lanewise(VectorOperators.XOR, flipped);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .add(lowered)
                    .sub(FloatVector.fromArray(FLOATS, zero, first + i))
                    .mul(FloatVector.fromArray(FLOATS, scale, first + i))
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length && COUNT == Lanes.MASKED) {
            VectorMask<Float> rest = FLOATS.indexInRange(i, length);
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i, BYTES.indexInRange(i, length))
                    .lanewise(VectorOperators.XOR, flipped);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .add(lowered)
                    .sub(FloatVector.fromArray(FLOATS, zero, first + i, rest))
                    .mul(FloatVector.fromArray(FLOATS, scale, first + i, rest))
                    .intoArray(dst, dstOffset + i, rest);
        } else if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, channels, first + i);
        }
    }
}
