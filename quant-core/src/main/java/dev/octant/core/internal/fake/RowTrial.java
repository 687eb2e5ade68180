// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.choice.Trial;
import java.util.Arrays;

/**
 * Values of which some are beyond their channel's grid, with an odd tail, by quotient; and short blocks, of which one
 * is by product and has a NaN.
 */
public final class RowTrial implements Trial<RowKernel> {
    private final GridRow row = row(true);
    private final GridRow products = row(false);
    private final float[] x = Trial.floats(SIZE + 13, 4);
    private final float[] dy = Trial.floats(SIZE + 13, 3);
    private final float[] few = Trial.floats(64, 4);
    private final byte[] mask = new byte[SIZE + 13];
    private final float[] y = new float[SIZE + 13];
    private final float[] dx = new float[SIZE + 13];
    private final float[] d = new float[SIZE + 13];
    private final float[] stepped = new float[SIZE + 13];
    private final double[] sums = new double[2 * (SIZE + 13)];
    private int nans;

    public RowTrial() {
        few[17] = Float.NaN;
    }

    /** As many channels as elements. */
    private static GridRow row(boolean divides) {
        FakeGrid[] grids = new FakeGrid[SIZE + 13];
        for (int c = 0; c < grids.length; c++) {
            grids[c] = FakeGrid.of(0.02f + c * 1e-5f, -128 - c % 100, 127 - c % 100, divides);
        }
        return new GridRow(grids);
    }

    @Override
    public void run(RowKernel kernel) {
        Arrays.fill(sums, 0);
        kernel.fake(x, 0, y, 0, x.length, row, 0);
        kernel.pass(x, 0, dy, 0, dx, 0, x.length, row, 0);
        kernel.local(x, 0, mask, 0, d, 0, x.length, row, 0);
        nans = kernel.step(x, 0, dy, 0, stepped, 0, x.length, row, 0, sums, 0, x.length);
    }

    @Override
    public void runOdd(RowKernel kernel) {
        kernel.fake(few, 0, y, 0, few.length, products, 5);
        kernel.pass(few, 0, dy, 0, dx, 0, few.length, products, 5);
        kernel.local(few, 0, mask, 0, d, 0, few.length, products, 5);
        kernel.step(few, 0, dy, 0, stepped, 0, few.length, products, 5, sums, 0, x.length);
        kernel.step(x, 0, dy, 0, stepped, 0, 20, row, 0, sums, 0, x.length);
    }

    @Override
    public Object[] output() {
        return new Object[] {nans, mask.clone(), y.clone(), dx.clone(), d.clone(), stepped.clone(), sums.clone()};
    }
}
