// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/** The definition, in a loop without a branch. */
public final class ScalarLocal implements LocalKernel {
    @Override
    public void run(
            float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length, FakeGrid grid) {
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            int bits = FakeGrid.bits(grid.steps(value));
            int clamped = FakeGrid.clamped(bits, grid.low(), grid.high());
            int outside = FakeGrid.outside(bits, clamped);
            mask[maskOffset + i] = (byte) (outside + 1);
            d[dOffset + i] = FakeGrid.local(value, outside, clamped, grid.scale(), grid.inverse());
        }
    }
}
