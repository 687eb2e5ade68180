// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.ChannelLayout;
import dev.octant.core.internal.text.Given;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Stream;

/**
 * Keeps the smallest and largest finite value of every channel.
 *
 * <p>A batch is laid out {@code (outer, channels, inner)}, row-major: any axis of any shape is seen this way when
 * {@code inner} is the product of the dimensions after it. {@code outer} may differ from batch to batch, so a batch
 * holds a multiple of {@code channels * inner} values.
 *
 * <p>NaN and infinities are counted only. Not thread safe. Equal to PyTorch's {@code PerChannelMinMaxObserver} on
 * finite data.
 */
public final class PerChannelMinMaxObserver implements Observer {
    private final ValueCounter[] channels;
    private final ChannelRows rows;

    /**
     * An observer that has seen nothing.
     *
     * @param channels how many channels, at least 1
     * @param inner how many neighbouring values belong to one channel, at least 1
     * @throws IllegalArgumentException if either is less, or their product exceeds an int
     */
    public PerChannelMinMaxObserver(int channels, int inner) {
        this(new ChannelLayout(channels, inner));
    }

    /** An observer for tensors whose channels lie as {@code layout} says. */
    public PerChannelMinMaxObserver(ChannelLayout layout) {
        Given.require("layout", layout);
        this.channels =
                Stream.generate(ValueCounter::new).limit(layout.channels()).toArray(ValueCounter[]::new);
        this.rows = new ChannelRows(layout);
    }

    /**
     * An observer for tensors of a row-major shape whose channels lie along an axis.
     *
     * @param shape the dimensions; those before the axis do not matter
     * @param axis the axis of the channels; a negative one counts from the last
     * @throws IllegalArgumentException if the axis is not one of the shape, or a dimension from it on is less than 1
     */
    public static PerChannelMinMaxObserver of(int[] shape, int axis) {
        return new PerChannelMinMaxObserver(ChannelLayout.of(axis, shape));
    }

    /**
     * Observes whole rows of all channels.
     *
     * @throws IllegalArgumentException if {@code length} is not a multiple of {@code channels * inner}
     */
    @Override
    public void observe(float[] values, int offset, int length) {
        rows.split(values, offset, length, this::add);
    }

    @Override
    public void observe(FloatBuffer values) {
        rows.split(values, this::add);
    }

    private void add(int channel, float[] values, int from, int to) {
        channels[channel].add(values, from, to);
    }

    /** What was observed so far. */
    public PerChannelSummary summary() {
        return new PerChannelSummary(
                Arrays.stream(channels).map(ValueCounter::counts).toList());
    }
}
