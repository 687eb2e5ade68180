// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.methods;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.formats.VisibleText;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.Observer;
import dev.octant.observers.estimators.ChosenRange;
import dev.octant.observers.estimators.RangeEstimator;
import dev.octant.observers.estimators.SampleEstimator;
import dev.octant.ops.Activation;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How the range of a tensor is learnt; {@code toString} is its name, parameters included. Immutable and thread safe,
 * like the estimator of which it is.
 */
public sealed interface Method {
    /**
     * What it chooses for what was observed.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    ChosenRange choose(TensorObserver observed);

    /** The range of outputs, by the same method, where it did not choose that with the range of the input. */
    default RealRange outputs(TensorObserver observed) {
        return choose(observed).input();
    }

    /** How a table names it: one that needs to be told the op says of which. */
    default String nameFor(Optional<Activation> op) {
        return toString();
    }

    /**
     * A pure function of one histogram: data may come in any order, from any thread or shard.
     *
     * @param estimator may be the caller's own; its {@code toString} is the method's name in tables, so it must be
     *     the same in every process
     */
    record OfHistogram(RangeEstimator estimator) implements Method {
        /**
         * @throws IllegalArgumentException if the estimator does not name itself: its {@code toString} is that of any
         *     object, as of a lambda, or cannot be printed
         */
        public OfHistogram {
            Given.require("estimator", estimator);
            String name = estimator.toString();
            String ofObject = estimator.getClass().getName() + "@" + Integer.toHexString(estimator.hashCode());
            if (name == null || name.equals(ofObject) || !VisibleText.isPrintable(name)) {
                throw new IllegalArgumentException("estimator must name itself by its toString, as a record does and a"
                        + " lambda does not, was " + (name == null ? "null" : "'" + VisibleText.of(name) + "'"));
            }
        }

        /**
         * What the estimator chooses for a histogram.
         *
         * @throws IllegalStateException if no finite value was observed; or if an estimator of the caller's own fails
         *     without a sentence, or chooses nothing: the method's name is in it
         */
        public ChosenRange choose(HistogramSummary summary) {
            Given.require("summary", summary);
            ChosenRange chosen;
            try {
                chosen = estimator.choose(summary);
            } catch (RuntimeException e) {
                boolean isRefusal = e instanceof IllegalStateException || e instanceof IllegalArgumentException;
                if (isRefusal && e.getMessage() != null) {
                    throw e;
                }
                throw new IllegalStateException("method " + this + " must choose a range, failed with " + e, e);
            }
            if (chosen == null) {
                throw new IllegalStateException("method " + this + " must choose a range, chose none");
            }
            return chosen;
        }

        @Override
        public ChosenRange choose(TensorObserver observed) {
            Given.require("observed", observed);
            return choose(observed.summary());
        }

        @Override
        public RealRange outputs(TensorObserver observed) {
            return estimator.forOutputs().estimate(observed.summary());
        }

        @Override
        public String nameFor(Optional<Activation> op) {
            return estimator
                    + op.filter(known -> estimator.choosesOutput())
                            .map(known -> "(" + known + ")")
                            .orElse("");
        }

        @Override
        public String toString() {
            return estimator.toString();
        }
    }

    /** A pure function of the extremes of samples, which the data must tell apart. */
    record OfSamples(SampleEstimator estimator) implements Method {
        @Override
        public ChosenRange choose(TensorObserver observed) {
            Given.require("observed", observed);
            return new ChosenRange(estimator.estimate(observed.samples(this)), Optional.empty());
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
        public ChosenRange choose(TensorObserver observed) {
            Given.require("observed", observed);
            return new ChosenRange(observed.batches(this), Optional.empty());
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** An observer of batches and the way from there to a range. */
    record BatchRange(Observer observer, Supplier<RealRange> range) {}
}
