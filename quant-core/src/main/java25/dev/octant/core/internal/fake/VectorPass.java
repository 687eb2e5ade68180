// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorSpecies;

/** In range is what the clamp of integers leaves as it is; NaN of either sign is not. */
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
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector rounded = GridSteps.byProduct(FloatVector.fromArray(FLOATS, x, xOffset + i), inverse);
            passed(rounded, FloatVector.fromArray(FLOATS, dy, dyOffset + i), low, high)
                    .intoArray(dx, dxOffset + i);
        }
    }

    private static void byQuotient(
            float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -grid.scale());
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector rounded =
                    GridSteps.byQuotient(FloatVector.fromArray(FLOATS, x, xOffset + i), inverse, minusScale);
            passed(rounded, FloatVector.fromArray(FLOATS, dy, dyOffset + i), low, high)
                    .intoArray(dx, dxOffset + i);
        }
    }

    private static FloatVector passed(FloatVector rounded, FloatVector dy, int low, int high) {
        IntVector bits = rounded.reinterpretAsInts();
        return FloatVector.zero(FLOATS)
                .blend(dy, bits.eq(bits.max(low).min(high)).cast(FLOATS));
    }
}
