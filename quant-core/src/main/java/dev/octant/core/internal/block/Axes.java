// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import org.apache.commons.lang3.Validate;

/** The dimensions of a row-major tensor around an axis. Internal. */
public final class Axes {
    private Axes() {}

    /**
     * The dimension that an axis is; a negative axis counts from the last.
     *
     * @throws IllegalArgumentException if there is no such dimension
     */
    public static int dimension(int axis, int dimensions) {
        Validate.isTrue(
                axis >= -dimensions && axis < dimensions,
                "axis must be within %s..%s for %s dimensions, was %s",
                -dimensions,
                dimensions - 1,
                dimensions,
                axis);
        return axis < 0 ? axis + dimensions : axis;
    }

    /**
     * The product of the dimensions from one to another, which is not counted.
     *
     * @param where the elements are that it counts, for the sentence of a refusal
     * @throws IllegalArgumentException if one is not positive, or the product exceeds an int
     */
    public static int product(int[] shape, int from, int to, String where) {
        long product = 1;
        for (int d = from; d < to; d++) {
            product *= shape[d];
            Validate.isTrue(
                    product > 0 && product <= Integer.MAX_VALUE,
                    "elements %s must be positive and fit an int, was %s",
                    where,
                    product);
        }
        return (int) product;
    }
}
