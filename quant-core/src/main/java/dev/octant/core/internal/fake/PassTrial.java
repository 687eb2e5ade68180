// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.choice.Trial;

/**
 * Values of which some are beyond the grid, with an odd tail, by product and by quotient; a division in a short block.
 */
public final class PassTrial implements Trial<PassKernel> {
    private final float[] x = Trial.floats(SIZE + 13, 8);
    private final float[] dy = Trial.floats(SIZE + 13, 3);
    private final float[] dx = new float[SIZE + 13];
    private final float[] quotients = new float[SIZE + 13];

    @Override
    public void run(PassKernel kernel) {
        kernel.run(x, 0, dy, 0, dx, 0, x.length, FakeTrial.BY_PRODUCT);
        kernel.run(x, 0, dy, 0, quotients, 0, x.length, FakeTrial.BY_QUOTIENT);
    }

    @Override
    public void runOdd(PassKernel kernel) {
        kernel.run(x, 0, dy, 0, dx, 0, 20, FakeTrial.DIVIDING);
    }

    @Override
    public float[][] output() {
        return new float[][] {dx.clone(), quotients.clone()};
    }
}
