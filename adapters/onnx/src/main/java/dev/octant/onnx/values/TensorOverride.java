// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.RealRange;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * How one value of a model becomes codes, in place of what the settings say and the data show. A weight that has one
 * has one pair of parameters, not one for each channel.
 *
 * <p>Immutable and thread safe.
 *
 * @param range the real values that codes stand for, finite
 * @param params scale and zero point themselves, of the type that the settings have for such a value
 * @param scheme whether 0 lies in the middle of the codes; of activations only
 */
public record TensorOverride(Optional<RealRange> range, Optional<QuantParams> params, Optional<QuantScheme> scheme) {
    /** None at all. */
    public static final TensorOverride NONE = new TensorOverride(Optional.empty(), Optional.empty(), Optional.empty());

    public TensorOverride {
        Validate.isTrue(
                range.isEmpty() || range.get().isFinite(),
                "range of a tensor must be finite, was %s",
                range.orElse(null));
        Validate.isTrue(
                scheme.isEmpty() || scheme.get() != QuantScheme.FIXED,
                "scheme of a tensor must be ASYMMETRIC or SYMMETRIC, was FIXED");
    }

    /** Another range. */
    public static TensorOverride of(RealRange range) {
        return new TensorOverride(Optional.of(range), Optional.empty(), Optional.empty());
    }

    /** Another scale and zero point. */
    public static TensorOverride of(QuantParams params) {
        return new TensorOverride(Optional.empty(), Optional.of(params), Optional.empty());
    }

    /** Another scheme. */
    public static TensorOverride of(QuantScheme scheme) {
        return new TensorOverride(Optional.empty(), Optional.empty(), Optional.of(scheme));
    }
}
