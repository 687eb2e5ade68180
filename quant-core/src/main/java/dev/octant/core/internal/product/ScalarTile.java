// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

/** In whole numbers, row by row; the inner loop has no branch, so the JIT vectorises it. */
public final class ScalarTile implements TileKernel {
    @Override
    public void run(
            float[] rows, int rowsOffset, byte[] weights, int weightsOffset, int depth, float[] room, int[] sums) {
        for (int k = 0; k < depth; k++) {
            int w = weightsOffset + COLUMNS * k;
            for (int r = 0; r < ROWS; r++) {
                int x = (int) rows[rowsOffset + ROWS * k + r];
                int at = COLUMNS * r;
                for (int c = 0; c < COLUMNS; c++) {
                    sums[at + c] += x * weights[w + c];
                }
            }
        }
    }
}
