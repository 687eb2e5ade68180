// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * The grids of all channels, laid out for loops in which the channel changes with each element: in order, and where
 * they are few again and again, so that one call of a kernel has something to do. Internal.
 */
public final class GridRow {
    /** Elements of one kernel call, at least half, if the tensor has them. */
    private static final int SPAN = 256;

    final float[] scale;
    final float[] inverse;
    final float[] low;
    final float[] high;

    /** Steps are {@code x * factor / divisor}, of which one is 1. */
    final float[] factor;

    final float[] divisor;

    /** The grids of the channels. */
    public GridRow(FakeGrid... grids) {
        int length = grids.length * Integer.highestOneBit(Math.max(1, SPAN / grids.length));
        scale = new float[length];
        inverse = new float[length];
        low = new float[length];
        high = new float[length];
        factor = new float[length];
        divisor = new float[length];
        for (int i = 0; i < length; i++) {
            FakeGrid grid = grids[i % grids.length];
            scale[i] = grid.scale();
            inverse[i] = grid.inverse();
            low[i] = grid.low();
            high[i] = grid.high();
            factor[i] = grid.divides() ? 1 : grid.inverse();
            divisor[i] = grid.divides() ? grid.scale() : 1;
        }
    }

    /** After how many elements the row begins again: a multiple of the channels. */
    public int length() {
        return scale.length;
    }

    /** {@link FakeGrid#steps} at a place. */
    float steps(float x, int at) {
        return x * factor[at] / divisor[at];
    }
}
