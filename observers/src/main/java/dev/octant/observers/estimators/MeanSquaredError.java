// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import org.apache.commons.lang3.Validate;

/**
 * The range of least expected squared error after quantization, rounding and clipping together.
 *
 * <pre>
 * minimise over f, g in (0, 1]:   E = sum over values of (x - dequantize(quantize(x)))^2
 * with the parameters scheme.choose([f * min, g * max], type)
 * </pre>
 *
 * <p>Values are taken as spread evenly over their histogram cell; exact zeros cost nothing. The search tries all
 * pairs of powers of two for f and g, 24 octaves each, then moves in ever smaller steps, down to 2^(1/256), as long
 * as the error falls. Deterministic, and a few milliseconds per summary. Of equal errors the wider range wins.
 *
 * <p>Immutable and thread safe.
 *
 * @param type the grid of codes
 * @param scheme how a candidate range becomes parameters
 */
public record MeanSquaredError(QuantType type, QuantScheme scheme) implements RangeEstimator {
    public MeanSquaredError {
        Validate.notNull(type, "type must be given, was null");
        Validate.notNull(scheme, "scheme must be given, was null");
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        RealRange observed = summary.range();
        if (observed.min() == observed.max()) {
            return observed;
        }
        SquaredError error = new SquaredError(Density.of(summary));
        return RangeSearch.least(observed, type, scheme, error::of);
    }

    @Override
    public String toString() {
        return "mse";
    }
}
