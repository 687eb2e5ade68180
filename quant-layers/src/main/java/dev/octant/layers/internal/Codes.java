// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import dev.octant.core.QuantParams;

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
}
