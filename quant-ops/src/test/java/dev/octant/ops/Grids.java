// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.fixtures.Grid;
import dev.octant.fixtures.QuantInputs;
import java.util.Random;

/** The oracle's grids for the core's parameters, and back. */
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

    /** Parameters of a type: the scale usual in models three times of four, any legal one otherwise. */
    static QuantParams random(QuantType type, Random random) {
        float scale = random.nextInt(4) == 0 ? QuantInputs.scale(random) : QuantInputs.realisticScale(random);
        return QuantParams.of(type, scale, QuantInputs.zeroPoint(random, type.low(), type.high()));
    }
}
