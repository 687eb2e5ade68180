// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * The definition, one element at a time and without a branch. What a sum leaves out is added as 0, which changes none,
 * for no lane is -0.
 */
public final class ScalarStep implements StepKernel {
    @Override
    public int run(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            FakeGrid grid,
            double[] sums,
            int stepLane,
            int zeroLane,
            int first) {
        int nans = 0;
        for (int i = 0; i < length; i++) {
            int lane = (first + i) & (LANES - 1);
            float value = x[xOffset + i];
            boolean number = !Float.isNaN(value);
            nans += number ? 0 : 1;
            float upstream = number ? dy[dyOffset + i] : 0;
            int bits = FakeGrid.bits(grid.steps(value));
            int clamped = FakeGrid.clamped(bits, grid.low(), grid.high());
            int outside = FakeGrid.outside(bits, clamped);
            float local = FakeGrid.local(value, outside, clamped, grid.scale(), grid.inverse());
            sums[stepLane + lane] += (double) upstream * local;
            sums[zeroLane + lane] += FakeGrid.choose(outside, upstream, 0);
            dx[dxOffset + i] = FakeGrid.choose(outside, 0, upstream);
        }
        return nans;
    }
}
