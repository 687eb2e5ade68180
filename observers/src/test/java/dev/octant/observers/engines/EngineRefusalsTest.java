// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What the engines' observers refuse, with its sentence; and that they take the last value before it. */
class EngineRefusalsTest {
    private static final float[] DATA = {-3, -1, 0, 0.5f, 1, 2};

    /** Eighths add up to 1 without rounding. */
    private static final float[] EIGHT = {-3, -1, -0.5f, 0, 0.25f, 0.5f, 1, 2};

    private static void refused(String sentence, Executable call) {
        assertEquals(
                sentence, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    @Test
    void shares() {
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(8);
        NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
        values.observe(EIGHT);
        nvidia.observe(EIGHT);
        for (double wrong : new double[] {-Double.MIN_VALUE, Math.nextUp(100.0), Double.NaN}) {
            String sentence = "percent must be within 0..100, was " + wrong;
            refused(sentence, () -> values.percentile(wrong));
            refused(sentence, () -> nvidia.percentile(wrong, QuantType.INT8));
            refused(sentence, () -> new OnnxRuntimeMagnitudeObserver(wrong, 8));
        }
        // Of eight bins over [-3, 3], the left edges of the first and of the last that hold values.
        assertEquals(RealRange.of(-3, 1.5), values.percentile(100));
        assertEquals(RealRange.of(0, 0), nvidia.percentile(0, QuantType.UINT8));
        OnnxRuntimeMagnitudeObserver none = new OnnxRuntimeMagnitudeObserver(0, 8);
        none.observe(EIGHT);
        assertEquals(RealRange.of(0, 0), none.range());
        OnnxRuntimeMagnitudeObserver all = new OnnxRuntimeMagnitudeObserver(100, 6);
        all.observe(EIGHT);
        assertEquals(RealRange.of(-2.5, 2), all.range());
    }

    @Test
    void bins() {
        for (int wrong : new int[] {0, -1, (1 << 20) + 1}) {
            String sentence = "bins must be within 1..1048576, was " + wrong;
            refused(sentence, () -> new OnnxRuntimeHistogramObserver(wrong));
            refused(sentence, () -> new OnnxRuntimeMagnitudeObserver(99, wrong));
        }
        for (int bins : new int[] {1, 1 << 20}) {
            OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(bins);
            values.observe(DATA);
            assertEquals(bins, values.bins());
            OnnxRuntimeMagnitudeObserver magnitudes = new OnnxRuntimeMagnitudeObserver(99, bins);
            magnitudes.observe(DATA);
            assertEquals(bins, magnitudes.bins());
        }
    }

    @Test
    void levels() {
        OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver(8);
        observer.observe(DATA);
        for (int wrong : new int[] {1, 9, 0, -2}) {
            refused("levels must be within 2..8, was " + wrong, () -> observer.entropy(wrong));
        }
        assertEquals(RealRange.of(-3, 2), observer.entropy(8));
        RealRange two = observer.entropy(2);
        assertEquals(true, two.min() >= -3 && two.max() <= 2, two.toString());
    }

    @Test
    void strides() {
        NvidiaHistogramObserver observer = new NvidiaHistogramObserver();
        observer.observe(DATA);
        for (int wrong : new int[] {0, -1}) {
            refused("stride must be at least 1, was " + wrong, () -> observer.entropy(QuantType.INT8, wrong));
            refused("stride must be at least 1, was " + wrong, () -> observer.meanSquaredError(QuantType.INT8, wrong));
        }
    }

    @Test
    void tooManyBinsForTheSearch() {
        OnnxRuntimeHistogramObserver observer = new OnnxRuntimeHistogramObserver((1 << 14) + 1);
        observer.observe(DATA);
        assertEquals(
                "histogram must have at most 16384 bins for the entropy search, was 16385",
                assertThrows(IllegalStateException.class, () -> observer.entropy(128))
                        .getMessage());
    }

    /** Growth up to the last bin that may be, and one further. */
    @Test
    void growth() {
        OnnxRuntimeHistogramObserver values = new OnnxRuntimeHistogramObserver(2);
        values.observe(new float[] {-1, 1});
        // floor((x - 1) / 1) + 1 bins of width 1 on both sides of two.
        int most = ((1 << 20) - 2) / 2;
        float last = most + 0.5f;
        refused(
                "batch must need at most 1048576 bins of width 1.0, was a largest magnitude of " + (last + 1),
                () -> values.observe(new float[] {last + 1}));
        assertEquals(2, values.bins());
        values.observe(new float[] {last});
        assertEquals(1 << 20, values.bins());
        assertEquals(1, values.count((1 << 20) - 1));

        NvidiaHistogramObserver nvidia = new NvidiaHistogramObserver();
        nvidia.observe(new float[] {2048});
        float far = 1 << 20;
        refused(
                "batch must need at most 1048576 bins of width 1.0, was a largest magnitude of " + (far + 1),
                () -> nvidia.observe(new float[] {far + 1}));
        assertEquals(2048, nvidia.bins());
        nvidia.observe(new float[] {far});
        assertEquals(1 << 20, nvidia.bins());
        assertEquals(1, nvidia.count((1 << 20) - 1));
        assertEquals(RealRange.of(-far, far), nvidia.absMax(QuantType.INT8));
        assertEquals(RealRange.of(0, far), nvidia.absMax(QuantType.UINT8));
    }

    @Test
    void arraysAreChecked() {
        for (BatchObserver observer : List.of(
                new TorchHistogramObserver(),
                new NvidiaHistogramObserver(),
                new OnnxRuntimeHistogramObserver(8),
                new OnnxRuntimeMagnitudeObserver(99, 8))) {
            assertThrows(IndexOutOfBoundsException.class, () -> observer.observe(DATA, 4, 3));
            assertThrows(IndexOutOfBoundsException.class, () -> observer.observe(DATA, -1, 3));
            observer.observe(DATA, 6, 0);
            assertThrows(IllegalStateException.class, observer::min);
            assertThrows(IllegalStateException.class, observer::max);
            observer.observe(DATA, 1, 4);
            assertEquals(-1, observer.min());
            assertEquals(1, observer.max());
        }
    }

    /** More than 10,000 empty bins for each filled one leave a filled bin nothing. */
    @Test
    void emptyBins() {
        long[] counts = new long[10_002];
        counts[5000] = 7;
        OnnxRuntimeEntropy entropy = new OnnxRuntimeEntropy(counts, 2);
        assertEquals(
                "histogram must have at most 10000 empty bins for each filled one, was 10001 empty and 1 filled",
                assertThrows(IllegalStateException.class, () -> entropy.divergence(0, counts.length))
                        .getMessage());
        long[] fewer = Arrays.copyOf(counts, 9000);
        assertEquals(true, new OnnxRuntimeEntropy(fewer, 2).divergence(0, 9000) >= 0);
    }

    /** The search begins with half as many bins on each side as there are levels; where nothing is, it ends there. */
    @Test
    void theNarrowestWindow() {
        long[] counts = new long[33];
        assertEquals(Float.POSITIVE_INFINITY, new OnnxRuntimeEntropy(counts, 4).divergence(0, 33));
        assertEquals(2, new OnnxRuntimeEntropy(counts, 4).best());
        counts[16] = 9;
        assertEquals(2, new OnnxRuntimeEntropy(counts, 4).best());
    }

    @Test
    void theLargestFloatIsFinite() {
        OnnxRuntimeMagnitudeObserver observer = new OnnxRuntimeMagnitudeObserver(100, 8);
        observer.observe(new float[] {0, -Float.MAX_VALUE, Float.NEGATIVE_INFINITY});
        assertEquals(-Float.MAX_VALUE, observer.min());
        assertEquals(0, observer.max());
    }

    /** One bin of [4.5, 5.5] ends the range at 4.5, below all data; of two, the second begins at 5. */
    @Test
    void endsThatMeetOrCross() {
        OnnxRuntimeMagnitudeObserver meeting = new OnnxRuntimeMagnitudeObserver(99, 2);
        meeting.observe(new float[] {5, 5});
        assertEquals(RealRange.of(5, 5), meeting.range());
        OnnxRuntimeMagnitudeObserver crossing = new OnnxRuntimeMagnitudeObserver(99, 1);
        crossing.observe(new float[] {5, 5});
        assertEquals(RealRange.of(0, 4.5), crossing.range());
        OnnxRuntimeMagnitudeObserver negative = new OnnxRuntimeMagnitudeObserver(99, 1);
        negative.observe(new float[] {-5, -5});
        assertEquals(RealRange.of(-4.5, 0), negative.range());
    }

    @Test
    void partsOfBuffersAreBatches() {
        for (boolean readOnly : new boolean[] {false, true}) {
            FloatBuffer whole = FloatBuffer.wrap(new float[] {99, 99, 1, 2, -3, 99});
            FloatBuffer part = whole.position(1).slice().position(1).limit(4);
            OnnxRuntimeMagnitudeObserver observer = new OnnxRuntimeMagnitudeObserver(99, 8);
            observer.observe(readOnly ? part.asReadOnlyBuffer() : part);
            assertEquals(-3, observer.min());
            assertEquals(2, observer.max());
            assertEquals(readOnly ? 3 : 0, part.remaining());
        }
    }
}
