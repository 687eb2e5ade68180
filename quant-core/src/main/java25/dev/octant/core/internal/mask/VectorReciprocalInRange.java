// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** As {@link VectorInRange}, of the product that the rule asks for. */
public final class VectorReciprocalInRange implements InRangeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final InRangeKernel twin = new ScalarReciprocalInRange();

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
        float inverse = 1 / scale;
        IntVector zeros = IntVector.zero(INTS);
        int low = Affine.ROUNDER_BITS - zeroPoint + qmin;
        int high = Affine.ROUNDER_BITS - zeroPoint + qmax;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            IntVector rounded = FloatVector.fromArray(FLOATS, src, srcOffset + i)
                    .mul(inverse)
                    .add(Affine.ROUNDER)
                    .reinterpretAsInts();
            IntVector clamped = rounded.max(low).min(high);
            ((ByteVector) zeros.blend(1, rounded.eq(clamped)).convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, scale, zeroPoint, qmin, qmax);
        }
    }
}
