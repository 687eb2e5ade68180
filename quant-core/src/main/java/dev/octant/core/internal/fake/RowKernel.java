// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * What the other kernels of this package do, where the channel changes with each element: value {@code i} has the grid
 * at {@code first + i} of the row. Blocks are the same or disjoint, as there. Bounds are the caller's to check.
 * Internal.
 */
public interface RowKernel {
    /** {@link FakeKernel}. */
    void fake(float[] src, int srcOffset, float[] dst, int dstOffset, int length, GridRow row, int first);

    /** {@link PassKernel}. */
    void pass(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            GridRow row,
            int first);

    /** {@link LocalKernel}. */
    void local(
            float[] x,
            int xOffset,
            byte[] mask,
            int maskOffset,
            float[] d,
            int dOffset,
            int length,
            GridRow row,
            int first);

    /**
     * {@link StepKernel}, but value {@code i} has sums of its own, which lie at {@code stepSum + i} and
     * {@code zeroSum + i}.
     *
     * @return how many values are NaN
     */
    int step(
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
            int zeroSum);
}
