package dev.octant.observers;

import dev.octant.core.RealRange;

/** {@code [min, max]} of the finite values: nothing is clipped. Stateless and thread safe. */
public record MinMax() implements RangeEstimator {
    @Override
    public RealRange estimate(HistogramSummary summary) {
        return summary.range();
    }

    @Override
    public String toString() {
        return "minmax";
    }
}
