// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

/** Observes and merges: for the test of what that leaves behind. */
public final class ObserverCalls implements Runnable {
    @Override
    public void run() {
        HistogramObserver histogram = new HistogramObserver();
        MinMaxObserver ends = new MinMaxObserver();
        float[] values = {-1, 0.5f, 3};
        histogram.observe(values);
        ends.observe(values);
        histogram.summary().merge(histogram.summary());
        ends.summary().merge(ends.summary());
    }
}
