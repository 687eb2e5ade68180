package dev.octant.core.kernel;

import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The quotient by three multiplications, see {@link ExactQuotient}. The float bits of {@code quotient + 1.5 2^23} hold the
 * rounded quotient and rise with it, so that the clamp is one of integers, before the zero point and after nothing.
 *
 * <p>A NaN among the quotients, which is a NaN or an infinity among the values, shows in the sum of a group, and the group is
 * then written once more by the scalar loop.
 */
final class VectorQuantize implements QuantizeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    /** Values between two looks at the sum. */
    private static final int GROUP = 256;

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
        int done = 0;
        if (ExactQuotient.holds(scale)) {
            done = length & -GROUP;
            groups(src, srcOffset, dst, dstOffset, done, scale, zeroPoint, qmin, qmax, nan);
            int whole = (length - done) & -COUNT;
            if (vectors(src, srcOffset + done, dst, dstOffset + done, whole, scale, zeroPoint, qmin, qmax)) {
                done += whole;
            }
        }
        if (done < length) {
            twin.run(src, srcOffset + done, dst, dstOffset + done, length - done, scale, zeroPoint, qmin, qmax, nan);
        }
    }

    private void groups(
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
        FloatVector inverse = FloatVector.broadcast(FLOATS, 1 / scale);
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        int low = zero + qmin;
        int high = zero + qmax;
        for (int i = 0; i < length; i += GROUP) {
            FloatVector sum = FloatVector.zero(FLOATS);
            for (int j = i; j < i + GROUP; j += COUNT) {
                FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + j);
                FloatVector estimate = x.mul(inverse);
                FloatVector quotient = estimate.fma(minusScale, x).fma(inverse, estimate);
                sum = sum.add(quotient);
                ((ByteVector) quotient.add(Affine.ROUNDER)
                                .reinterpretAsInts()
                                .max(low)
                                .min(high)
                                .sub(zero)
                                .convertShape(VectorOperators.I2B, BYTES, 0))
                        .intoArray(dst, dstOffset + j);
            }
            if (sum.test(VectorOperators.IS_NAN).anyTrue()) {
                twin.run(src, srcOffset + i, dst, dstOffset + i, GROUP, scale, zeroPoint, qmin, qmax, nan);
            }
        }
    }

    /** The same for less than a group; false if there was a NaN. */
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
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
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
        return !sum.test(VectorOperators.IS_NAN).anyTrue();
    }
}
