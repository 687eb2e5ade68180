package dev.octant.observers;

import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * Keeps the smallest and largest finite value of every channel.
 *
 * <p>A batch is laid out {@code (outer, channels, inner)}, row-major: any axis of any shape is seen this way when
 * {@code inner} is the product of the dimensions after it. {@code outer} may differ from batch to batch, so a batch holds
 * a multiple of {@code channels * inner} values.
 *
 * <p>NaN and infinities are counted only. Not thread safe. Equal to PyTorch's {@code PerChannelMinMaxObserver} on finite
 * data.
 */
public final class PerChannelMinMaxObserver implements Observer {
    private final ValueCounter[] channels;
    private final int inner;

    /**
     * An observer that has seen nothing.
     *
     * @param channels how many channels, at least 1
     * @param inner how many neighbouring values belong to one channel, at least 1
     * @throws IllegalArgumentException if either is less, or their product exceeds an int
     */
    public PerChannelMinMaxObserver(int channels, int inner) {
        Validate.isTrue(channels >= 1, "channels must be at least 1, was %d", channels);
        Validate.isTrue(
                inner >= 1 && (long) channels * inner <= Integer.MAX_VALUE,
                "inner must be at least 1, and channels * inner at most %d, was %d * %d",
                Integer.MAX_VALUE,
                channels,
                inner);
        this.channels = Stream.generate(ValueCounter::new).limit(channels).toArray(ValueCounter[]::new);
        this.inner = inner;
    }

    /**
     * An observer for tensors of a row-major shape whose channels lie along an axis.
     *
     * @param shape the dimensions; those before the axis do not matter
     * @param axis the axis of the channels, from 0
     * @throws IllegalArgumentException if the axis is not one of the shape, or a dimension from it on is less than 1
     */
    public static PerChannelMinMaxObserver of(int[] shape, int axis) {
        Validate.isTrue(
                axis >= 0 && axis < shape.length,
                "axis must be within 0..%d of shape %s, was %d",
                shape.length - 1,
                Arrays.toString(shape),
                axis);
        long inner = 1;
        for (int i = axis + 1; i < shape.length; i++) {
            Validate.isTrue(shape[i] >= 1, "shape must have dimensions of at least 1, was %s", Arrays.toString(shape));
            inner *= shape[i];
            Validate.isTrue(
                    inner <= Integer.MAX_VALUE,
                    "shape must hold at most %d values, was %s",
                    Integer.MAX_VALUE,
                    Arrays.toString(shape));
        }
        return new PerChannelMinMaxObserver(shape[axis], (int) inner);
    }

    /**
     * Observes whole rows of all channels.
     *
     * @throws IllegalArgumentException if {@code length} is not a multiple of {@code channels * inner}
     */
    @Override
    public void observe(float[] values, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, values.length);
        checkRows(length);
        add(values, offset, length, 0);
    }

    @Override
    public void observe(FloatBuffer values) {
        checkRows(values.remaining());
        int[] seen = {0};
        Blocks.drain(values, (block, offset, length) -> {
            add(block, offset, length, seen[0]);
            seen[0] += length;
        });
    }

    private void checkRows(int length) {
        Validate.isTrue(
                length % (channels.length * inner) == 0,
                "length must be a multiple of channels * inner (%d * %d), was %d",
                channels.length,
                inner,
                length);
    }

    /** Observes a piece of a batch that starts at index {@code position} of it. */
    private void add(float[] values, int offset, int length, int position) {
        int channel = position / inner % channels.length;
        int left = inner - position % inner;
        int end = offset + length;
        for (int from = offset; from < end; ) {
            int to = Math.min(end, from + left);
            channels[channel].add(values, from, to);
            channel = channel + 1 == channels.length ? 0 : channel + 1;
            left = inner;
            from = to;
        }
    }

    /** What was observed so far. */
    public PerChannelSummary summary() {
        return new PerChannelSummary(
                Arrays.stream(channels).map(ValueCounter::counts).toList());
    }
}
