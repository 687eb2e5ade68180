package dev.octant.benchmarks.work;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.MeanSquaredError;
import dev.octant.observers.RangeEstimator;

/** By least squared error. */
public class SquaredErrorBenchmark extends EstimateBenchmark {
    @Override
    RangeEstimator estimator() {
        return new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC);
    }
}
