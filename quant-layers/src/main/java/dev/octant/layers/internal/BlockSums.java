// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * Sums over the elements of a tensor, channel by channel, whose bits do not depend on vectors, threads or parts.
 *
 * <p>The elements of a channel are numbered in the order of the tensor. A block is {@value #BLOCK} neighbouring
 * numbers; within it, number {@code n} is added to lane {@code n mod 16} in double, one after the other. A block's
 * lanes are added pairwise, then blocks exactly, and the total is rounded once.
 *
 * <p>Not thread safe. Internal.
 */
public final class BlockSums {
    /** Numbers of a channel that are summed before they are added exactly. */
    public static final int BLOCK = 4096;

    /** Partial sums of a block. */
    public static final int LANES = 16;

    private final int channels;
    private final int kinds;
    private final double[] lanes;
    private final double[] tree = new double[LANES];
    private final ExactDoubles[] totals;

    /** Numbers of each channel that were added since its last whole block. */
    private final int[] open;

    /**
     * Nothing added.
     *
     * @param kinds how many sums there are for a channel
     */
    public BlockSums(int channels, int kinds) {
        this.channels = channels;
        this.kinds = kinds;
        lanes = new double[Math.multiplyExact(channels, kinds * LANES)];
        totals = new ExactDoubles[channels * kinds];
        for (int i = 0; i < totals.length; i++) {
            totals[i] = new ExactDoubles();
        }
        open = new int[channels];
    }

    /** The lanes of all sums; those of one sum are neighbours. */
    public double[] lanes() {
        return lanes;
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
        }
    }

    private void close(int channel) {
        for (int kind = 0; kind < kinds; kind++) {
            int at = lane(channel, kind);
            totals[channel * kinds + kind].add(total(at));
            Arrays.fill(lanes, at, at + LANES, 0);
        }
        open[channel] = 0;
    }

    /** Pairwise, each time the first half and the second. */
    private double total(int at) {
        System.arraycopy(lanes, at, tree, 0, LANES);
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                tree[i] += tree[width + i];
            }
        }
        return tree[0];
    }

    /** Closes open blocks: what is added to a channel afterwards begins a block. */
    public void close() {
        for (int channel = 0; channel < channels; channel++) {
            if (open[channel] > 0) {
                close(channel);
            }
        }
    }

    /** A sum of a channel, its open block included, which stays open. */
    public double sum(int channel, int kind) {
        ExactDoubles total = new ExactDoubles();
        total.add(totals[channel * kinds + kind]);
        total.add(total(lane(channel, kind)));
        return total.sum();
    }

    /** Adds the sums of another, of as many channels and kinds; open blocks of both are closed. */
    public void add(BlockSums other) {
        Validate.isTrue(
                other.channels == channels && other.kinds == kinds,
                "sums must be of %s channels, were of %s",
                channels,
                other.channels);
        close();
        other.close();
        for (int i = 0; i < totals.length; i++) {
            totals[i].add(other.totals[i]);
        }
    }

    /** Forgets everything. */
    public void clear() {
        close();
        for (ExactDoubles total : totals) {
            total.clear();
        }
    }
}
