// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import dev.octant.core.internal.choice.Trial;

/** Sums of which some are beyond the grid, with an odd tail; a short block. */
public final class SumsTrial implements Trial<SumsKernel> {
    private static final int LENGTH = SIZE + 13;

    private final int[] src = new int[LENGTH];
    private final byte[] dst = new byte[LENGTH];
    private final SumsColumns columns = new SumsColumns(LENGTH, 5, -128, 127);

    public SumsTrial() {
        float[] values = Trial.floats(4 * LENGTH, 1);
        for (int i = 0; i < LENGTH; i++) {
            src[i] = (int) (values[i] * 80_000);
            columns.before()[i] = values[LENGTH + i] * 100;
            columns.multiplier()[i] = 0.002f + 0.001f * values[2 * LENGTH + i];
            columns.after()[i] = values[3 * LENGTH + i] * 10;
        }
    }

    @Override
    public void run(SumsKernel kernel) {
        kernel.run(src, 0, dst, 0, LENGTH, columns, 0);
    }

    @Override
    public void runOdd(SumsKernel kernel) {
        kernel.run(src, 0, dst, 0, 64, columns, 3);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
