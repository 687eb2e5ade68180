// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/** The definition. */
public final class ScalarPass implements PassKernel {
    @Override
    public void run(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        for (int i = 0; i < length; i++) {
            dx[dxOffset + i] = grid.inRange(x[xOffset + i]) == 1 ? dy[dyOffset + i] : 0;
        }
    }
}
