// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

/**
 * {@link ChannelSums} where the channel changes with each element. The lanes lie as the elements do: all channels' lane
 * 0, then their lane 1, so that sums of neighbours are neighbours, and after 16 elements of each channel the first come
 * again. The first channel is the one that came first since blocks were closed. Not thread safe. Internal.
 */
public final class RowSums extends ChannelSums {
    private final int period;
    private final long block;

    /** Elements since blocks were closed, and the channel of the first of them. */
    private long open;

    private int origin;

    /**
     * Nothing added, the next element is one of channel 0.
     *
     * @param kinds how many sums there are for a channel
     */
    public RowSums(int channels, int kinds) {
        super(channels, kinds);
        period = LANES * channels;
        block = (long) BLOCK * channels;
    }

    /** Where the sum of the next element is. */
    public int next(int kind) {
        return kind * period + (int) (open % period);
    }

    /** How many elements have their sums behind that. */
    public int room() {
        return period - (int) (open % period);
    }

    /** Tells that some elements, at most the room there was, were added. */
    public void advance(int elements) {
        open += elements;
        if (open == block) {
            close();
        }
    }

    @Override
    int place(int channel, int kind) {
        int behind = channel - origin;
        return kind * period + (behind < 0 ? behind + channels : behind);
    }

    @Override
    int stride() {
        return channels;
    }

    @Override
    public void close() {
        if (open == 0) {
            return;
        }
        for (int channel = 0; channel < channels; channel++) {
            close(channel);
        }
        origin = (int) ((origin + open) % channels);
        open = 0;
    }

    @Override
    public void clear() {
        super.clear();
        origin = 0;
        open = 0;
    }
}
