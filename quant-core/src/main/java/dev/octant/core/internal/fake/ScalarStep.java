// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;

/** The definition, one element at a time. */
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
        float scale = grid.scale();
        float low = grid.low();
        float high = grid.high();
        int nans = 0;
        for (int i = 0; i < length; i++) {
            float value = x[xOffset + i];
            float upstream = dy[dyOffset + i];
            float gradient = 0;
            int lane = (first + i) & (LANES - 1);
            float clipped = Math.min(Math.max(grid.steps(value), low - 1), high + 1);
            float whole = (clipped + Affine.ROUNDER) - Affine.ROUNDER;
            if (whole >= low && whole <= high) {
                gradient = upstream;
                float local = Math.fma(whole, scale, -value) * grid.inverse();
                sums[stepLane + lane] += (double) upstream * local;
            } else if (!Float.isNaN(value)) {
                sums[stepLane + lane] += (double) upstream * (whole < low ? low : high);
                sums[zeroLane + lane] += upstream;
            } else {
                nans++;
            }
            dx[dxOffset + i] = gradient;
        }
        return nans;
    }
}
