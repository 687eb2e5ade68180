// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.choice.Trial;

/**
 * Values of which some are beyond the grid, with an odd tail, by product and by quotient; a division in a short block.
 */
public final class FakeTrial implements Trial<FakeKernel> {
    static final FakeGrid BY_PRODUCT = FakeGrid.of(0.03f, -133, 122, false);
    static final FakeGrid BY_QUOTIENT = FakeGrid.of(0.03f, -133, 122, true);

    /** A scale whose quotients take a division. */
    static final FakeGrid DIVIDING = FakeGrid.of(Math.nextUp(0.5f), -133, 122, true);

    private final float[] src = Trial.floats(SIZE + 13, 8);
    private final float[] dst = new float[SIZE + 13];
    private final float[] quotients = new float[SIZE + 13];

    @Override
    public void run(FakeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, BY_PRODUCT);
        kernel.run(src, 0, quotients, 0, src.length, BY_QUOTIENT);
    }

    @Override
    public void runOdd(FakeKernel kernel) {
        kernel.run(src, 0, dst, 0, 20, DIVIDING);
    }

    @Override
    public float[][] output() {
        return new float[][] {dst.clone(), quotients.clone()};
    }
}
