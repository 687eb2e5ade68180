// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import dev.octant.calibration.run.TensorSummary;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.PerSampleObserver;
import dev.octant.observers.PerSampleSummary;

/**
 * The buffer of an aggregate: what a task has seen of a tensor itself, and what others have. Observers are made when
 * the first value is shown: a buffer that only merges takes the memory of a summary. Not thread safe.
 */
final class ObservedValues {
    /** Few values at a time take longer than many: they wait until there are so many. */
    private static final int WAITING = 1 << 10;

    private TensorSummary others = TensorSummary.EMPTY;
    private HistogramObserver histogram;
    private PerSampleObserver samples;
    private float[] waiting = {};
    private int waitingCount;

    /** Observes {@code values[0 .. count)}. */
    void observe(float[] values, int count) {
        if (count >= WAITING) {
            histogram().observe(values, 0, count);
            return;
        }
        if (waiting.length == 0) {
            waiting = new float[WAITING];
        }
        if (count > WAITING - waitingCount) {
            settle();
        }
        System.arraycopy(values, 0, waiting, waitingCount, count);
        waitingCount += count;
    }

    /** Observes {@code values[0 .. count)}, which are a sample; none are none. */
    void observeSample(float[] values, int count) {
        if (count == 0) {
            return;
        }
        if (samples == null) {
            samples = new PerSampleObserver();
        }
        samples.observeWith(histogram(), values, 0, count, count);
    }

    private HistogramObserver histogram() {
        if (histogram == null) {
            histogram = new HistogramObserver();
        }
        return histogram;
    }

    private void settle() {
        if (waitingCount > 0) {
            histogram().observe(waiting, 0, waitingCount);
            waitingCount = 0;
        }
    }

    void merge(TensorSummary summary) {
        others = others.merge(summary);
    }

    /** All that was seen. More may be observed afterwards, as windows do. */
    TensorSummary summary() {
        settle();
        return histogram == null
                ? others
                : others.merge(new TensorSummary(
                        histogram.summary(), samples == null ? PerSampleSummary.EMPTY : samples.summary()));
    }
}
