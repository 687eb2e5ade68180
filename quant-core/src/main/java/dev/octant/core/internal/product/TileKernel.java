// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

/**
 * One tile of a matrix product: 6 rows by 32 columns.
 *
 * <pre>
 * sums[32 r + c] += sum over k below depth of   rows[6 k + r] * weights[32 k + c]
 * </pre>
 *
 * <p>Rows are whole numbers from -128 to 128, held as floats; so a sum of at most {@value #DEPTH} products is at most
 * 2^24 in magnitude on the way and at its end, and exact in float. Bounds are the caller's to check. Internal.
 */
public interface TileKernel {
    int ROWS = 6;
    int COLUMNS = 32;

    /** The most products of one call. */
    int DEPTH = 1024;

    /**
     * Adds a tile to its {@code ROWS x COLUMNS} sums.
     *
     * @param room as many floats, of no meaning before and after
     */
    void run(float[] rows, int rowsOffset, byte[] weights, int weightsOffset, int depth, float[] room, int[] sums);
}
