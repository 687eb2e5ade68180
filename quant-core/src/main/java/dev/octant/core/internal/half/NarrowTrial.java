// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

import dev.octant.core.internal.choice.Trial;

/** Finite values, with an odd tail, and a short block with a NaN. */
public final class NarrowTrial implements Trial<NarrowKernel> {
    private final float[] src = Trial.floats(SIZE + 13, 100);
    private final float[] few = Trial.floats(64, 100);
    private final short[] dst = new short[SIZE + 13];

    public NarrowTrial() {
        few[17] = Float.NaN;
    }

    @Override
    public void run(NarrowKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length);
    }

    @Override
    public void runOdd(NarrowKernel kernel) {
        kernel.run(few, 0, dst, 0, few.length);
    }

    @Override
    public short[] output() {
        return dst.clone();
    }
}
