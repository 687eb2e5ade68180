// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Clamped as integers, whose order is that of the steps; NaN, which has none, is blended out at the end. */
public final class VectorFake implements FakeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final int COUNT = Lanes.COUNT;

    private final FakeKernel twin = new ScalarFake();

    @Override
    public void run(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        int whole = 0;
        if (GridSteps.hold(grid)) {
            whole = length & -COUNT;
            if (grid.divides()) {
                byQuotient(src, srcOffset, dst, dstOffset, whole, grid);
            } else {
                byProduct(src, srcOffset, dst, dstOffset, whole, grid);
            }
        }
        if (whole < length) {
            twin.run(src, srcOffset + whole, dst, dstOffset + whole, length - whole, grid);
        }
    }

    private static void byProduct(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        float inverse = grid.inverse();
        float scale = grid.scale();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            fake(GridSteps.byProduct(x, inverse), x, low, high, scale).intoArray(dst, dstOffset + i);
        }
    }

    private static void byQuotient(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        float scale = grid.scale();
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            fake(GridSteps.byQuotient(x, inverse, minusScale), x, low, high, scale)
                    .intoArray(dst, dstOffset + i);
        }
    }

    private static FloatVector fake(FloatVector rounded, FloatVector x, int low, int high, float scale) {
        return rounded.reinterpretAsInts()
                .max(low)
                .min(high)
                .reinterpretAsFloats()
                .sub(Affine.ROUNDER)
                .mul(scale)
                .blend(0f, x.test(VectorOperators.IS_NAN));
    }
}
