// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.block.Axes;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * Blocks along one axis of a row-major tensor, each with a scale and a zero point of its own: the blocked quantization
 * of ONNX (opset 21).
 *
 * <p>The tensor has the shape {@code [outer, axis, inner]}, after what is before the blocked axis and what is behind it
 * has been multiplied. Element {@code (o, a, n)} belongs to block {@code (o ceil(axis / block) + a / block) inner + n}:
 * this is the position of its scale in the scale tensor of ONNX, whose shape is the tensor's with {@link #blocks()} in
 * place of {@code axis}. The last block along the axis may be shorter.
 *
 * <p>A layout that is not positive, or has more blocks than an int counts, throws {@link IllegalArgumentException}.
 * Immutable and thread safe. Source: ONNX operator specification, {@code QuantizeLinear}.
 *
 * @param outer product of the dimensions before the axis, positive
 * @param axis length of the blocked axis, positive
 * @param inner product of the dimensions behind the axis, positive
 * @param block elements of one block, positive; a block longer than the axis is as long as the axis
 */
public record BlockLayout(int outer, int axis, int inner, int block) {
    public BlockLayout {
        Validate.isTrue(outer > 0, "outer must be positive, was %s", outer);
        Validate.isTrue(axis > 0, "axis must be positive, was %s", axis);
        Validate.isTrue(inner > 0, "inner must be positive, was %s", inner);
        Validate.isTrue(block > 0, "block must be positive, was %s", block);
        block = Math.min(block, axis);
        long along = ((long) axis + block - 1) / block;
        Validate.isTrue(
                (double) outer * along * inner <= Integer.MAX_VALUE,
                "outer x blocks x inner must fit an int, was %s x %s x %s",
                outer,
                along,
                inner);
    }

    /**
     * The layout of a row-major tensor with blocks of {@code block} elements along dimension {@code axis}; a negative
     * axis counts from the last.
     *
     * @throws IllegalArgumentException if the axis is not one of the shape's, or a dimension is not positive
     */
    public static BlockLayout of(int axis, int block, int... shape) {
        Given.require("shape", shape);
        int at = Axes.dimension(axis, shape.length);
        String around = "before and behind the axis";
        int outer = Axes.product(shape, 0, at, around);
        return new BlockLayout(outer, shape[at], Axes.product(shape, at + 1, shape.length, around), block);
    }

    /** Blocks along the axis: its length over the block's, rounded up. */
    public int blocks() {
        return (int) (((long) axis + block - 1) / block);
    }

    /** Blocks in all, and so scales: {@code outer x blocks x inner}. */
    public int groups() {
        return outer * blocks() * inner;
    }

    /** Elements of the tensor. */
    public long size() {
        return (long) outer * axis * inner;
    }
}
