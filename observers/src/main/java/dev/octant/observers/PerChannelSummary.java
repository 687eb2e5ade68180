// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * What was observed in every channel. Immutable and thread safe.
 *
 * @param channels the counts and ends of each channel, in order
 */
public record PerChannelSummary(List<ValueCounts> channels) implements Summary<PerChannelSummary> {
    public PerChannelSummary {
        Given.require("channels", channels);
        channels.forEach(channel -> Given.require("channel", channel));
        channels = List.copyOf(channels);
    }

    /**
     * The range of each channel, in order.
     *
     * @throws IllegalStateException if a channel saw no finite value, with the channel in front
     */
    public List<RealRange> ranges() {
        return IntStream.range(0, channels.size()).mapToObj(this::range).toList();
    }

    /**
     * The range of one channel.
     *
     * @throws IllegalStateException if it saw no finite value, with the channel in front
     * @throws IndexOutOfBoundsException if there is no such channel
     */
    public RealRange range(int channel) {
        try {
            return channels.get(channel).range();
        } catch (IllegalStateException e) {
            throw new IllegalStateException("channel " + channel + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the other has a different number of channels
     */
    @Override
    public PerChannelSummary merge(PerChannelSummary other) {
        Given.require("other", other);
        Validate.isTrue(
                channels.size() == other.channels.size(),
                "channels must be as many as in the other summary (%s), was %s",
                other.channels.size(),
                channels.size());
        return new PerChannelSummary(IntStream.range(0, channels.size())
                .mapToObj(i -> channels.get(i).merge(other.channels.get(i)))
                .toList());
    }
}
