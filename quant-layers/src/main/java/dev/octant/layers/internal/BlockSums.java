// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import java.util.Arrays;

/** {@link ChannelSums} of neighbours of one channel: its lanes are neighbours. Not thread safe. Internal. */
public final class BlockSums extends ChannelSums {
    /** Numbers of each channel that were added since its last whole block. */
    private final int[] open;

    /**
     * Nothing added.
     *
     * @param kinds how many sums there are for a channel
     */
    public BlockSums(int channels, int kinds) {
        super(channels, kinds);
        open = new int[channels];
    }

    /** Where the lanes of a sum begin. */
    public int lane(int channel, int kind) {
        return (channel * kinds + kind) * LANES;
    }

    /** The number within its block that comes next in a channel. */
    public int next(int channel) {
        return open[channel];
    }

    /** How many numbers its block has room for. */
    public int room(int channel) {
        return BLOCK - open[channel];
    }

    /** Tells that some numbers of a channel, at most the room there was, were added to its lanes. */
    public void advance(int channel, int numbers) {
        open[channel] += numbers;
        if (open[channel] == BLOCK) {
            close(channel);
            open[channel] = 0;
        }
    }

    @Override
    int place(int channel, int kind) {
        return lane(channel, kind);
    }

    @Override
    int stride() {
        return 1;
    }

    @Override
    public void close() {
        for (int channel = 0; channel < channels; channel++) {
            if (open[channel] > 0) {
                close(channel);
                open[channel] = 0;
            }
        }
    }

    @Override
    public void clear() {
        super.clear();
        Arrays.fill(open, 0);
    }
}
