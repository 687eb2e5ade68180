// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;

/**
 * {@code [-t, t]} with {@code t = max(|min|, |max|)}: nothing is clipped, and the range is symmetric also for
 * one-sided data.
 *
 * <p>The range may pass the observed ends. Stateless and thread safe. Source: TensorRT's dynamic range,
 * whose scale is {@code t / 127}.
 */
public record AbsMax() implements RangeEstimator {
    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        RealRange observed = summary.range();
        double most = Math.max(Math.abs(observed.min()), Math.abs(observed.max()));
        return RealRange.of(-most, most);
    }

    @Override
    public String toString() {
        return "absmax";
    }
}
