// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.fixtures.QuantInputs;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** An observer that was cleared is a new one, whatever it had seen and wherever that lay when it was cleared. */
class ClearedObserverTest {
    private static final Map<String, float[]> DATA = QuantInputs.adversarialTensors();

    /** More samples than wait to be counted, so that some are in the histograms and some are not. */
    private static float[] manySamples() {
        Random random = new Random(8);
        float[] values = new float[Blocks.SIZE + 700];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * (i % 5 + 1));
        }
        return values;
    }

    @Test
    void histogramsAreForgotten() {
        HistogramObserver observer = new HistogramObserver();
        DATA.forEach((before, first) -> DATA.forEach((after, second) -> {
            observer.observe(first);
            observer.clear();
            String where = after + " after " + before;
            assertEquals(ValueCounts.NONE, observer.lastCounts(), where);
            assertEquals(HistogramSummary.EMPTY, observer.summary(), where);
            observer.observe(second);
            assertEquals(HistogramLaws.counts(second), observer.lastCounts(), where);
            assertEquals(HistogramLaws.summary(second), observer.summary(), where);
            observer.clear();
        }));
    }

    /** Also what was merged into it, and what a summary had been taken of. */
    @Test
    void mergedHistogramsAreForgotten() {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(manySamples());
        observer.merge(HistogramLaws.summary(1e30f, -2, Float.NaN, 0));
        observer.summary();
        observer.clear();
        assertEquals(HistogramSummary.EMPTY, observer.summary());
    }

    @Test
    void samplesAreForgotten() {
        PerSampleObserver observer = new PerSampleObserver(1);
        for (boolean summaryTaken : new boolean[] {true, false}) {
            observer.observe(manySamples());
            if (summaryTaken) {
                observer.summary();
            }
            observer.clear();
            assertEquals(PerSampleSummary.EMPTY, observer.summary());
        }
        DATA.forEach((name, values) -> {
            observer.observe(values);
            observer.merge(observer.summary());
            observer.clear();
            observer.observe(values);
            PerSampleObserver fresh = new PerSampleObserver(1);
            fresh.observe(values);
            assertEquals(fresh.summary(), observer.summary(), name);
            observer.clear();
        });
    }

    @Test
    void countersAreForgotten() {
        ValueCounter counter = new ValueCounter();
        for (float[] values : DATA.values()) {
            counter.add(values, 0, values.length);
            counter.clear();
            assertEquals(ValueCounts.NONE, counter.counts());
            assertEquals(0, counter.magnitude());
            assertEquals(0, counter.zeros());
        }
    }

    /** A summary of nothing finite has no ends, and adds none. */
    @Test
    void whatIsMergedIsCountedByKind() {
        float[] odd = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, Float.NEGATIVE_INFINITY};
        HistogramObserver observer = new HistogramObserver();
        observer.merge(HistogramLaws.summary(odd));
        observer.merge(HistogramLaws.summary(-3, 0, 2, Float.POSITIVE_INFINITY));
        observer.merge(HistogramLaws.summary(odd));
        assertEquals(new ValueCounts(12, 1, 2, 3, 4, -3, 2), observer.summary().counts());
        PerSampleObserver samples = new PerSampleObserver();
        samples.observe(HistogramLaws.counts(odd));
        samples.observe(HistogramLaws.counts(-3, 0, 2, Float.POSITIVE_INFINITY));
        samples.observe(odd);
        PerSampleSummary summary = samples.summary();
        assertEquals(new ValueCounts(12, 1, 2, 3, 4, -3, 2), summary.values());
        assertEquals(1, summary.samples());
        assertEquals(HistogramLaws.summary(-3), summary.minima());
        assertEquals(HistogramLaws.summary(2), summary.maxima());
    }

    @Test
    void samplesOfBuffersAreThoseOfArrays() {
        float[] values = manySamples();
        for (int length : new int[] {1, 2, 4796 / 2}) {
            PerSampleObserver arrays = new PerSampleObserver(length);
            arrays.observe(values);
            PerSampleObserver buffers = new PerSampleObserver(length);
            FloatBuffer readOnly = FloatBuffer.wrap(values).asReadOnlyBuffer();
            buffers.observe(readOnly);
            assertEquals(arrays.summary(), buffers.summary());
            assertEquals(0, readOnly.remaining());
            HistogramObserver histogram = new HistogramObserver();
            PerSampleObserver beside = new PerSampleObserver();
            beside.observeWith(histogram, values, 0, values.length, length);
            assertEquals(arrays.summary(), beside.summary());
            assertEquals(HistogramLaws.summary(values), histogram.summary());
        }
        assertEquals(
                "length must be a multiple of the sample length 3, was 4",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new PerSampleObserver(3).observe(FloatBuffer.allocate(4)))
                        .getMessage());
        assertEquals(
                "sample length must be at least 1, was 0",
                assertThrows(IllegalArgumentException.class, () -> new PerSampleObserver(0))
                        .getMessage());
    }

    /** One value a sample: the minima and the maxima are the values themselves, in the order of any block. */
    @Test
    void moreSamplesThanWaitAreAllCounted() {
        float[] values = manySamples();
        PerSampleObserver observer = new PerSampleObserver(1);
        observer.observe(values);
        PerSampleSummary summary = observer.summary();
        assertEquals(HistogramLaws.summary(values), summary.minima());
        assertEquals(HistogramLaws.summary(values), summary.maxima());
        assertEquals(HistogramLaws.counts(values), summary.values());
        PerSampleObserver inParts = new PerSampleObserver();
        for (float value : values) {
            inParts.observe(new float[] {value});
        }
        assertEquals(summary, inParts.summary());
        for (int length : List.of(2, 4796 / 4)) {
            PerSampleObserver whole = new PerSampleObserver(length);
            whole.observe(values);
            float[] least = new float[values.length / length];
            for (int i = 0; i < least.length; i++) {
                float[] sample = Arrays.copyOfRange(values, i * length, (i + 1) * length);
                Arrays.sort(sample);
                least[i] = sample[0];
            }
            assertEquals(HistogramLaws.summary(least), whole.summary().minima());
        }
    }
}
