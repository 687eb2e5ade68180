// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.affine.ExactQuotient;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Steps of a grid, vector by vector; see {@link ExactQuotient}. */
final class GridSteps {
    /** Up to here the quotient by multiplication is shown to round as the division does. */
    private static final float WIDEST = 255;

    private GridSteps() {}

    /** Whether the vectors round as the scalar loop does. */
    static boolean hold(FakeGrid grid) {
        return !grid.divides() || (ExactQuotient.holds(grid.scale()) && grid.low() >= -WIDEST && grid.high() <= WIDEST);
    }

    /** The bits of {@code ROUNDER + rint(steps)}, which rise with the steps; beyond 2^22 steps only that. */
    static FloatVector byProduct(FloatVector x, float inverse) {
        return x.mul(inverse).add(Affine.ROUNDER);
    }

    /** The quotient, but NaN where it is none: of NaN, of infinities, and where the estimate is infinite. */
    static FloatVector quotient(FloatVector x, FloatVector inverse, FloatVector minusScale) {
        FloatVector estimate = x.mul(inverse);
        return estimate.fma(minusScale, x).fma(inverse, estimate);
    }

    /** The same by quotient: where the estimate is infinite it is the quotient, since the correction is NaN. */
    static FloatVector byQuotient(FloatVector x, FloatVector inverse, FloatVector minusScale) {
        FloatVector estimate = x.mul(inverse);
        FloatVector quotient = estimate.fma(minusScale, x).fma(inverse, estimate);
        return quotient.blend(estimate, quotient.test(VectorOperators.IS_NAN)).add(Affine.ROUNDER);
    }

    /** Whether no quotient of some vectors is NaN: times 0 all others are 0, an infinite estimate is NaN as well. */
    static boolean numbers(float[] x, int offset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(Lanes.FLOATS, grid.inverse());
        FloatVector sum = FloatVector.zero(Lanes.FLOATS);
        for (int i = 0; i < length; i += Lanes.COUNT) {
            sum = FloatVector.fromArray(Lanes.FLOATS, x, offset + i)
                    .mul(inverse)
                    .fma(FloatVector.zero(Lanes.FLOATS), sum);
        }
        return !Float.isNaN(sum.reduceLanes(VectorOperators.ADD));
    }
}
