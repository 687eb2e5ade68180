// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.fixtures.Grid;

/** The oracle's grids for this module's parameters, and back. */
final class Grids {
    private Grids() {}

    static Grid of(QuantParams params) {
        return new Grid(
                params.scale(),
                params.zeroPoint(),
                params.type().low(),
                params.type().high());
    }

    static QuantParams params(Grid grid) {
        for (QuantType type : QuantType.values()) {
            if (type.low() == grid.low() && type.high() == grid.high()) {
                return QuantParams.of(type, grid.scale(), grid.zeroPoint());
            }
        }
        throw new AssertionError("no type has the codes of " + grid);
    }
}
