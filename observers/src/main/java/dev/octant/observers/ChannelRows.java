// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.ChannelLayout;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import java.nio.FloatBuffer;
import org.apache.commons.lang3.Validate;

/** Hands the values of a batch to their channels, run by run. Keeps nothing between batches. */
final class ChannelRows {
    private final ChannelLayout layout;

    ChannelRows(ChannelLayout layout) {
        this.layout = layout;
    }

    /** Receives {@code values[from .. to)}, which all belong to one channel. */
    @FunctionalInterface
    interface Run {
        void add(int channel, float[] values, int from, int to);
    }

    /**
     * Whole rows of all channels from an array.
     *
     * @throws IllegalArgumentException if {@code length} is not a multiple of {@code channels * inner}
     */
    void split(float[] values, int offset, int length, Run run) {
        Bounds.check("values", values, offset, length);
        check(length);
        split(values, offset, length, 0, run);
    }

    /** The same from the remaining values of a buffer. */
    void split(FloatBuffer values, Run run) {
        Given.require("values", values);
        check(values.remaining());
        int[] seen = {0};
        Blocks.drain(values, (block, offset, length) -> {
            split(block, offset, length, seen[0], run);
            seen[0] += length;
        });
    }

    private void check(int length) {
        Validate.isTrue(
                length % layout.period() == 0,
                "length must be a multiple of channels * inner (%s * %s), was %s",
                layout.channels(),
                layout.inner(),
                length);
    }

    /** A piece of a batch that starts at index {@code position} of it. */
    private void split(float[] values, int offset, int length, int position, Run run) {
        int inner = layout.inner();
        int channel = position / inner % layout.channels();
        int left = inner - position % inner;
        int end = offset + length;
        for (int from = offset; from < end; ) {
            int to = Math.min(end, from + left);
            run.add(channel, values, from, to);
            channel = channel + 1 == layout.channels() ? 0 : channel + 1;
            left = inner;
            from = to;
        }
    }
}
