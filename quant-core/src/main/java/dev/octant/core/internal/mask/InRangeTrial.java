// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import dev.octant.core.internal.choice.Trial;

/** Values of which some are beyond the grid, with an odd tail; a short block, and a scale that takes a division. */
public final class InRangeTrial implements Trial<InRangeKernel> {
    private final float[] src = Trial.floats(SIZE + 13, 8);
    private final byte[] dst = new byte[SIZE + 13];

    @Override
    public void run(InRangeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, 0.03f, 5, -128, 127);
    }

    @Override
    public void runOdd(InRangeKernel kernel) {
        kernel.run(src, 0, dst, 0, 64, 0.03f, 5, -128, 127);
        kernel.run(src, 0, dst, 0, 20, Math.nextUp(0.5f), 5, -128, 127);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
