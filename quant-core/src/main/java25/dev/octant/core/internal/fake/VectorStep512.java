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
 * A product of floats is exact in double, so that a fused addition gives the bits of the scalar loop; what a sum leaves
 * out is added as 0, which changes none, for no lane is -0.
 *
 * <p>Eight doubles are half of the lanes, so a block is run over twice: one loop for all is too much for the compiler.
 * It is looked at before, since a loop that need not care for NaN is shorter.
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
        boolean numbers = GridSteps.numbers(x, xOffset + head, whole, grid);
        for (int half = 0; whole > 0 && half < LANES; half += HALF) {
            int from = head + half;
            int step = stepLane + half;
            int zero = zeroLane + half;
            if (numbers) {
                numbers(x, xOffset + from, dy, dyOffset + from, dx, dxOffset + from, whole, grid, sums, step, zero);
            } else {
                nans += half(
                        x, xOffset + from, dy, dyOffset + from, dx, dxOffset + from, whole, grid, sums, step, zero);
            }
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

    /** {@link #half} where no quotient is NaN; the bracket and the inverse have both the other sign here. */
    private static void numbers(
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
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        FloatVector minusInverse = FloatVector.broadcast(FLOATS, -grid.inverse());
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -grid.scale());
        FloatVector correction = FloatVector.broadcast(FLOATS, grid.divides() ? grid.inverse() : 0);
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        DoubleVector steps = DoubleVector.fromArray(DOUBLES, sums, stepLane);
        DoubleVector zeros = DoubleVector.fromArray(DOUBLES, sums, zeroLane);
        for (int i = 0; i < length; i += LANES) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            FloatVector upstream = FloatVector.fromArray(FLOATS, dy, dyOffset + i);
            FloatVector estimate = value.mul(inverse);
            IntVector bits = estimate.fma(minusScale, value)
                    .fma(correction, estimate)
                    .add(Affine.ROUNDER)
                    .reinterpretAsInts();
            IntVector clamped = bits.max(low).min(high);
            VectorMask<Float> outside =
                    bits.compare(VectorOperators.NE, clamped).cast(FLOATS);
            FloatVector whole = clamped.reinterpretAsFloats().sub(Affine.ROUNDER);
            FloatVector local = whole.fma(minusScale, value).mul(minusInverse).blend(whole, outside);
            DoubleVector wide = doubles(upstream);
            steps = wide.fma(doubles(local), steps);
            zeros = zeros.add(wide, outside.cast(DOUBLES));
            upstream.blend(0f, outside).intoArray(dx, dxOffset + i);
        }
        steps.intoArray(sums, stepLane);
        zeros.intoArray(sums, zeroLane);
    }

    /** Every other eight elements, those of one half of the lanes. */
    private static int half(
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
        FloatVector inverse = FloatVector.broadcast(FLOATS, grid.inverse());
        FloatVector scale = FloatVector.broadcast(FLOATS, grid.scale());
        FloatVector minusScale = FloatVector.broadcast(FLOATS, -grid.scale());
        FloatVector correction = FloatVector.broadcast(FLOATS, grid.divides() ? grid.inverse() : 0);
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        DoubleVector steps = DoubleVector.fromArray(DOUBLES, sums, stepLane);
        DoubleVector zeros = DoubleVector.fromArray(DOUBLES, sums, zeroLane);
        int nans = 0;
        for (int i = 0; i < length; i += LANES) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            VectorMask<Float> nan = value.test(VectorOperators.IS_NAN);
            nans += nan.trueCount();
            FloatVector upstream =
                    FloatVector.fromArray(FLOATS, dy, dyOffset + i).blend(0f, nan);
            IntVector bits = rounded(value, inverse, minusScale, correction);
            IntVector clamped = bits.max(low).min(high);
            VectorMask<Float> inside = bits.eq(clamped).cast(FLOATS);
            FloatVector whole = clamped.reinterpretAsFloats().sub(Affine.ROUNDER);
            FloatVector local = whole.blend(whole.fma(scale, value.neg()).mul(inverse), inside);
            steps = doubles(upstream).fma(doubles(local), steps);
            zeros = zeros.add(doubles(upstream.blend(0f, inside)));
            FloatVector.zero(FLOATS).blend(upstream, inside).intoArray(dx, dxOffset + i);
        }
        steps.intoArray(sums, stepLane);
        zeros.intoArray(sums, zeroLane);
        return nans;
    }

    /** {@link GridSteps#byQuotient}, or with a correction of 0 the product: one loop serves both. */
    private static IntVector rounded(
            FloatVector x, FloatVector inverse, FloatVector minusScale, FloatVector correction) {
        FloatVector estimate = x.mul(inverse);
        FloatVector steps = estimate.fma(minusScale, x).fma(correction, estimate);
        return steps.blend(estimate, steps.test(VectorOperators.IS_NAN))
                .add(Affine.ROUNDER)
                .reinterpretAsInts();
    }

    private static DoubleVector doubles(FloatVector x) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
