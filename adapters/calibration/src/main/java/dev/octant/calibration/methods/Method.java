package dev.octant.calibration.methods;

import dev.octant.core.RealRange;
import dev.octant.observers.Observer;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.estimators.SampleEstimator;
import java.util.function.Supplier;

/** How the range of a tensor is learnt; {@code toString} is its word on the command line, parameters included. */
public sealed interface Method {
    /**
     * The range of what was observed.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    RealRange range(TensorObserver observed);

    /** A pure function of one histogram: data may come in any order, from any thread or shard. */
    record OfHistogram(RangeEstimator estimator) implements Method {
        @Override
        public RealRange range(TensorObserver observed) {
            return estimator.estimate(observed.summary());
        }

        @Override
        public String toString() {
            return estimator.toString();
        }
    }

    /** A pure function of the extremes of samples, which the data must tell apart. */
    record OfSamples(SampleEstimator estimator) implements Method {
        @Override
        public RealRange range(TensorObserver observed) {
            return estimator.estimate(observed.samples(this));
        }

        @Override
        public String toString() {
            return estimator.toString();
        }
    }

    /**
     * An observer that depends on how the data is cut into batches and on their order, as those of the engines do: one
     * thread, one pass, nothing to merge or to resume.
     */
    record OfBatches(String name, Supplier<BatchRange> start) implements Method {
        @Override
        public RealRange range(TensorObserver observed) {
            return observed.batches(this);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An observer of batches and the way from there to a range. */
    record BatchRange(Observer observer, Supplier<RealRange> range) {}
}
