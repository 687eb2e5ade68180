// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.MeanSquaredError;
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

    /** By least divergence. */
    public static class EntropyBenchmark extends EstimateBenchmark {
        @Override
        RangeEstimator estimator() {
            return new Entropy();
        }
    }

    /** By least squared error. */
    public static class SquaredErrorBenchmark extends EstimateBenchmark {
        @Override
        RangeEstimator estimator() {
            return new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC);
        }
    }
}
