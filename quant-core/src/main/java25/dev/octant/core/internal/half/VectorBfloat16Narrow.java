// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Rounded as an integer: both types have the same exponents, so a carry out of the mantissa is right, up to infinity.
 * NaN alone would not be; it shows in the largest magnitude of a group, which is then written once more by the scalar
 * loop.
 */
public final class VectorBfloat16Narrow implements NarrowKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Integer> INTS = Halves.INTS;
    private static final VectorSpecies<Short> SHORTS = Halves.SHORTS;
    private static final int COUNT = Halves.COUNT;
    private static final int GROUP = 1024;
    private static final int HALF_LESS_ONE = 0x7FFF;

    private final NarrowKernel twin = new ScalarNarrow(MiniFloat.BFLOAT16);

    @Override
    public void run(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        int whole = length & -COUNT;
        int at = 0;
        // A constant length, where this is inlined, makes the better loop.
        for (; at <= whole - GROUP; at += GROUP) {
            if (!vectors(src, srcOffset + at, dst, dstOffset + at, GROUP)) {
                twin.run(src, srcOffset + at, dst, dstOffset + at, GROUP);
            }
        }
        if (vectors(src, srcOffset + at, dst, dstOffset + at, whole - at)) {
            at = whole;
        }
        if (at < length) {
            twin.run(src, srcOffset + at, dst, dstOffset + at, length - at);
        }
    }

    /** False if there was a NaN. */
    private static boolean vectors(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        IntVector largest = IntVector.zero(INTS);
        for (int i = 0; i < length; i += COUNT) {
            IntVector bits = FloatVector.fromArray(FLOATS, src, srcOffset + i).reinterpretAsInts();
            largest = largest.max(bits.and(MiniFloat.FLOAT_MAGNITUDE));
            IntVector odd = bits.lanewise(VectorOperators.LSHR, 16).and(1);
            ((ShortVector) bits.add(HALF_LESS_ONE)
                            .add(odd)
                            .lanewise(VectorOperators.ASHR, 16)
                            .convertShape(VectorOperators.I2S, SHORTS, 0))
                    .intoArray(dst, dstOffset + i);
        }
        return largest.compare(VectorOperators.LE, MiniFloat.FLOAT_INFINITY).allTrue();
    }
}
