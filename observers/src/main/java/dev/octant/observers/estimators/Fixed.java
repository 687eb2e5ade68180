// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import org.apache.commons.lang3.Validate;

/**
 * A range known beforehand, whatever was observed: {@code [low, high]}.
 *
 * <p>It needs no data, so a summary of nothing is accepted too. Immutable and thread safe.
 *
 * @param range the range, its ends finite as floats
 */
public record Fixed(RealRange range) implements RangeEstimator {
    /** @throws IllegalArgumentException if an end is infinite as a float */
    public Fixed {
        Given.require("range", range);
        Validate.isTrue(
                Float.isFinite((float) range.min()) && Float.isFinite((float) range.max()),
                "range must have ends finite as floats, was %s",
                range);
    }

    /** The range {@code [low, high]}. */
    public static Fixed of(double low, double high) {
        return new Fixed(RealRange.of(low, high));
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        return range;
    }

    /** All that the function makes of the range: what is known beforehand is known of the tensor alone. */
    @Override
    public RangeEstimator forOutputs() {
        return new MinMax();
    }

    @Override
    public String toString() {
        return "fixed=" + Names.plain(range.min()) + "," + Names.plain(range.max());
    }
}
