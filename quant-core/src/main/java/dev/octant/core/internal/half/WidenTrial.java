// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import dev.octant.core.internal.choice.Trial;
import java.util.stream.IntStream;

/** Finite values of both types, with an odd tail, and a short block with a NaN; compared by their bits. */
public final class WidenTrial implements Trial<WidenKernel> {
    private final short[] src = new short[SIZE + 13];
    private final short[] few = new short[64];
    private final float[] dst = new float[SIZE + 13];

    public WidenTrial() {
        byte[] bytes = Trial.bytes(2 * src.length);
        for (int i = 0; i < src.length; i++) {
            // Exponents without their highest bit.
            src[i] = (short) (((bytes[2 * i] & 0xBF) << 8) | (bytes[2 * i + 1] & 0xFF));
        }
        few[17] = (short) 0xFFFF;
    }

    @Override
    public void run(WidenKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length);
    }

    @Override
    public void runOdd(WidenKernel kernel) {
        kernel.run(few, 0, dst, 0, few.length);
    }

    @Override
    public int[] output() {
        return IntStream.range(0, dst.length)
                .map(i -> Float.floatToRawIntBits(dst[i]))
                .toArray();
    }
}
