// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import dev.octant.core.internal.affine.ExactQuotient;
import dev.octant.core.internal.affine.VectorQuantize;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The quotient of {@link VectorQuantize}, which lies on the same side of every tie as the rule's. NaN lies on none. */
public final class VectorHalfAwayInRange implements InRangeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final InRangeKernel twin = new ScalarHalfAwayInRange();

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
            int qmax) {
        int i = 0;
        if (ExactQuotient.holds(scale)) {
            FloatVector inverse = FloatVector.broadcast(FLOATS, 1 / scale);
            FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
            IntVector zeros = IntVector.zero(INTS);
            float low = qmin - zeroPoint - 0.5f;
            float high = qmax - zeroPoint + 0.5f;
            for (; i <= length - COUNT; i += COUNT) {
                FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
                FloatVector estimate = x.mul(inverse);
                FloatVector quotient = estimate.fma(minusScale, x).fma(inverse, estimate);
                VectorMask<Float> inside =
                        quotient.compare(VectorOperators.GT, low).and(quotient.compare(VectorOperators.LT, high));
                ((ByteVector) zeros.blend(1, inside.cast(INTS)).convertShape(VectorOperators.I2B, BYTES, 0))
                        .intoArray(dst, dstOffset + i);
            }
        }
        if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zeroPoint, qmin, qmax);
        }
    }
}
