// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;

/**
 * {@code [median of the samples' minima, median of their maxima]}; of an even number, halfway between the middle two.
 *
 * <p>The extremes of one histogram bin are taken as spread evenly over it. Each end is off by at most 1 % of the middle
 * extremes and 1/2048 of the largest of its side; where all extremes in a bin are zero, or only one value was observed,
 * it is exact. Stateless and thread safe. Source: NNCF's median aggregator.
 */
public record MedianOfSamples() implements SampleEstimator {
    @Override
    public RealRange estimate(PerSampleSummary summary) {
        Given.require("summary", summary);
        summary.range();
        double lower = median(summary.minima());
        double upper = median(summary.maxima());
        // Bins of different width may place two equal medians a little apart.
        return RealRange.of(Math.min(lower, upper), Math.max(lower, upper));
    }

    private static double median(HistogramSummary extremes) {
        Density density = Density.of(extremes);
        long count = extremes.counts().finite();
        return (place(density, (count - 1) / 2) + place(density, count / 2)) / 2;
    }

    /** Where the value with {@code rank} values below it is expected. */
    private static double place(Density density, long rank) {
        long below = 0;
        int cell = 0;
        while (below + density.count(cell) <= rank) {
            below += density.count(cell++);
        }
        return density.place(cell, (rank - below + 0.5) / density.count(cell));
    }

    @Override
    public String toString() {
        return "median";
    }
}
