// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

/** The parameters of a {@link SumsKernel}, by column; whoever makes them writes the arrays. Internal. */
public final class SumsColumns {
    private final float[] before;
    private final float[] multiplier;
    private final float[] after;
    private final int zeroPoint;
    private final int qmin;
    private final int qmax;

    /** Columns of no meaning yet. */
    public SumsColumns(int columns, int zeroPoint, int qmin, int qmax) {
        before = new float[columns];
        multiplier = new float[columns];
        after = new float[columns];
        this.zeroPoint = zeroPoint;
        this.qmin = qmin;
        this.qmax = qmax;
    }

    /** What is added to a sum. */
    public float[] before() {
        return before;
    }

    /** What that is multiplied with. */
    public float[] multiplier() {
        return multiplier;
    }

    /** What is added to the product. */
    public float[] after() {
        return after;
    }

    /** The code of real 0. */
    public int zeroPoint() {
        return zeroPoint;
    }

    /** The lowest code. */
    public int qmin() {
        return qmin;
    }

    /** The highest code. */
    public int qmax() {
        return qmax;
    }

    /** The steps of the output that a sum stands for, before rounding. */
    public float steps(int sum, int column) {
        return ((float) sum + before[column]) * multiplier[column] + after[column];
    }
}
