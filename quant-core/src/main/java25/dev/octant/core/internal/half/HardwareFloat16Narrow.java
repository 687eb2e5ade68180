// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The processor's conversion, by a loop that the JIT vectorises. It keeps a part of a NaN's payload where the
 * definition drops it, so a group that holds one is written once more by the scalar loop.
 */
public final class HardwareFloat16Narrow implements NarrowKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = Halves.INTS;
    private static final int COUNT = Halves.COUNT;
    private static final int GROUP = 1024;

    private final NarrowKernel twin = new ScalarNarrow(MiniFloat.FLOAT16);

    @Override
    public void run(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        int whole = length & -COUNT;
        for (int at = 0, n; at < whole; at += n) {
            n = Math.min(GROUP, whole - at);
            if (nanIn(src, srcOffset + at, n)) {
                twin.run(src, srcOffset + at, dst, dstOffset + at, n);
            } else {
                convert(src, srcOffset + at, dst, dstOffset + at, n);
            }
        }
        if (whole < length) {
            twin.run(src, srcOffset + whole, dst, dstOffset + whole, length - whole);
        }
    }

    private static void convert(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = Float.floatToFloat16(src[srcOffset + i]);
        }
    }

    private static boolean nanIn(float[] src, int srcOffset, int length) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < length; i += COUNT) {
            largest = largest.max(FloatVector.fromArray(FLOATS, src, srcOffset + i)
                    .reinterpretAsInts()
                    .and(MiniFloat.FLOAT_MAGNITUDE));
        }
        return largest.compare(VectorOperators.GT, MiniFloat.FLOAT_INFINITY).anyTrue();
    }
}
