// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Clamped as integers, whose order is that of the steps; NaN, which has none, is blended out at the end.
 *
 * <p>Quotients are taken group by group as if all were numbers. One that is not, of a NaN or of a value beyond every
 * grid, shows in the sum of its group, which is then written once more with care; in place that would be too late.
 */
public final class VectorFake implements FakeKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final int COUNT = Lanes.COUNT;

    /** Values between two looks at the sum. */
    private static final int GROUP = 1024;

    private final FakeKernel twin = new ScalarFake();

    @Override
    public void run(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        int whole = 0;
        if (GridSteps.hold(grid)) {
            whole = length & -COUNT;
            if (grid.divides()) {
                int at = 0;
                // A constant length, where this is inlined, makes the better loop.
                for (; at <= whole - GROUP; at += GROUP) {
                    group(src, srcOffset + at, dst, dstOffset + at, GROUP, grid);
                }
                group(src, srcOffset + at, dst, dstOffset + at, whole - at, grid);
            } else {
                byProduct(src, srcOffset, dst, dstOffset, whole, grid);
            }
        }
        if (whole < length) {
            twin.run(src, srcOffset + whole, dst, dstOffset + whole, length - whole, grid);
        }
    }

    private static void group(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        if (src == dst || !byQuotient(src, srcOffset, dst, dstOffset, length, grid)) {
            withCare(src, srcOffset, dst, dstOffset, length, grid);
        }
    }

    private static void byProduct(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        float inverse = grid.inverse();
        float scale = grid.scale();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            fake(GridSteps.byProduct(x, inverse), low, high, scale)
                    .blend(0f, x.test(VectorOperators.IS_NAN))
                    .intoArray(dst, dstOffset + i);
        }
    }

    /** False if there was, or might have been, a NaN among the quotients. */
    private static boolean byQuotient(
            float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        float scale = grid.scale();
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        FloatVector sum = FloatVector.zero(FLOATS);
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            FloatVector quotient = GridSteps.quotient(x, inverse, minusScale);
            sum = sum.add(quotient);
            fake(quotient.add(Affine.ROUNDER), low, high, scale).intoArray(dst, dstOffset + i);
        }
        return !sum.test(VectorOperators.IS_NAN).anyTrue();
    }

    private static void withCare(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        float scale = grid.scale();
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -scale);
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            fake(GridSteps.byQuotient(x, inverse, minusScale), low, high, scale)
                    .blend(0f, x.test(VectorOperators.IS_NAN))
                    .intoArray(dst, dstOffset + i);
        }
    }

    private static FloatVector fake(FloatVector rounded, int low, int high, float scale) {
        return rounded.reinterpretAsInts()
                .max(low)
                .min(high)
                .reinterpretAsFloats()
                .sub(Affine.ROUNDER)
                .mul(scale);
    }
}
