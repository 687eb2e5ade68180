package dev.octant.benchmarks.work;

import dev.octant.observers.Entropy;
import dev.octant.observers.RangeEstimator;

/** By least divergence. */
public class EntropyBenchmark extends EstimateBenchmark {
    @Override
    RangeEstimator estimator() {
        return new Entropy();
    }
}
