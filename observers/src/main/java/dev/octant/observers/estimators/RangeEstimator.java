// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import java.util.Optional;

/**
 * Decides which range of the observed values the codes should span.
 *
 * <p>A pure function: the same summary gives the same range. Estimators are records that carry their own parameters,
 * and their {@code toString} is the name used in tables and on the command line: {@code minmax}, {@code
 * percentile=99.99}, {@code entropy}, {@code mse}, {@code saturation=3}.
 *
 * <p>The range lies within the observed {@code [min, max]}, except that of {@link AbsMax} and {@link Fixed}. Constant,
 * all-zero, one-sided and subnormal data are ordinary input. Stateless and thread safe.
 */
@FunctionalInterface
public interface RangeEstimator {
    /**
     * The range for what was observed.
     *
     * @throws IllegalStateException if no finite value was observed, but for {@link Fixed}, which needs none
     */
    RealRange estimate(HistogramSummary summary);

    /**
     * The range for what was observed, and the range of what a function makes of it where the estimator chooses that,
     * too: {@link ConsumerAware} does. What reads the tensor then takes both; any other estimator leaves the outputs
     * to be looked at by themselves, see {@link #forOutputs}.
     *
     * @throws IllegalStateException as {@link #estimate}
     */
    default ChosenRange choose(HistogramSummary summary) {
        Given.require("summary", summary);
        return new ChosenRange(estimate(summary), Optional.empty());
    }

    /** Whether {@link #choose} gives an output range, which depends on what function the estimator was made for. */
    default boolean choosesOutput() {
        return false;
    }

    /**
     * The estimator for the outputs of the function that reads the tensor, where this one chose the range of the
     * tensor: the same, unless a range of its own makes no sense for them.
     */
    default RangeEstimator forOutputs() {
        return this;
    }
}
