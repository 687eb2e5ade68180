// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;

/** The definition, in loops without a branch. */
public final class ScalarRow implements RowKernel {
    @Override
    public void fake(float[] src, int srcOffset, float[] dst, int dstOffset, int length, GridRow row, int first) {
        for (int i = 0; i < length; i++) {
            int at = first + i;
            float steps = row.steps(src[srcOffset + i], at);
            dst[dstOffset + i] = Affine.clippedSteps(steps, row.low[at], row.high[at]) * row.scale[at];
        }
    }

    @Override
    public void pass(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            GridRow row,
            int first) {
        for (int i = 0; i < length; i++) {
            int at = first + i;
            int bits = FakeGrid.bits(row.steps(x[xOffset + i], at));
            int outside = FakeGrid.outside(bits, FakeGrid.clamped(bits, row.low[at], row.high[at]));
            dx[dxOffset + i] = FakeGrid.choose(outside, 0, dy[dyOffset + i]);
        }
    }

    @Override
    public void local(
            float[] x,
            int xOffset,
            byte[] mask,
            int maskOffset,
            float[] d,
            int dOffset,
            int length,
            GridRow row,
            int first) {
        for (int i = 0; i < length; i++) {
            int at = first + i;
            float value = x[xOffset + i];
            int bits = FakeGrid.bits(row.steps(value, at));
            int clamped = FakeGrid.clamped(bits, row.low[at], row.high[at]);
            int outside = FakeGrid.outside(bits, clamped);
            mask[maskOffset + i] = (byte) (outside + 1);
            d[dOffset + i] = FakeGrid.local(value, outside, clamped, row.scale[at], row.inverse[at]);
        }
    }

    @Override
    public int step(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            GridRow row,
            int first,
            double[] sums,
            int stepSum,
            int zeroSum) {
        int nans = 0;
        for (int i = 0; i < length; i++) {
            int at = first + i;
            float value = x[xOffset + i];
            boolean number = !Float.isNaN(value);
            nans += number ? 0 : 1;
            float upstream = number ? dy[dyOffset + i] : 0;
            int bits = FakeGrid.bits(row.steps(value, at));
            int clamped = FakeGrid.clamped(bits, row.low[at], row.high[at]);
            int outside = FakeGrid.outside(bits, clamped);
            sums[stepSum + i] +=
                    (double) upstream * FakeGrid.local(value, outside, clamped, row.scale[at], row.inverse[at]);
            sums[zeroSum + i] += FakeGrid.choose(outside, upstream, 0);
            dx[dxOffset + i] = FakeGrid.choose(outside, 0, upstream);
        }
        return nans;
    }
}
