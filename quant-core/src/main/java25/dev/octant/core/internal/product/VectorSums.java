// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Clamped as integers: the float bits of {@code steps + 1.5 2^23} hold the rounded steps and rise with them. */
public final class VectorSums implements SumsKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final SumsKernel twin = new ScalarSums();

    @Override
    public void run(int[] src, int srcOffset, byte[] dst, int dstOffset, int length, SumsColumns columns, int first) {
        float[] before = columns.before();
        float[] multiplier = columns.multiplier();
        float[] after = columns.after();
        int zero = Affine.ROUNDER_BITS - columns.zeroPoint();
        int low = zero + columns.qmin();
        int high = zero + columns.qmax();
        int whole = length & -COUNT;
        for (int i = 0; i < whole; i += COUNT) {
            FloatVector sum = (FloatVector)
                    IntVector.fromArray(INTS, src, srcOffset + i).convertShape(VectorOperators.I2F, FLOATS, 0);
            FloatVector steps = sum.add(FloatVector.fromArray(FLOATS, before, first + i))
                    .mul(FloatVector.fromArray(FLOATS, multiplier, first + i))
                    .add(FloatVector.fromArray(FLOATS, after, first + i));
            ((ByteVector) steps.add(Affine.ROUNDER)
                            .reinterpretAsInts()
                            .max(low)
                            .min(high)
                            .sub(zero)
                            .convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(dst, dstOffset + i);
        }
        if (whole < length) {
            twin.run(src, srcOffset + whole, dst, dstOffset + whole, length - whole, columns, first + whole);
        }
    }
}
