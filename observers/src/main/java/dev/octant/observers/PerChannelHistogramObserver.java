// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import dev.octant.core.ChannelLayout;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.bins.BinKernel;
import dev.octant.core.internal.ends.EndsKernel;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.estimators.Entropy;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.stream.Stream;
import org.apache.commons.lang3.Validate;

/**
 * A histogram for every channel, or for every group of neighbouring channels, with as many bins as memory allows.
 *
 * <pre>
 * bin k of a sign holds         k * 2^e &lt;= |x| &lt; (k + 1) * 2^e,           k = S .. bins - 1
 * sub-bin n of octave j holds   n * 2^j / S &lt;= |x| &lt; (n + 1) * 2^j / S,   n = S .. 2 S - 1,  2^j &lt; S * 2^e
 * S = bins / 32, at least 1
 * e = the smallest exponent from -149 on with   max|x| of the channel &lt; bins * 2^e
 * </pre>
 *
 * <p>All that holds for {@link HistogramObserver} holds for each channel; a value is known to a part of S of itself and
 * to 2 / bins of the channel's largest. The estimators take a channel's summary like any other; the fewer the bins, the
 * coarser their answer. {@link Entropy} needs more bins than levels, otherwise it gives min and max.
 *
 * <p>A batch is laid out {@code (outer, channels, inner)}, row-major, as a {@link ChannelLayout} tells; {@code outer}
 * may differ from batch to batch. Memory: {@link #bytes(int, int)} at most. Not thread safe: one observer per thread,
 * then merge the summaries.
 */
public final class PerChannelHistogramObserver implements Observer {
    /** Values of one channel in a row from which on it pays to count them in bins shared by all, and to move those. */
    private static final int LONG_ROW = 768;

    /** Values after which the shared bins are moved. */
    private static final int PIECE = 16 * Blocks.SIZE;

    private final Histogram[] channels;
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
        Given.require("layout", layout);
        checkBins(bins);
        this.rows = new ChannelRows(layout);
        this.channels = Stream.generate(() -> new Histogram(Integer.numberOfTrailingZeros(bins)))
                .limit(layout.channels())
                .toArray(Histogram[]::new);
    }

    private static void checkBins(int bins) {
        Validate.isTrue(
                bins >= 1 << BinCounts.LEAST_BITS && bins <= BinCounts.BINS && Integer.bitCount(bins) == 1,
                "bins must be a power of two within 16..%s, was %s",
                BinCounts.BINS,
                bins);
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
                "block must divide the axis of length %s, was %s",
                whole.channels(),
                block);
        return new ChannelLayout(whole.channels() / block, whole.inner() * block);
    }

    /**
     * The most memory of an observer's arrays in bytes, of which pages of 64 bins and sub-bins are made as values fall
     * into them: {@code channels * (264 + 536 * ceil((bins + 277 * S) / 64) * 2)}, and 82,944 for all.
     *
     * @throws IllegalArgumentException if there are no channels, or {@code bins} is not a power of two within 16..2048
     */
    public static long bytes(int channels, int bins) {
        Validate.isTrue(channels >= 1, "channels must be at least 1, was %s", channels);
        checkBins(bins);
        return (long) channels * Histogram.mostBytes(Integer.numberOfTrailingZeros(bins)) + BinCounter.BYTES;
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
        Histogram histogram = channels[channel];
        ValueCounter counter = histogram.counter();
        if (to - from < LONG_ROW) {
            counter.add(values, from, to);
            histogram.makeRoomFor(counter.magnitude());
            histogram.add(values, from, to);
            return;
        }
        EndsKernel ends = Kernels.ENDS.current();
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(PIECE, to - start);
            boolean clean = counter.addEnds(ends, values, start, end) == 0;
            histogram.makeRoomFor(counter.magnitude());
            int fitting = BinCounts.exponentFor(counter.blockMagnitude(), BinCounts.BITS);
            if (clean && BinCounter.takes(fitting)) {
                binCounter.become(fitting);
                addPiece(histogram, values, start, end);
            } else {
                counter.addZeros(values, start, end);
                histogram.add(values, start, end);
            }
        }
    }

    private void addPiece(Histogram histogram, float[] values, int from, int to) {
        BinKernel kernel = Kernels.BINS.current();
        for (int start = from, end; start < to; start = end) {
            end = start + Math.min(Blocks.SIZE, to - start);
            binCounter.add(kernel, values, start, end - start);
            histogram.add(binCounter.small(), 0, binCounter.smalls());
            binCounter.dropSmall();
        }
        histogram.add(binCounter);
    }

    /** What was observed so far. */
    public PerChannelHistogramSummary summary() {
        return new PerChannelHistogramSummary(
                Arrays.stream(channels).map(Histogram::summary).toList());
    }

    /** Memory of the arrays held now, at most {@link #bytes(int, int)}. */
    long bytes() {
        return binCounter.bytes()
                + Arrays.stream(channels).mapToLong(Histogram::bytes).sum();
    }
}
