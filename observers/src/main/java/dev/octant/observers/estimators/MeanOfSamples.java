// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.PerSampleSummary;

/**
 * {@code [mean of the samples' minima, mean of their maxima]}, each computed exactly and rounded once to a double.
 *
 * <p>Stateless and thread safe. Source: NNCF's "mean_min_max", its default for activations.
 */
public record MeanOfSamples() implements SampleEstimator {
    @Override
    public RealRange estimate(PerSampleSummary summary) {
        Given.require("summary", summary);
        return RealRange.of(summary.minima().mean(), summary.maxima().mean());
    }

    @Override
    public String toString() {
        return "mean";
    }
}
