// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.ChannelSums;
import org.apache.commons.lang3.Validate;

/**
 * The gradients of the scales and zero points of a {@link FakeQuantizer}, added up over the parts of a tensor.
 *
 * <pre>
 * scale       sum of dy d      d = clamp(code) - zero point - x / scale where the code lies within the grid,
 *                              its end less the zero point elsewhere
 * zero point  sum of -dy scale where the code lies outside the grid
 * </pre>
 *
 * <p>The bits of these sums do not depend on vectors, threads or the lengths of parts. The rule: the elements of a
 * channel are numbered in the order of the tensor; 4,096 neighbours are a block; number {@code n} of a block is added
 * to lane {@code n mod 16} in double; the lanes of a block are added pairwise, blocks exactly, the total is rounded
 * once. {@link FakeQuantizer#backward} adds the parts of a tensor one after the other, whatever their lengths. Several
 * threads have a gradient each, {@link FakeQuantizer#gradient(long)}, that begins at a multiple of {@link
 * FakeQuantizer#unit()}, and are merged in any order.
 *
 * <p>NaN among the values adds nothing and is counted. A gradient that is not finite makes the sums so. Not thread
 * safe.
 */
public final class StepGradient {
    static final int KINDS = 2;

    private final FakeQuantizer quantizer;
    private final ChannelSums sums;
    private long position;
    private long elements;
    private long nans;

    StepGradient(FakeQuantizer quantizer, long position) {
        this.quantizer = quantizer;
        this.position = position;
        sums = quantizer.sums();
    }

    /** The gradient of a channel's scale; the only one's is that of channel 0. */
    public double scale(int channel) {
        return sums.sum(quantizer.checkChannel(channel), 0);
    }

    /** The gradient of a channel's zero point. */
    public double zeroPoint(int channel) {
        return -quantizer.scale(channel) * sums.sum(channel, 1);
    }

    /** How many elements were added. */
    public long elements() {
        return elements;
    }

    /** How many of them were NaN. */
    public long nans() {
        return nans;
    }

    /** Number of scales. */
    public int channels() {
        return quantizer.channels();
    }

    /** The element of the tensor that comes next. */
    public long position() {
        return position;
    }

    /**
     * Adds what was added to another, over other parts of the same tensor; this one and the other then have no open
     * blocks, so parts must begin at multiples of {@link FakeQuantizer#unit()}.
     *
     * @throws IllegalArgumentException if the other is of a quantizer with other parameters
     */
    public void merge(StepGradient other) {
        Given.require("other", other);
        Validate.isTrue(other != this, "other must be another gradient, was this one");
        Validate.isTrue(
                quantizer.equals(other.quantizer), "gradient must be of %s, was of %s", quantizer, other.quantizer);
        sums.add(other.sums);
        elements += other.elements;
        nans += other.nans;
    }

    /** Forgets all and begins at the tensor's first element, for the next batch. */
    public void clear() {
        sums.clear();
        position = 0;
        elements = 0;
        nans = 0;
    }

    void require(FakeQuantizer expected) {
        if (!quantizer.equals(expected)) {
            throw new IllegalArgumentException("gradient must be of " + expected + ", was of " + quantizer);
        }
    }

    /** Elements are numbered by a long. */
    void requireRoom(int length) {
        if (position > Long.MAX_VALUE - length) {
            throw new IllegalArgumentException(
                    "position of the gradient must leave room for " + length + " elements below 2^63, was " + position);
        }
    }

    ChannelSums sums() {
        return sums;
    }

    void advance(int length, long nansAmongThem) {
        position += length;
        elements += length;
        nans += nansAmongThem;
    }
}
