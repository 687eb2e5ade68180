// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

/**
 * The parameters of a {@link SumsKernel}, by column. Internal.
 *
 * @param before added to a sum
 * @param multiplier of that
 * @param after added to the product
 */
public record SumsColumns(float[] before, float[] multiplier, float[] after, int zeroPoint, int qmin, int qmax) {
    /** Columns of no meaning yet. */
    public static SumsColumns of(int columns, int zeroPoint, int qmin, int qmax) {
        return new SumsColumns(new float[columns], new float[columns], new float[columns], zeroPoint, qmin, qmax);
    }

    /** The steps of the output that a sum stands for, before rounding. */
    public float steps(int sum, int column) {
        return ((float) sum + before[column]) * multiplier[column] + after[column];
    }
}
