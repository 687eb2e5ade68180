// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.RangeEstimator;

/** A range from the histogram of {@code size} normal values. */
public abstract class EstimateBenchmark extends BesidePeers {
    HistogramSummary summary;
    private RangeEstimator estimator;

    abstract RangeEstimator estimator();

    @Override
    public void prepare() {
        HistogramObserver observer = new HistogramObserver();
        observer.observe(Data.reals(size));
        summary = observer.summary();
        estimator = estimator();
    }

    @Override
    public RealRange call() {
        return estimator.estimate(summary);
    }
}
