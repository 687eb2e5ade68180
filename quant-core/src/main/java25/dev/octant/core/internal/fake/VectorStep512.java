// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Two vectors of eight doubles are the sixteen lanes. A product of floats is exact in double, so that a fused addition
 * gives the bits of the scalar loop; what a sum leaves out is added as 0, which changes none, for no lane is -0.
 */
public final class VectorStep512 implements StepKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_512;
    private static final int HALF = LANES / 2;

    private final StepKernel twin = new ScalarStep();

    public VectorStep512() {
        Shapes.require(512);
    }

    @Override
    public int run(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            FakeGrid grid,
            double[] sums,
            int stepLane,
            int zeroLane,
            int first) {
        int head = GridSteps.hold(grid) ? Math.min(-first & (LANES - 1), length) : length;
        int whole = (length - head) & -LANES;
        int nans = 0;
        if (head > 0) {
            nans += twin.run(x, xOffset, dy, dyOffset, dx, dxOffset, head, grid, sums, stepLane, zeroLane, first);
        }
        if (whole > 0) {
            nans += lanes(
                    x, xOffset + head, dy, dyOffset + head, dx, dxOffset + head, whole, grid, sums, stepLane, zeroLane);
        }
        int at = head + whole;
        if (at < length) {
            nans += twin.run(
                    x,
                    xOffset + at,
                    dy,
                    dyOffset + at,
                    dx,
                    dxOffset + at,
                    length - at,
                    grid,
                    sums,
                    stepLane,
                    zeroLane,
                    first + at);
        }
        return nans;
    }

    private static int lanes(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            FakeGrid grid,
            double[] sums,
            int stepLane,
            int zeroLane) {
        boolean divides = grid.divides();
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        FloatVector scale = FloatVector.broadcast(FLOATS, grid.scale());
        FloatVector minusScale = scale.neg();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        DoubleVector steps0 = DoubleVector.fromArray(DOUBLES, sums, stepLane);
        DoubleVector steps1 = DoubleVector.fromArray(DOUBLES, sums, stepLane + HALF);
        DoubleVector zeros0 = DoubleVector.fromArray(DOUBLES, sums, zeroLane);
        DoubleVector zeros1 = DoubleVector.fromArray(DOUBLES, sums, zeroLane + HALF);
        int nans = 0;
        for (int i = 0; i < length; i += LANES) {
            FloatVector x0 = FloatVector.fromArray(FLOATS, x, xOffset + i);
            FloatVector x1 = FloatVector.fromArray(FLOATS, x, xOffset + i + HALF);
            FloatVector dy0 = FloatVector.fromArray(FLOATS, dy, dyOffset + i);
            FloatVector dy1 = FloatVector.fromArray(FLOATS, dy, dyOffset + i + HALF);
            VectorMask<Float> nan0 = x0.test(VectorOperators.IS_NAN);
            VectorMask<Float> nan1 = x1.test(VectorOperators.IS_NAN);
            if (nan0.or(nan1).anyTrue()) {
                nans += nan0.trueCount() + nan1.trueCount();
                dy0 = dy0.blend(0f, nan0);
                dy1 = dy1.blend(0f, nan1);
            }
            IntVector bits0 = rounded(x0, inverse, minusScale, divides);
            IntVector bits1 = rounded(x1, inverse, minusScale, divides);
            IntVector clamped0 = bits0.max(low).min(high);
            IntVector clamped1 = bits1.max(low).min(high);
            VectorMask<Float> inside0 = bits0.eq(clamped0).cast(FLOATS);
            VectorMask<Float> inside1 = bits1.eq(clamped1).cast(FLOATS);
            FloatVector whole0 = clamped0.reinterpretAsFloats().sub(Affine.ROUNDER);
            FloatVector whole1 = clamped1.reinterpretAsFloats().sub(Affine.ROUNDER);
            FloatVector local0 = whole0.blend(whole0.fma(scale, x0.neg()).mul(inverse), inside0);
            FloatVector local1 = whole1.blend(whole1.fma(scale, x1.neg()).mul(inverse), inside1);
            steps0 = doubles(dy0).fma(doubles(local0), steps0);
            steps1 = doubles(dy1).fma(doubles(local1), steps1);
            zeros0 = zeros0.add(doubles(dy0.blend(0f, inside0)));
            zeros1 = zeros1.add(doubles(dy1.blend(0f, inside1)));
            FloatVector.zero(FLOATS).blend(dy0, inside0).intoArray(dx, dxOffset + i);
            FloatVector.zero(FLOATS).blend(dy1, inside1).intoArray(dx, dxOffset + i + HALF);
        }
        steps0.intoArray(sums, stepLane);
        steps1.intoArray(sums, stepLane + HALF);
        zeros0.intoArray(sums, zeroLane);
        zeros1.intoArray(sums, zeroLane + HALF);
        return nans;
    }

    private static IntVector rounded(FloatVector x, FloatVector inverse, FloatVector minusScale, boolean divides) {
        FloatVector rounded = divides
                ? GridSteps.byQuotient(x, inverse, minusScale)
                : x.mul(inverse).add(Affine.ROUNDER);
        return rounded.reinterpretAsInts();
    }

    private static DoubleVector doubles(FloatVector x) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
