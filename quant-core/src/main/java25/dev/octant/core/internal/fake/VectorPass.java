// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The bits of steps in range are neighbours: less those of the lowest, they are the first of the unsigned numbers. NaN
 * of either sign is none of them, so a quotient may be NaN where the value is beyond every grid.
 */
public final class VectorPass implements PassKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final int COUNT = Lanes.COUNT;

    private final PassKernel twin = new ScalarPass();

    @Override
    public void run(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        int whole = 0;
        if (GridSteps.hold(grid)) {
            whole = length & -COUNT;
            if (grid.divides()) {
                byQuotient(x, xOffset, dy, dyOffset, dx, dxOffset, whole, grid);
            } else {
                byProduct(x, xOffset, dy, dyOffset, dx, dxOffset, whole, grid);
            }
        }
        if (whole < length) {
            twin.run(x, xOffset + whole, dy, dyOffset + whole, dx, dxOffset + whole, length - whole, grid);
        }
    }

    private static void byProduct(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        float inverse = grid.inverse();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int width = (int) grid.high() - (int) grid.low();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector rounded = GridSteps.byProduct(FloatVector.fromArray(FLOATS, x, xOffset + i), inverse);
            passed(rounded, FloatVector.fromArray(FLOATS, dy, dyOffset + i), low, width)
                    .intoArray(dx, dxOffset + i);
        }
    }

    private static void byQuotient(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -grid.scale());
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int width = (int) grid.high() - (int) grid.low();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector rounded = GridSteps.quotient(FloatVector.fromArray(FLOATS, x, xOffset + i), inverse, minusScale)
                    .add(Affine.ROUNDER);
            passed(rounded, FloatVector.fromArray(FLOATS, dy, dyOffset + i), low, width)
                    .intoArray(dx, dxOffset + i);
        }
    }

    private static FloatVector passed(FloatVector rounded, FloatVector dy, int low, int width) {
        return FloatVector.zero(FLOATS)
                .blend(
                        dy,
                        rounded.reinterpretAsInts()
                                .sub(low)
                                .compare(VectorOperators.ULE, width)
                                .cast(FLOATS));
    }
}
