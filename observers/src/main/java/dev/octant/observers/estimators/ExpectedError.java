// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantParams;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;

/**
 * What quantizing the observed values with some parameters is expected to cost, per finite value.
 *
 * <pre>
 * rounding + clipping = mean of (x - dequantize(quantize(x)))^2
 * </pre>
 *
 * <p>A value is clipped where it lies more than half a step beyond the outermost codes. The values of a histogram
 * cell are taken as spread evenly over it; exact zeros cost nothing. Units: squares of real values. Immutable and
 * thread safe.
 *
 * @param rounding the mean square that comes from values not clipped
 * @param clipping the mean square that comes from clipped values
 * @param clippedShare the share of the values that is clipped, 0 to 1
 */
public record ExpectedError(double rounding, double clipping, double clippedShare) {
    /**
     * The expected error of some parameters on what was observed: how range estimators are compared.
     *
     * @throws IllegalStateException if no finite value was observed
     */
    public static ExpectedError of(HistogramSummary summary, QuantParams params) {
        Given.require("summary", summary);
        Given.require("params", params);
        SquaredError error = new SquaredError(Density.of(summary));
        long values = summary.counts().finite();
        double clipping = error.ofClipped(params) / values;
        double total = error.of(params, Double.POSITIVE_INFINITY) / values;
        return new ExpectedError(Math.max(0, total - clipping), clipping, error.clipped(params) / values);
    }

    /** The mean squared error: rounding and clipping together. */
    public double total() {
        return rounding + clipping;
    }
}
