// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.estimators;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.text.Given;
import dev.octant.observers.HistogramSummary;
import org.apache.commons.lang3.Validate;

/**
 * The range of least squared error when clipped values weigh more than rounded ones.
 *
 * <pre>
 * minimise over f, g in (0, 1]:   E = R + weight * C     with the parameters scheme.choose([f * min, g * max], type)
 * C = sum of (x - dequantize(quantize(x)))^2 over values more than half a step beyond the outermost codes
 * R = the same sum over all other values
 * </pre>
 *
 * <p>Weight 1 is {@link MeanSquaredError}; the larger the weight, the wider the range. Values, search and time are
 * those of {@link MeanSquaredError}. Immutable and thread safe. Source: the idea of AIMET's "tf_enhanced",
 * quantization error plus three times the saturation error, which that engine searches on 512 bins and 357
 * candidates.
 *
 * @param weight what a clipped square counts, positive and finite
 * @param type the grid of codes
 * @param scheme how a candidate range becomes parameters
 */
public record Saturation(double weight, QuantType type, QuantScheme scheme) implements RangeEstimator {
    private static final double DEFAULT_WEIGHT = 3;

    /** @throws IllegalArgumentException if the weight is not positive and finite */
    public Saturation {
        Validate.notNull(type, "type must be given, was null");
        Validate.notNull(scheme, "scheme must be given, was null");
        Validate.isTrue(weight > 0 && weight <= Double.MAX_VALUE, "weight must be positive and finite, was %s", weight);
    }

    /** With AIMET's weight of 3. */
    public Saturation(QuantType type, QuantScheme scheme) {
        this(DEFAULT_WEIGHT, type, scheme);
    }

    @Override
    public RealRange estimate(HistogramSummary summary) {
        Given.require("summary", summary);
        RealRange observed = summary.range();
        if (observed.min() == observed.max()) {
            return observed;
        }
        SquaredError error = new SquaredError(Density.of(summary));
        return RangeSearch.least(observed, type, scheme, (params, limit) -> {
            double extra = (weight - 1) * error.ofClipped(params);
            return error.of(params, limit - extra) + extra;
        });
    }

    @Override
    public String toString() {
        return "saturation=" + Names.plain(weight);
    }
}
