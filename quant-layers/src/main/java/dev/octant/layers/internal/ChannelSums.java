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
public abstract sealed class ChannelSums permits BlockSums, RowSums {
    /** Numbers of a channel that are summed before they are added exactly. */
    public static final int BLOCK = 4096;

    /** Partial sums of a block. */
    public static final int LANES = 16;

    final int channels;
    final int kinds;
    final double[] lanes;

    /** Null where no block was closed. */
    private final ExactDoubles[] totals;

    private final ExactDoubles reading = new ExactDoubles();
    private final double[] tree = new double[LANES];

    /** Nothing added; {@code kinds} sums for each channel. */
    ChannelSums(int channels, int kinds) {
        this.channels = channels;
        this.kinds = kinds;
        lanes = new double[Math.multiplyExact(channels, kinds * LANES)];
        totals = new ExactDoubles[channels * kinds];
    }

    /** The lanes of all sums. */
    public final double[] lanes() {
        return lanes;
    }

    /** Where lane 0 of a sum is. */
    abstract int place(int channel, int kind);

    /** How far the lanes of a sum are apart. */
    abstract int stride();

    /** Closes open blocks: what is added to a channel afterwards begins a block. */
    public abstract void close();

    /** What lanes held goes to the totals, and they are 0. */
    final void close(int channel) {
        for (int kind = 0; kind < kinds; kind++) {
            int at = place(channel, kind);
            double block = total(at);
            for (int lane = 0; lane < LANES; lane++) {
                lanes[at + lane * stride()] = 0;
            }
            if (block != 0) {
                exact(channel * kinds + kind).add(block);
            }
        }
    }

    private ExactDoubles exact(int sum) {
        if (totals[sum] == null) {
            totals[sum] = new ExactDoubles();
        }
        return totals[sum];
    }

    /** Pairwise, each time the first half and the second. */
    private double total(int at) {
        for (int lane = 0; lane < LANES; lane++) {
            tree[lane] = lanes[at + lane * stride()];
        }
        for (int width = LANES / 2; width > 0; width /= 2) {
            for (int i = 0; i < width; i++) {
                tree[i] += tree[width + i];
            }
        }
        return tree[0];
    }

    /** A sum of a channel, its open block included, which stays open. */
    public final double sum(int channel, int kind) {
        reading.clear();
        ExactDoubles closed = totals[channel * kinds + kind];
        if (closed != null) {
            reading.add(closed);
        }
        reading.add(total(place(channel, kind)));
        return reading.sum();
    }

    /** Adds the sums of another, of as many channels and kinds; open blocks of both are closed. */
    public final void add(ChannelSums other) {
        Validate.isTrue(
                other.channels == channels && other.kinds == kinds,
                "sums must be of %s channels, were of %s",
                channels,
                other.channels);
        close();
        other.close();
        for (int i = 0; i < totals.length; i++) {
            if (other.totals[i] != null) {
                exact(i).add(other.totals[i]);
            }
        }
    }

    /** Forgets everything. */
    public void clear() {
        Arrays.fill(lanes, 0);
        for (ExactDoubles total : totals) {
            if (total != null) {
                total.clear();
            }
        }
    }
}
