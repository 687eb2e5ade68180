// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.ChannelLayout;
import dev.octant.fixtures.QuantInputs;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The definition of the histograms on a few chosen data; the laws and properties try many. */
class HistogramDefinitionTest {
    /** Of any width of bins, the values are those of the definition, computed in double, where it is exact. */
    @Test
    void everyValueLiesInItsBin() {
        QuantInputs.adversarialTensors().forEach((name, values) -> {
            for (int bits : new int[] {4, 5, 11}) {
                HistogramSummary summary = ofOneChannel(bits, values);
                double width = Math.scalb(1.0, summary.exponent());
                long[] positive = new long[HistogramObserver.BINS];
                long[] negative = new long[HistogramObserver.BINS];
                for (float value : values) {
                    if (Float.isFinite(value) && value != 0) {
                        (value > 0 ? positive : negative)[(int) Math.floor(Math.abs(value) / width)]++;
                    }
                }
                for (int k = 0; k < HistogramObserver.BINS; k++) {
                    assertEquals(positive[k], summary.positive(k), name);
                    assertEquals(negative[k], summary.negative(k), name);
                }
                checkCells(summary, values, name);
            }
        });
    }

    /** Each cell holds the next of the values in order; the end away from 0 is another cell's. */
    private static void checkCells(HistogramSummary summary, float[] values, String name) {
        double[] sorted = IntStream.range(0, values.length)
                .mapToDouble(i -> values[i] + 0.0)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
        int next = 0;
        double end = Double.NEGATIVE_INFINITY;
        for (HistogramSummary.Cell cell : summary.cells()) {
            assertTrue(end <= cell.left() && cell.left() <= cell.right(), name + ": " + cell);
            end = cell.right();
            for (long i = 0; i < cell.count(); i++) {
                double value = sorted[next++];
                boolean isEnd = value == summary.counts().min()
                        || value == summary.counts().max();
                double far = value < 0 ? cell.left() : cell.right();
                assertTrue(
                        cell.left() <= value && value <= cell.right() && (isEnd || value == 0 || value != far),
                        name + ": " + value + " in " + cell);
            }
        }
        assertEquals(sorted.length, next, name);
    }

    private static HistogramSummary ofOneChannel(int bits, float... values) {
        PerChannelHistogramObserver observer = new PerChannelHistogramObserver(new ChannelLayout(1, 1), 1 << bits);
        observer.observe(values);
        return observer.summary().channels().get(0);
    }

