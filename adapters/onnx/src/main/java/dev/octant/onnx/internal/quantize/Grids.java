// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.quantize;

import dev.octant.core.ParameterPolicy;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.onnx.values.TensorOverride;
import java.util.Map;

/**
 * On which grids the codes of a model lie, by the rule of ONNX Runtime's tool. Weights are symmetric int8.
 *
 * @param type of activations
 * @param scheme of activations
 * @param isTool whether the tool's rule holds for zeros too: the scale 1 for what has no other value, from which a bias
 *     gets its step
 * @param isReduced whether weights have the codes -64..64 only
 * @param leastWidth what the range of a value is widened to at least
 * @param overrides for values by name
 */
public record Grids(
        QuantType type,
        QuantScheme scheme,
        boolean isTool,
        boolean isReduced,
        double leastWidth,
        Map<String, TensorOverride> overrides) {
    private static final int REDUCED_STEPS = 128;

    public Grids {
        overrides = Map.copyOf(overrides);
    }

    /** Parameters of an activation. */
    QuantParams activation(String value, RealRange range) {
        TensorOverride override = overrides.getOrDefault(value, TensorOverride.NONE);
        if (override.params().isPresent()) {
            return override.params().get();
        }
        return ParameterPolicy.ONNX_RUNTIME.choose(
                widened(override.range().orElse(range)), type, override.scheme().orElse(scheme));
    }

    /** Parameters of a weight, or of a channel of one. */
    QuantParams weight(RealRange range) {
        RealRange widened = widened(range);
        QuantParams params = ParameterPolicy.ONNX_RUNTIME.choose(widened, QuantType.INT8, QuantScheme.SYMMETRIC);
        if (!isReduced) {
            return params;
        }
        float magnitude = (float) Math.max(-widened.min(), widened.max());
        double scale = (double) (magnitude + magnitude) / REDUCED_STEPS;
        return scale < Float.MIN_NORMAL ? params : QuantParams.of(QuantType.INT8, (float) scale, 0);
    }

    /** Whether a weight of this range has zeros only, as far as floats have a scale for it. */
    boolean isZero(RealRange weight) {
        RealRange widened = widened(weight);
        return !isTool && Math.max(-widened.min(), widened.max()) / QuantType.INT8.high() < Float.MIN_NORMAL;
    }

    /** The range of an activation that was never anything but 0; others are as they are. */
    RealRange unlessZero(RealRange range, RealRange otherwise) {
        return !isTool && widened(range).includingZero().width() == 0 ? otherwise : range;
    }

    private RealRange widened(RealRange range) {
        RealRange zero = range.includingZero();
        return zero.width() < leastWidth ? new RealRange(zero.min(), zero.min() + leastWidth) : range;
    }
}
