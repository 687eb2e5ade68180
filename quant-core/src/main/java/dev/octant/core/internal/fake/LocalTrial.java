// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.choice.Trial;

/** Values of which some are beyond the grid, with an odd tail, by product and by quotient; a short block. */
public final class LocalTrial implements Trial<LocalKernel> {
    private final float[] x = Trial.floats(SIZE + 13, 8);
    private final byte[] mask = new byte[SIZE + 13];
    private final float[] d = new float[SIZE + 13];
    private final float[] quotients = new float[SIZE + 13];

    @Override
    public void run(LocalKernel kernel) {
        kernel.run(x, 0, mask, 0, d, 0, x.length, FakeTrial.BY_PRODUCT);
        kernel.run(x, 0, mask, 0, quotients, 0, x.length, FakeTrial.BY_QUOTIENT);
    }

    @Override
    public void runOdd(LocalKernel kernel) {
        kernel.run(x, 0, mask, 0, d, 0, 20, FakeTrial.DIVIDING);
    }

    @Override
    public Object[] output() {
        return new Object[] {mask.clone(), d.clone(), quotients.clone()};
    }
}
