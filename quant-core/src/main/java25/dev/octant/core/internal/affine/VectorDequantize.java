// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Unsigned codes are read as signed ones, 128 lower, which a vector widens at no cost; so the zero point is 128 lower
 * too.
 */
public final class VectorDequantize implements DequantizeKernel {
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
        int i = length & -COUNT;
        if (signed && COUNT < Lanes.MASKED) {
            signedByTwo(src, srcOffset, dst, dstOffset, i, scale, zero);
        } else if (signed) {
            signed(src, srcOffset, dst, dstOffset, i, scale, zero);
        } else {
            unsigned(src, srcOffset, dst, dstOffset, i, scale, zero);
        }
        if (i < length && COUNT == Lanes.MASKED) {
            last(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zero, flipped);
        } else if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zeroPoint, signed);
        }
    }

    private static void signed(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, float zero) {
        for (int i = 0; i < length; i += COUNT) {
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
        }
    }

    /**
     * Two short vectors a turn: the loop does so little that its own counting shows. Long ones lose by it beyond the
     * caches.
     */
    private static void signedByTwo(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, float zero) {
        int i = 0;
        for (; i <= length - 2 * COUNT; i += 2 * COUNT) {
            ByteVector a = ByteVector.fromArray(BYTES, src, srcOffset + i);
            ByteVector b = ByteVector.fromArray(BYTES, src, srcOffset + i + COUNT);
            ((FloatVector) a.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
            ((FloatVector) b.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i + COUNT);
        }
        if (i < length) {
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
        }
    }

    private static void unsigned(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, float zero) {
        for (int i = 0; i < length; i += COUNT) {
            ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset + i).lanewise(VectorOperators.XOR, (byte) 128);
            ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                    .sub(zero)
                    .mul(scale)
                    .intoArray(dst, dstOffset + i);
        }
    }

    /** The same for the codes beyond the last whole vector. */
    private static void last(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, float zero, byte flipped) {
        VectorMask<Byte> rest = BYTES.indexInRange(0, length);
        ByteVector code = ByteVector.fromArray(BYTES, src, srcOffset, rest).lanewise(VectorOperators.XOR, flipped);
        ((FloatVector) code.convertShape(VectorOperators.B2F, FLOATS, 0))
                .sub(zero)
                .mul(scale)
                .intoArray(dst, dstOffset, FLOATS.indexInRange(0, length));
    }
}
