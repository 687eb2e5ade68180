// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The processor's conversion, by a loop that the JIT vectorises. It makes every NaN quiet where the definition keeps
 * its bits, so a group that holds one is written once more by the scalar loop.
 */
public final class HardwareFloat16Widen implements WidenKernel {
    private static final VectorSpecies<Short> SHORTS = Halves.WIDE_SHORTS;
    private static final int GROUP = 1024;
    private static final short MAGNITUDE = 0x7FFF;
    private static final short INFINITY = 0x7C00;

    private final WidenKernel twin = new ScalarWiden(MiniFloat.FLOAT16);

    @Override
    public void run(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        int whole = length & -SHORTS.length();
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

    private static void convert(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = Float.float16ToFloat(src[srcOffset + i]);
        }
    }

    private static boolean nanIn(short[] src, int srcOffset, int length) {
        ShortVector largest = ShortVector.zero(SHORTS);
        for (int i = 0; i < length; i += SHORTS.length()) {
            largest = largest.max(
                    ShortVector.fromArray(SHORTS, src, srcOffset + i).and(MAGNITUDE));
        }
        return largest.compare(VectorOperators.GT, INFINITY).anyTrue();
    }
}
