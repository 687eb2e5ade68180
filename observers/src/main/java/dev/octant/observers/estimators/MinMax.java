// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;

/** {@code [min, max]} of the finite values: nothing is clipped. Stateless and thread safe. */
public record MinMax() implements RangeEstimator {
    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        return summary.range();
    }

    @Override
    public String toString() {
        return "minmax";
    }
}
