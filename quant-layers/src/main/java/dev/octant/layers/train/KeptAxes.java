// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Axes;
import dev.octant.core.internal.text.Given;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * Which elements of a row-major tensor share a number: those of equal indices along the axes that are kept. NVIDIA's
 * {@code axis}; without any, all elements share one. Immutable and thread safe.
 */
public final class KeptAxes {
    /** One number for a flat tensor of any length. */
    public static final KeptAxes NONE = new KeptAxes(new int[0], new boolean[0]);

    private final int[] shape;
    private final boolean[] kept;
    private final int groups;
    private final int elements;

    private KeptAxes(int[] shape, boolean[] kept) {
        this.shape = shape;
        this.kept = kept;
        int product = 1;
        int all = 1;
        for (int d = 0; d < shape.length; d++) {
            all = Math.multiplyExact(all, shape[d]);
            product *= kept[d] ? shape[d] : 1;
        }
        groups = product;
        elements = all;
    }

    /**
     * Axes of a tensor; negative ones count from the last.
     *
     * @throws IllegalArgumentException if a dimension is not positive, all together exceed an int, or an axis is none
     *     of the shape's or is named twice
     */
    public static KeptAxes of(int[] shape, int... axes) {
        Given.require("shape", shape);
        Given.require("axes", axes);
        long product = 1;
        for (int dimension : shape) {
            Validate.isTrue(dimension > 0, "dimension must be positive, was %s", dimension);
            product *= dimension;
            Validate.isTrue(product <= Integer.MAX_VALUE, "elements must fit an int, were %s or more", product);
        }
        boolean[] kept = new boolean[shape.length];
        for (int axis : axes) {
            int place = Axes.dimension(axis, shape.length);
            Validate.isTrue(!kept[place], "axis must be named once, was %s again", axis);
            kept[place] = true;
        }
        return new KeptAxes(shape.clone(), kept);
    }

    /** Elements of a tensor of the shape; 1 for {@link #NONE}. */
    public int elements() {
        return elements;
    }

    /**
     * Whether rows of {@code row} elements, one behind the other, are tensors of the shape or parts of one: its last
     * dimensions together are a row, or a row is one or more times those from the first kept axis on.
     *
     * <pre>
     * rows of 12     KeptAxes.of({8, 3, 4}, 1)     three numbers in each row
     *                KeptAxes.of({8, 3, 4}, 0)     eight numbers, one for each row
     *                KeptAxes.of({6}, 0)           six numbers, twice in each row
     * not so         KeptAxes.of({8}, 0)           the second row would begin in the midst of the axis
     * </pre>
     *
     * @throws IllegalArgumentException if {@code row} is not positive
     */
    public boolean fitsRows(int row) {
        Validate.isTrue(row > 0, "row must be positive, was %s", row);
        // Numbers repeat after the dimensions from the first kept one on.
        int period = 1;
        int behind = 1;
        boolean rows = row == 1;
        for (int d = shape.length - 1; d >= 0; d--) {
            behind *= shape[d];
            period = kept[d] && shape[d] > 1 ? behind : period;
            rows |= behind == row;
        }
        return rows || row % period == 0;
    }

    /** How many numbers there are. */
    public int groups() {
        return groups;
    }

    /**
     * The number of an element, in the order of the kept axes. Behind the tensor's last element the next tensor of the
     * shape begins.
     *
     * @throws IllegalArgumentException if the element is negative
     */
    public int group(int element) {
        Validate.isTrue(element >= 0, "element must not be negative, was %s", element);
        int group = 0;
        int factor = 1;
        int rest = element;
        for (int d = shape.length - 1; d >= 0; d--) {
            if (kept[d]) {
                group += rest % shape[d] * factor;
                factor *= shape[d];
            }
            rest /= shape[d];
        }
        return group;
    }

    /** Whole tensors only, unless all elements share one number. */
    void checkLength(int length) {
        if (groups > 1 && length % elements != 0) {
            throw new IllegalArgumentException(
                    "length must be a multiple of the " + elements + " elements of " + this + ", was " + length);
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof KeptAxes that && Arrays.equals(shape, that.shape) && Arrays.equals(kept, that.kept);
    }

    @Override
    public int hashCode() {
        return Objects.hash(Arrays.hashCode(shape), Arrays.hashCode(kept));
    }

    /** The shape and its kept axes: {@code 2 x 3 along axis 1}, {@code any shape along no axis}. */
    @Override
    public String toString() {
        String axes = IntStream.range(0, kept.length)
                .filter(d -> kept[d])
                .mapToObj(String::valueOf)
                .collect(Collectors.joining(", "));
        String dimensions = Arrays.stream(shape).mapToObj(String::valueOf).collect(Collectors.joining(" x "));
        return (dimensions.isEmpty() ? "any shape" : dimensions)
                + (axes.isEmpty() ? " along no axis" : (axes.contains(",") ? " along axes " : " along axis ") + axes);
    }
}