    /** Blocks of which nearly all values lie below bin 1, and some of them far below. */
    private static float[] mostlySmall(int power, int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            float mantissa = 1 + (i * 7919 % 8192) / 8192f;
            values[i] = i % Blocks.SIZE == 0
                    ? Math.scalb(1.75f, power)
                    : Math.scalb(i % 3 == 0 ? -mantissa : mantissa, power - 12 - i % 13);
        }
        return values;
    }

    @Test
    void smallValuesAreCountedInNarrowerBins() {
        for (int power : new int[] {0, 120, -90, -101, -105, -115, -130}) {
            float[] values = mostlySmall(power, 3 * Blocks.SIZE + 100);
            HistogramObserver observer = new HistogramObserver();
            observer.observe(values);
            assertEquals(ReferenceHistogram.of(values, 0, values.length), observer.summary(), "2^" + power);
            // A second counter is only for bins of which there are narrower ones.
            boolean two = power == 0 || power == 120 || power == -90;
            int one = observer.summary().bytes() + Histogram.SUM_BYTES + BinCounter.BYTES + Float.BYTES * Blocks.SIZE;
            assertEquals(two ? one + BinCounter.BYTES : one, observer.bytes(), "2^" + power);
        }
    }

    /** So far below the largest that they lie below the narrower bins, too. */
    @Test
    void valuesFarBelowAreCountedOneByOne() {
        float[] values = new float[5 * Blocks.SIZE];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % Blocks.SIZE == 0 ? 1 : Math.scalb(1 + i % 7, -40);
        }
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        assertEquals(ReferenceHistogram.of(values, 0, values.length), observer.summary());
    }

    /** Bins that widen and narrow from block to block, each with its own small values. */
    @Test
    void binsFollowTheBlocks() {
        int[] powers = {0, 3, 60, 1, -40, -42, 100, -60, -110, -125, 0, 2, -2, 127, 0};
        float[] values = new float[powers.length * 2 * Blocks.SIZE];
        for (int i = 0; i < powers.length; i++) {
            float[] block = mostlySmall(powers[i], Blocks.SIZE);
            System.arraycopy(block, 0, values, 2 * i * Blocks.SIZE, block.length);
            for (int k = 0; k < Blocks.SIZE; k++) {
                values[(2 * i + 1) * Blocks.SIZE + k] = k % 100 == 0 ? 0 : Math.scalb(k / 4096f - 0.3f, powers[i]);
            }
        }
        HistogramSummary expected = ReferenceHistogram.of(values, 0, values.length);
        HistogramObserver observer = new HistogramObserver();
        observer.observe(values);
        assertEquals(expected, observer.summary());
        observer.clear();
        for (int from = 0, to; from < values.length; from = to) {
            to = Math.min(values.length, from + 5000);
            observer.observe(values, from, to - from);
            assertEquals(HistogramLaws.counts(Arrays.copyOfRange(values, from, to)), observer.lastCounts());
        }
        assertEquals(expected, observer.summary());
    }

    /** Rows on both sides of where they are counted in shared bins, and longer than one piece. */
    @Test
    void channelsAreHistograms() {
        for (int bits : new int[] {4, 6, 11}) {
            for (int length : new int[] {767, 768, 4097, 66_000}) {
                float[] values = FastPathProperties.mixture(new Random(bits), 2 * length);
                PerChannelHistogramObserver observer =
                        new PerChannelHistogramObserver(new ChannelLayout(2, length), 1 << bits);
                observer.observe(values);
                for (int channel = 0; channel < 2; channel++) {
                    assertEquals(
                            ReferenceHistogram.of(values, channel * length, (channel + 1) * length, bits),
                            observer.summary().channels().get(channel));
                }
            }
        }
    }

    /** Samples up to a block are counted together, longer ones each by itself. */
    @Test
    void samplesBesideAHistogram() {
        float[] values = FastPathProperties.mixture(new Random(2), 3 * Blocks.SIZE * 5);
        int from = values.length / 3;
        int count = values.length - from;
        for (int length : new int[] {Blocks.SIZE / 4, Blocks.SIZE, 5 * Blocks.SIZE}) {
            HistogramObserver histogram = new HistogramObserver();
            PerSampleObserver samples = new PerSampleObserver();
            samples.observeWith(histogram, values, from, count, length);
            PerSampleObserver alone = new PerSampleObserver(length);
            alone.observe(values, from, count);
            assertEquals(alone.summary(), samples.summary());
            assertEquals(ReferenceHistogram.of(values, from, values.length), histogram.summary());
            int counted = length > Blocks.SIZE ? values.length - length : from;
            assertEquals(
                    HistogramLaws.counts(Arrays.copyOfRange(values, counted, values.length)), histogram.lastCounts());
        }
        PerSampleObserver samples = new PerSampleObserver();
        for (int length : new int[] {0, -1}) {
            assertEquals(
                    "sample length must be at least 1, was " + length,
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> samples.observeWith(new HistogramObserver(), values, 0, 10, length))
                            .getMessage());
        }
        assertEquals(
                "length must be a multiple of the sample length 3, was 10",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> samples.observeWith(new HistogramObserver(), values, 0, 10, 3))
                        .getMessage());
    }

    /** A value in every bin from 64 on, and in every sub-bin of 32 octaves. */
    @Test
    void usualDataTakeTheMemoryThatIsStated() {
        float[] positive = new float[1984 + 32 * 64];
        for (int k = 64; k < 2048; k++) {
            positive[k - 64] = k + 0.5f;
        }
        for (int octave = 0; octave < 32; octave++) {
            for (int n = 0; n < 64; n++) {
                positive[1984 + 64 * octave + n] = Math.scalb(64.5f + n, -1 - octave);
            }
        }
        HistogramObserver observer = new HistogramObserver();
        observer.observe(positive);
        assertEquals(HistogramSummary.USUAL_ONE_SIDED_BYTES, observer.summary().bytes());
        assertEquals(618 * 8 + 63 * 528, HistogramSummary.USUAL_ONE_SIDED_BYTES);
        float[] negative = new float[positive.length];
        for (int i = 0; i < negative.length; i++) {
            negative[i] = -positive[i];
        }
        observer.observe(negative);
        assertEquals(HistogramSummary.USUAL_BYTES, observer.summary().bytes());
        assertEquals(618 * (8 + 528), HistogramSummary.MOST_BYTES);
        // The constants are made once; these are not. A sign of 64 bins has 10 pages.
        assertEquals(618 * 8 + 2 * 63 * 528, BinCounts.bytes(11, 2, 32));
        assertEquals(2 * 10 * 8 + 2 * 2 * 528, BinCounts.bytes(6, 2, 32));
        assertEquals(618 * (8 + 528), BinCounts.mostBytes(11));
        assertEquals(3 * (264 + 536 * 2 * 10) + 82_944, PerChannelHistogramObserver.bytes(3, 64));
        PerChannelHistogramObserver channels = new PerChannelHistogramObserver(new ChannelLayout(3, 1), 64);
        channels.observe(new float[] {1, 2, 1e30f});
        assertEquals(3 * (264 + 8 * 20 + 528) + 82_944, channels.bytes());
    }

    @Test
    void othersWithOtherBinsAreRefused() {
        HistogramSummary few = ofOneChannel(4, 1);
        HistogramSummary all = HistogramLaws.summary(1);
        assertEquals(
                "bins per sign must be as many as in the other summary (2048), was 16",
                assertThrows(IllegalArgumentException.class, () -> few.merge(all))
                        .getMessage());
        assertEquals(
                "bins per sign must be 2048, was 16",
                assertThrows(IllegalArgumentException.class, () -> new HistogramObserver().merge(few))
                        .getMessage());
    }

    @Test
    void meansDigestsAndTexts() {
        HistogramSummary summary = HistogramLaws.summary(1, 2, 6, Float.NaN);
        assertEquals(3, summary.mean());
        assertEquals(9, summary.sum());
        assertEquals(41, summary.sumOfSquares());
        assertEquals(
                "6af5127249ccfd76881cc85115489ad06d78843793650eb41a397998bef3bb08",
                HistogramLaws.summary(Float.NaN, 1e30f, -0f, 1, -2).digest());
        assertEquals("HistogramSummary(" + summary.counts() + ", bins of 2^-8)", summary.toString());
        // The same counts and ends.
        HistogramSummary other = HistogramLaws.summary(1, 3, 6, Float.NaN);
        assertEquals(summary.counts(), other.counts());
        assertNotEquals(summary, other);
        assertNotEquals(summary.hashCode(), other.hashCode());
    }
}
