// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import dev.octant.core.QuantParams;
import dev.octant.ops.Activation;
import org.apache.commons.lang3.Validate;

/** Codes of values that were computed in double. Stateless. Internal. */
public final class Codes {
    private Codes() {}

    /**
     * {@code clamp(rint(value / scale) + zero point)}, in double: no float lies between. NaN has the zero point, as in
     * {@link QuantParams#quantize(float)}.
     */
    public static int of(double value, QuantParams grid) {
        if (Double.isNaN(value)) {
            return grid.zeroPoint();
        }
        double code = Math.rint(value / grid.scale()) + grid.zeroPoint();
        return (int) Math.min(Math.max(code, grid.type().low()), grid.type().high());
    }

    /**
     * That of an activation's value.
     *
     * @throws IllegalArgumentException if the value is NaN
     */
    public static int of(Activation activation, double x, QuantParams grid) {
        double y = activation.value(x);
        Validate.isTrue(!Double.isNaN(y), "%s must be a number for every input, was NaN at %s", activation, x);
        return of(y, grid);
    }
}
