// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** A shift. */
public final class VectorBfloat16Widen implements WidenKernel {
    private static final VectorSpecies<Integer> INTS = Halves.INTS;
    private static final VectorSpecies<Short> SHORTS = Halves.SHORTS;
    private static final int COUNT = Halves.COUNT;

    private final WidenKernel twin = new ScalarBfloat16Widen();

    @Override
    public void run(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        int i = 0;
        for (; i <= length - COUNT; i += COUNT) {
            ((IntVector) ShortVector.fromArray(SHORTS, src, srcOffset + i).convertShape(VectorOperators.S2I, INTS, 0))
                    .lanewise(VectorOperators.LSHL, 16)
                    .reinterpretAsFloats()
                    .intoArray(dst, dstOffset + i);
        }
        if (i < length) {
            twin.run(src, srcOffset + i, dst, dstOffset + i, length - i);
        }
    }
}
