// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.ChannelLayout;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.internal.exact.ExactAccumulator;
import dev.octant.observers.internal.exact.ExactSummation;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * A histogram for every channel, or for every group of neighbouring channels, with as many bins as memory allows.
 *
 * <pre>
 * bin k of a sign holds   k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,   k = 0 .. bins - 1
 * e = the smallest exponent from -149 on with   max|x| of the channel &lt; bins * 2^e
 * </pre>
 *
 * <p>All that holds for {@link HistogramObserver} holds for each channel: counts per exponent and exact sums, too,
 * and a summary that does not depend on batches or order. The estimators take a channel's summary like any other; the
 * fewer the bins, the coarser their answer. {@link Entropy} needs more bins than levels, otherwise it gives min and
 * max.
 *
 * <p>A batch is laid out {@code (outer, channels, inner)}, row-major, as a {@link ChannelLayout} tells; {@code outer}
 * may differ from batch to batch. Memory: {@link #bytes(int, int)}. Not thread safe: one observer per thread, then
 * merge the summaries.
 */
public final class PerChannelHistogramObserver implements Observer {
    private static final int OCTAVES = 512;

    /** Values of one channel in a row from which on it pays to count them in bins shared by all, and to move those. */
    private static final int LONG_ROW = 768;

    private final Channel[] channels;
    private final ChannelRows rows;

    /** Empty between rows. */
    private final BinCounter binCounter = new BinCounter();

    /**
     * An observer that has seen nothing.
     *
     * @param layout where the channels lie
     * @param bins bins of each sign, a power of two within 16..2048
     * @throws IllegalArgumentException if {@code bins} is not
     */
    public PerChannelHistogramObserver(ChannelLayout layout, int bins) {
        Validate.isTrue(
                bins >= 16 && bins <= HistogramObserver.BINS && Integer.bitCount(bins) == 1,
                "bins must be a power of two within 16..%d, was %d",
                HistogramObserver.BINS,
                bins);
        this.rows = new ChannelRows(layout);
        this.channels = Stream.generate(() -> new Channel(bins))
                .limit(layout.channels())
                .toArray(Channel[]::new);
    }

    /**
     * The layout of groups: blocks of {@code block} neighbours along an axis are one channel each.
     *
     * @param axis the axis that is cut, from 0; a negative one counts from the last
     * @param block how many neighbours form a group; it must divide the axis
     * @throws IllegalArgumentException if it does not, or the axis is not one of the shape's
     */
    public static ChannelLayout groups(int axis, int block, int... shape) {
        ChannelLayout whole = ChannelLayout.of(axis, shape);
        Validate.isTrue(
                block >= 1 && whole.channels() % block == 0,
                "block must divide the axis of length %d, was %d",
                whole.channels(),
                block);
        return new ChannelLayout(whole.channels() / block, whole.inner() * block);
    }

    /** Memory of an observer's arrays in bytes: {@code channels * (16 * bins + 4360) + 80128}. */
    public static long bytes(int channels, int bins) {
        return (long) channels * Long.BYTES * (2L * bins + OCTAVES + ExactAccumulator.LONGS) + BinCounter.BYTES;
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
        channels[channel].add(values, from, to, binCounter);
    }

    /** What was observed so far. */
    public PerChannelHistogramSummary summary() {
        return new PerChannelHistogramSummary(IntStream.range(0, channels.length)
                .mapToObj(i -> channels[i].summary())
                .toList());
    }

    /** Memory of the arrays held now, which {@link #bytes(int, int)} promises. */
    long bytes() {
        return binCounter.bytes()
                + Arrays.stream(channels)
                        .mapToLong(channel -> (long) Long.BYTES
                                * (channel.bins.length + channel.octaves.length + ExactAccumulator.LONGS))
                        .sum();
    }

    /** The histogram of one channel. */
    private static final class Channel {
        /** Values after which the shared bins are moved. */
        private static final int PIECE = 16 * Blocks.SIZE;

        private final long[] bins;
        private final long[] octaves = new long[OCTAVES];
        private final ValueCounter counter = new ValueCounter();
        private final ExactAccumulator sums = new ExactAccumulator();
        private int exponent = HistogramSummary.MIN_EXPONENT;

        Channel(int bins) {
            this.bins = new long[2 * bins];
        }

        void add(float[] values, int from, int to, BinCounter empty) {
            if (to - from < LONG_ROW) {
                counter.add(values, from, to);
                grow();
                addOneByOne(values, from, to);
                return;
            }
            EndsKernel ends = Kernels.ENDS.current();
            for (int start = from, end; start < to; start = end) {
                end = start + Math.min(PIECE, to - start);
                boolean clean = counter.addEnds(ends, values, start, end) == 0;
                grow();
                int fitting = HistogramSummary.exponentFor(counter.blockMagnitude());
                if (clean && BinCounter.takes(fitting)) {
                    empty.become(fitting);
                    addPiece(values, start, end, empty);
                } else {
                    counter.addZeros(values, start, end);
                    addOneByOne(values, start, end);
                }
            }
        }

        private void grow() {
            int wanted = HistogramSummary.exponentFor(counter.magnitude(), bins.length / 2);
            if (wanted > exponent) {
                HistogramSummary.coarsen(bins, wanted - exponent);
                exponent = wanted;
            }
        }

        private void addPiece(float[] values, int from, int to, BinCounter empty) {
            BinKernel kernel = Kernels.BINS.current();
            for (int start = from, end; start < to; start = end) {
                end = start + Math.min(Blocks.SIZE, to - start);
                empty.add(kernel, values, start, end - start);
                addOneByOne(empty.small(), 0, empty.smalls());
                empty.dropSmall();
            }
            counter.addZeros(empty.zeros());
            empty.moveTo(bins, octaves, sums, exponent - empty.exponent());
        }

        private void addOneByOne(float[] values, int from, int to) {
            int half = bins.length / 2;
            for (int i = from; i < to; i++) {
                int bits = Float.floatToRawIntBits(values[i]);
                int octave = bits >>> 23;
                int biased = octave & 0xFF;
                if (biased == 0xFF || (bits << 1) == 0) {
                    continue;
                }
                int drop = Math.min(exponent + 150 - Math.max(biased, 1), 31);
                bins[(bits >>> 31) * half + (ExactSummation.mantissa(bits) >>> drop)]++;
                octaves[octave]++;
                sums.add(values[i]);
            }
        }

        HistogramSummary summary() {
            return new HistogramSummary(counter.counts(), exponent, bins.clone(), octaves.clone(), sums.sums());
        }
    }
}
