// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The rounding and the clamp of {@link VectorQuantize}; no sum and no multiplier is NaN. */
public final class VectorRequantize implements RequantizeKernel {
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final RequantizeKernel twin = new ScalarRequantize();

    @Override
    public void run(
            int[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float multiplier,
            int zeroPoint,
            int qmin,
            int qmax) {
        int zero = Affine.ROUNDER_BITS - zeroPoint;
        int low = zero + qmin;
        int high = zero + qmax;
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            FloatVector steps = ((FloatVector)
                            IntVector.fromArray(INTS, src, srcOffset + i).convert(VectorOperators.I2F, 0))
                    .mul(multiplier);
            ((ByteVector) steps.add(Affine.ROUNDER)
                            .reinterpretAsInts()
                            .max(low)
                            .min(high)
                            .sub(zero)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i, multiplier, zeroPoint, qmin, qmax);
        }
    }
}
