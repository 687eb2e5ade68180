// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

import dev.octant.core.internal.choice.Trial;

/** Sums of which some are beyond the grid, with an odd tail, and a short block. */
public final class RequantizeTrial implements Trial<RequantizeKernel> {
    private final int[] src = new int[SIZE + 13];
    private final byte[] dst = new byte[SIZE + 13];

    public RequantizeTrial() {
        float[] values = Trial.floats(src.length, 1 << 20);
        for (int i = 0; i < src.length; i++) {
            src[i] = (int) values[i];
        }
    }

    @Override
    public void run(RequantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, 0.000177f, 5, -128, 127);
    }

    @Override
    public void runOdd(RequantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, 64, 0.000177f, 5, -128, 127);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
