// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As {@link VectorQuantize}, of the product that the rule asks for. */
public final class VectorReciprocalQuantize implements QuantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;
    private static final int GROUP = 1024;

    private final QuantizeKernel twin = new ScalarReciprocalQuantize();

    @Override
    public void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax,
            int nan) {
        int whole = length & -COUNT;
        int at = 0;
        // A constant length, where this is inlined, makes the better loop.
        for (; at <= whole - GROUP; at += GROUP) {
            if (!vectors(src, srcOffset + at, dst, dstOffset + at, GROUP, 1 / scale, zeroPoint, qmin, qmax)) {
                twin.run(src, srcOffset + at, dst, dstOffset + at, GROUP, scale, zeroPoint, qmin, qmax, nan);
            }
        }
        if (vectors(src, srcOffset + at, dst, dstOffset + at, whole - at, 1 / scale, zeroPoint, qmin, qmax)) {
            at = whole;
        }
        if (COUNT == Lanes.MASKED
                && at == whole
                && at < length
                && last(src, srcOffset + at, dst, dstOffset + at, length - at, 1 / scale, zeroPoint, qmin, qmax)) {
            return;
        }
        if (at < length) {
            twin.run(src, srcOffset + at, dst, dstOffset + at, length - at, scale, zeroPoint, qmin, qmax, nan);
        }
    }

    /** False if there was, or might have been, a NaN among the products, or infinities of both signs. */
    private static boolean vectors(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float inverse,
            int zeroPoint,
            int qmin,
            int qmax) {
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        int low = zero + qmin;
        int high = zero + qmax;
        int ahead = srcOffset + Math.min(VectorQuantize.AHEAD, src.length - srcOffset - length);
        int touched = 0;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            touched |= Float.floatToRawIntBits(src[ahead + i]);
            FloatVector steps =
                    FloatVector.fromArray(FLOATS, src, srcOffset + i).mul(inverse);
            sum = sum.add(steps);
            ((ByteVector) steps.add(Affine.ROUNDER)
                            .reinterpretAsInts()
                            .max(low)
                            .min(high)
                            .sub(zero)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        // Were they good for nothing, the compiler would leave the loads out.
        return touched != VectorQuantize.RARE_SUM
                && !sum.test(VectorOperators.IS_NAN).anyTrue();
    }

    /** The same for the values beyond the last whole vector. */
    private static boolean last(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float inverse,
            int zeroPoint,
            int qmin,
            int qmax) {
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        FloatVector steps = FloatVector.fromArray(FLOATS, src, srcOffset, FLOATS.indexInRange(0, length))
                .mul(inverse);
        ((ByteVector) steps.add(Affine.ROUNDER)
                        .reinterpretAsInts()
                        .max(zero + qmin)
                        .min(zero + qmax)
                        .sub(zero)
                        .convertShape(VectorOperators.I2B, BYTES, 0))
                .intoArray(dst, dstOffset, BYTES.indexInRange(0, length));
        return !steps.test(VectorOperators.IS_NAN).anyTrue();
    }
}
