// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.block.Axes;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * Where the channels of a flat tensor lie: element {@code i} belongs to channel {@code (i / inner) % channels}.
 *
 * <p>A tensor of shape {@code [d0, .., dn]} in row-major order whose channels run along {@code axis} has
 * {@code channels = d[axis]} and {@code inner = } the product of the dimensions behind it: 1 when the channels come
 * last. A layout that is not positive, or whose product exceeds an int, throws {@link IllegalArgumentException}.
 * Immutable and thread safe.
 *
 * @param channels number of channels, positive
 * @param inner neighbouring elements of one channel, positive
 */
public record ChannelLayout(int channels, int inner) {
    public ChannelLayout {
        Validate.isTrue(channels > 0, "channels must be positive, was %s", channels);
        Validate.isTrue(inner > 0, "inner must be positive, was %s", inner);
        Validate.isTrue(
                (long) channels * inner <= Integer.MAX_VALUE,
                "channels x inner must fit an int, was %s x %s",
                channels,
                inner);
    }

    /**
     * The layout of a row-major tensor with channels along {@code axis}; a negative axis counts from the last.
     *
     * @throws IllegalArgumentException if the axis is not one of the shape's, or a dimension from it on is not positive
     */
    public static ChannelLayout of(int axis, int... shape) {
        Given.require("shape", shape);
        int at = Axes.dimension(axis, shape.length);
        return new ChannelLayout(shape[at], Axes.product(shape, at + 1, shape.length, "behind the axis"));
    }

    /** Elements of one pass over all channels: a block's length must be a multiple of it. */
    public int period() {
        return channels * inner;
    }
}
