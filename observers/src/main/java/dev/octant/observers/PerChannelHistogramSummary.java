// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.commons.lang3.Validate;

/**
 * The histogram of every channel. Immutable and thread safe.
 *
 * @param channels the histogram of each channel, in order
 */
public record PerChannelHistogramSummary(List<HistogramSummary> channels)
        implements Summary<PerChannelHistogramSummary> {
    public PerChannelHistogramSummary {
        Given.require("channels", channels);
        channels.forEach(channel -> Given.require("channel", channel));
        channels = List.copyOf(channels);
    }

    /**
     * The range of each channel, in order, as {@code new MinMax()::estimate} chooses it.
     *
     * @throws IllegalStateException if a channel saw no finite value, with the channel in front
     */
    public List<RealRange> ranges(Function<HistogramSummary, RealRange> estimator) {
        Given.require("estimator", estimator);
        return IntStream.range(0, channels.size())
                .mapToObj(channel -> range(channel, estimator))
                .toList();
    }

    private RealRange range(int channel, Function<HistogramSummary, RealRange> estimator) {
        try {
            return estimator.apply(channels.get(channel));
        } catch (IllegalStateException e) {
            throw new IllegalStateException("channel " + channel + ": " + e.getMessage(), e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalArgumentException if the other has a different number of channels or bins
     */
    @Override
    public PerChannelHistogramSummary merge(PerChannelHistogramSummary other) {
        Given.require("other", other);
        Validate.isTrue(
                channels.size() == other.channels.size(),
                "channels must be as many as in the other summary (%s), was %s",
                other.channels.size(),
                channels.size());
        return new PerChannelHistogramSummary(IntStream.range(0, channels.size())
                .mapToObj(i -> channels.get(i).merge(other.channels.get(i)))
                .toList());
    }
}
