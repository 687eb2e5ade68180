// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.choice.Trial;

/** All codes, many times over, signed and not, with an odd tail, short rows, and a short block. */
public final class DequantizeTrial implements Trial<DequantizeKernel> {
    private final byte[] src = Trial.bytes(SIZE + 13);
    private final float[] signed = new float[SIZE + 13];
    private final float[] unsigned = new float[SIZE + 13];

    @Override
    public void run(DequantizeKernel kernel) {
        kernel.run(src, 0, signed, 0, src.length, 0.03f, 5, true);
        kernel.run(src, 0, unsigned, 0, src.length, 0.03f, 5, false);
        for (int start = 0; start < ROWS_END; start += ROW) {
            kernel.run(src, start, unsigned, start, ROW, 0.03f, 5, false);
        }
    }

    @Override
    public void runOdd(DequantizeKernel kernel) {
        kernel.run(src, 0, unsigned, 0, 64, 0.03f, 5, false);
    }

    @Override
    public float[][] output() {
        return new float[][] {signed.clone(), unsigned.clone()};
    }
}
