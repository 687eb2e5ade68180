package dev.octant.observers;

import dev.octant.core.ChannelLayout;
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
 * <p>All that holds for {@link HistogramObserver} holds for each channel: counts per exponent and exact sums, too, and a
 * summary that does not depend on batches or order. The estimators take a channel's summary like any other; the fewer
 * the bins, the coarser their answer. {@link Entropy} needs more bins than levels, otherwise it gives min and max.
 *
 * <p>A batch is laid out {@code (outer, channels, inner)}, row-major, as a {@link ChannelLayout} tells; {@code outer} may
 * differ from batch to batch. Memory: {@link #bytes(int, int)}. Not thread safe: one observer per thread, then merge the
 * summaries.
 */
public final class PerChannelHistogramObserver implements Observer {
    private static final int OCTAVES = 512;

    private final Channel[] channels;
    private final ChannelRows rows;

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

    /** Memory of an observer's arrays in bytes: {@code channels * (16 * bins + 4360)}. */
    public static long bytes(int channels, int bins) {
        return (long) channels * Long.BYTES * (2L * bins + OCTAVES + ExactAccumulator.LONGS);
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
        channels[channel].add(values, from, to);
    }

    /** What was observed so far. */
    public PerChannelHistogramSummary summary() {
        return new PerChannelHistogramSummary(IntStream.range(0, channels.length)
                .mapToObj(i -> channels[i].summary())
                .toList());
    }

    /** Memory of the arrays held now, which {@link #bytes(int, int)} promises. */
    long bytes() {
        return Arrays.stream(channels)
                .mapToLong(channel ->
                        (long) Long.BYTES * (channel.bins.length + channel.octaves.length + ExactAccumulator.LONGS))
                .sum();
    }

    /** The histogram of one channel. */
    private static final class Channel {
        private final long[] bins;
        private final long[] octaves = new long[OCTAVES];
        private final ValueCounter counter = new ValueCounter();
        private final ExactAccumulator sums = new ExactAccumulator();
        private int exponent = HistogramSummary.MIN_EXPONENT;

        Channel(int bins) {
            this.bins = new long[2 * bins];
        }

        void add(float[] values, int from, int to) {
            int half = bins.length / 2;
            counter.add(values, from, to);
            int wanted = HistogramSummary.exponentFor(counter.magnitude(), half);
            if (wanted > exponent) {
                HistogramSummary.coarsen(bins, wanted - exponent);
                exponent = wanted;
            }
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
