// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/** The definition, without a branch. */
public final class ScalarPass implements PassKernel {
    @Override
    public void run(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        for (int i = 0; i < length; i++) {
            int bits = FakeGrid.bits(grid.steps(x[xOffset + i]));
            int outside = FakeGrid.outside(bits, FakeGrid.clamped(bits, grid.low(), grid.high()));
            dx[dxOffset + i] = FakeGrid.choose(outside, 0, dy[dyOffset + i]);
        }
    }
}
