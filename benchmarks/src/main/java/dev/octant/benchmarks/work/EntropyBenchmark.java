// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.observers.estimators.Entropy;
import dev.octant.observers.estimators.RangeEstimator;

/** By least divergence. */
public class EntropyBenchmark extends EstimateBenchmark {
    @Override
    RangeEstimator estimator() {
        return new Entropy();
    }
}
