// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.observers.MinMaxObserver;

/** Smallest and largest of {@code size} floats; NaN, infinities and zeros counted. */
public class MinMaxBenchmark extends FloatsBenchmark {
    private MinMaxObserver observer;

    @Override
    public void prepare() {
        super.prepare();
        observer = new MinMaxObserver();
    }

    @Override
    public MinMaxObserver call() {
        observer.observe(src, 0, size);
        return observer;
    }
}
