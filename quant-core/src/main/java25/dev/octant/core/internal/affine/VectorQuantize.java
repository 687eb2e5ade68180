// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The quotient by three multiplications, see {@link ExactQuotient}. The float bits of {@code quotient + 1.5 2^23}
 * hold the rounded quotient and rise with it, so that the clamp is one of integers, before the zero point and after
 * nothing.
 *
 * <p>A NaN among the quotients, which is a NaN or an infinity among the values, shows in the sum of a group, and the
 * group is then written once more by the scalar loop.
 *
 * <p>One value of every vector is loaded long before the others: the machine fetches ahead by itself, but starts anew
 * at every page of 4 KB. Beyond the second-level cache that saves a fifth of the time; within it nothing is lost.
 */
public final class VectorQuantize implements QuantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    /** Values between two looks at the sum. */
    private static final int GROUP = 1024;

    /** How many values ahead of a vector one is touched. */
    static final int AHEAD = 512;

    /**
     * Bits of values are read ahead and added up, so that the compiler keeps the reads; a group whose sum is this
     * number, which is rare, is written twice.
     */
    static final int RARE_SUM = 1;

    private final QuantizeKernel twin = new ScalarQuantize();

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
        if (!ExactQuotient.holds(scale)) {
            twin.run(src, srcOffset, dst, dstOffset, length, scale, zeroPoint, qmin, qmax, nan);
            return;
        }
        int whole = length & -COUNT;
        int at = 0;
        // A constant length, where this is inlined, makes the better loop.
        for (; at <= whole - GROUP; at += GROUP) {
            if (!vectors(src, srcOffset + at, dst, dstOffset + at, GROUP, scale, zeroPoint, qmin, qmax)) {
                twin.run(src, srcOffset + at, dst, dstOffset + at, GROUP, scale, zeroPoint, qmin, qmax, nan);
            }
        }
        if (vectors(src, srcOffset + at, dst, dstOffset + at, whole - at, scale, zeroPoint, qmin, qmax)) {
            at = whole;
        }
        if (COUNT == Lanes.MASKED
                && at == whole
                && at < length
                && last(src, srcOffset + at, dst, dstOffset + at, length - at, scale, zeroPoint, qmin, qmax)) {
            return;
        }
        if (at < length) {
            twin.run(src, srcOffset + at, dst, dstOffset + at, length - at, scale, zeroPoint, qmin, qmax, nan);
        }
    }

    /** False if there was, or might have been, a NaN among the quotients. */
    private static boolean vectors(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, 1 / scale);
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        int low = zero + qmin;
        int high = zero + qmax;
        int ahead = srcOffset + Math.min(AHEAD, src.length - srcOffset - length);
        int touched = 0;
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            touched |= Float.floatToRawIntBits(src[ahead + i]);
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            FloatVector estimate = x.mul(inverse);
            FloatVector quotient = estimate.fma(minusScale, x).fma(inverse, estimate);
            sum = sum.add(quotient);
            ((ByteVector) quotient.add(Affine.ROUNDER)
                            .reinterpretAsInts()
                            .max(low)
                            .min(high)
                            .sub(zero)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        // If their sum were not used, the compiler would leave the loads out.
        return touched != RARE_SUM && !sum.test(VectorOperators.IS_NAN).anyTrue();
    }

    /** The same for the values beyond the last whole vector. */
    private static boolean last(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax) {
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset, FLOATS.indexInRange(0, length));
        FloatVector estimate = x.mul(1 / scale);
        FloatVector steps = estimate.fma(FloatVector.broadcast(FLOATS, -scale), x)
                .fma(FloatVector.broadcast(FLOATS, 1 / scale), estimate);
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
