// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.observers.PerSampleSummary;

/**
 * Decides a range from the extremes of samples.
 *
 * <p>A pure function, and a record whose {@code toString} is the name on the command line: {@code mean}, {@code
 * median}. The range lies within the observed {@code [min, max]}. Stateless and thread safe.
 */
@FunctionalInterface
public interface SampleEstimator {
    /**
     * The range for what was observed.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    RealRange estimate(PerSampleSummary summary);
}
