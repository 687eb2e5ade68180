// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.choice.Trial;

/**
 * Values of which some are beyond the grid, with an odd tail, and short rows; a short block with a NaN, and a scale
 * that takes a division, so that what is compiled knows these ways as well.
 */
public final class QuantizeTrial implements Trial<QuantizeKernel> {
    private final float[] src = Trial.floats(SIZE + 13, 4);
    private final float[] few = Trial.floats(64, 4);
    private final byte[] dst = new byte[SIZE + 13];

    public QuantizeTrial() {
        few[17] = Float.NaN;
    }

    @Override
    public void run(QuantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, 0.03f, 5, -128, 127, 5);
        for (int start = 0; start < ROWS_END; start += ROW) {
            kernel.run(src, start, dst, start, ROW, 0.03f, 5, -128, 127, 5);
        }
    }

    @Override
    public void runOdd(QuantizeKernel kernel) {
        kernel.run(few, 0, dst, 0, few.length, 0.03f, 5, -128, 127, -128);
        kernel.run(src, 0, dst, 0, 20, Math.nextUp(0.5f), 5, -128, 127, 5);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
