// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.observers.estimators.MeanSquaredError;
import dev.octant.observers.estimators.RangeEstimator;

/** By least squared error. */
public class SquaredErrorBenchmark extends EstimateBenchmark {
    @Override
    RangeEstimator estimator() {
        return new MeanSquaredError(QuantType.INT8, QuantScheme.ASYMMETRIC);
    }
}
