// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.observers.HistogramObserver;

/** {@code size} floats into one histogram that has already seen their range. */
public class HistogramBenchmark extends FloatsBenchmark {
    private HistogramObserver observer;

    @Override
    public void prepare() {
        super.prepare();
        observer = new HistogramObserver();
    }

    @Override
    public HistogramObserver call() {
        observer.observe(src, 0, size);
        return observer;
    }
}
