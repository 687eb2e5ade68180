// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * With parameters loaded for every lane; by division, since what would show that a reciprocal serves as well is another
 * question for each channel. As floats {@code ROUNDER + low} and {@code ROUNDER + high} have the bits that those of the
 * steps are clamped to.
 */
public final class VectorRow implements RowKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    /** As many floats as doubles. */
    private static final VectorSpecies<Double> DOUBLES = DoubleVector.SPECIES_PREFERRED;

    private static final VectorSpecies<Float> HALVES =
            VectorSpecies.of(float.class, VectorShape.forBitSize(DOUBLES.vectorBitSize() / 2));
    private static final int HALF = DOUBLES.length();

    private final RowKernel twin = new ScalarRow();

    @Override
    public void fake(float[] src, int srcOffset, float[] dst, int dstOffset, int length, GridRow row, int first) {
        int vectors = length & -COUNT;
        for (int i = 0; i < vectors; i += COUNT) {
            int at = first + i;
            FloatVector x = FloatVector.fromArray(FLOATS, src, srcOffset + i);
            FloatVector scale = FloatVector.fromArray(FLOATS, row.scale, at);
            FloatVector y = bits(x, row, at)
                    .max(bound(row.low, at))
                    .min(bound(row.high, at))
                    .reinterpretAsFloats()
                    .sub(Affine.ROUNDER)
                    .mul(scale);
            // All but NaN are equal to themselves.
            FloatVector.zero(FLOATS).blend(y, x.eq(x)).intoArray(dst, dstOffset + i);
        }
        if (vectors < length) {
            twin.fake(src, srcOffset + vectors, dst, dstOffset + vectors, length - vectors, row, first + vectors);
        }
    }

    @Override
    public void pass(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            GridRow row,
            int first) {
        int vectors = length & -COUNT;
        for (int i = 0; i < vectors; i += COUNT) {
            int at = first + i;
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            IntVector bits = bits(value, row, at);
            VectorMask<Float> inside = bits.eq(bits.max(bound(row.low, at)).min(bound(row.high, at)))
                    .cast(FLOATS);
            FloatVector.zero(FLOATS)
                    .blend(FloatVector.fromArray(FLOATS, dy, dyOffset + i), inside)
                    .intoArray(dx, dxOffset + i);
        }
        if (vectors < length) {
            twin.pass(
                    x,
                    xOffset + vectors,
                    dy,
                    dyOffset + vectors,
                    dx,
                    dxOffset + vectors,
                    length - vectors,
                    row,
                    first + vectors);
        }
    }

    @Override
    public void local(
            float[] x,
            int xOffset,
            byte[] mask,
            int maskOffset,
            float[] d,
            int dOffset,
            int length,
            GridRow row,
            int first) {
        int vectors = length & -COUNT;
        for (int i = 0; i < vectors; i += COUNT) {
            int at = first + i;
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            FloatVector scale = FloatVector.fromArray(FLOATS, row.scale, at);
            IntVector bits = bits(value, row, at);
            IntVector clamped = bits.max(bound(row.low, at)).min(bound(row.high, at));
            VectorMask<Integer> inside = bits.eq(clamped);
            FloatVector whole = clamped.reinterpretAsFloats().sub(Affine.ROUNDER);
            ((ByteVector) IntVector.zero(INTS).blend(1, inside).convertShape(VectorOperators.I2B, BYTES, 0))
                    .intoArray(mask, maskOffset + i);
            FloatVector inner = whole.fma(scale, value.neg()).mul(FloatVector.fromArray(FLOATS, row.inverse, at));
            FloatVector.zero(FLOATS)
                    .blend(whole.blend(inner, inside.cast(FLOATS)), value.eq(value))
                    .intoArray(d, dOffset + i);
        }
        if (vectors < length) {
            twin.local(
                    x,
                    xOffset + vectors,
                    mask,
                    maskOffset + vectors,
                    d,
                    dOffset + vectors,
                    length - vectors,
                    row,
                    first + vectors);
        }
    }

    @Override
    public int step(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            GridRow row,
            int first,
            double[] sums,
            int stepSum,
            int zeroSum) {
        int vectors = length & -HALF;
        int numbers = 0;
        for (int i = 0; i < vectors; i += HALF) {
            int at = first + i;
            FloatVector value = FloatVector.fromArray(HALVES, x, xOffset + i);
            VectorMask<Float> number = value.eq(value);
            numbers += number.trueCount();
            FloatVector upstream =
                    FloatVector.zero(HALVES).blend(FloatVector.fromArray(HALVES, dy, dyOffset + i), number);
            FloatVector scale = FloatVector.fromArray(HALVES, row.scale, at);
            IntVector bits = value.mul(FloatVector.fromArray(HALVES, row.factor, at))
                    .div(FloatVector.fromArray(HALVES, row.divisor, at))
                    .add(Affine.ROUNDER)
                    .reinterpretAsInts();
            IntVector clamped = bits.max(halfBound(row.low, at)).min(halfBound(row.high, at));
            VectorMask<Float> inside = bits.eq(clamped).cast(HALVES);
            FloatVector whole = clamped.reinterpretAsFloats().sub(Affine.ROUNDER);
            // Times 0, whatever a NaN has here.
            FloatVector local = whole.blend(
                    whole.fma(scale, value.neg()).mul(FloatVector.fromArray(HALVES, row.inverse, at)), inside);
            doubles(upstream)
                    .fma(doubles(local), DoubleVector.fromArray(DOUBLES, sums, stepSum + i))
                    .intoArray(sums, stepSum + i);
            DoubleVector.fromArray(DOUBLES, sums, zeroSum + i)
                    .add(doubles(upstream.blend(FloatVector.zero(HALVES), inside)))
                    .intoArray(sums, zeroSum + i);
            FloatVector.zero(HALVES).blend(upstream, inside).intoArray(dx, dxOffset + i);
        }
        if (vectors < length) {
            return vectors
                    - numbers
                    + twin.step(
                            x,
                            xOffset + vectors,
                            dy,
                            dyOffset + vectors,
                            dx,
                            dxOffset + vectors,
                            length - vectors,
                            row,
                            first + vectors,
                            sums,
                            stepSum + vectors,
                            zeroSum + vectors);
        }
        return vectors - numbers;
    }

    private static IntVector bits(FloatVector x, GridRow row, int at) {
        return x.mul(FloatVector.fromArray(FLOATS, row.factor, at))
                .div(FloatVector.fromArray(FLOATS, row.divisor, at))
                .add(Affine.ROUNDER)
                .reinterpretAsInts();
    }

    private static IntVector bound(float[] bounds, int at) {
        return FloatVector.fromArray(FLOATS, bounds, at).add(Affine.ROUNDER).reinterpretAsInts();
    }

    private static IntVector halfBound(float[] bounds, int at) {
        return FloatVector.fromArray(HALVES, bounds, at).add(Affine.ROUNDER).reinterpretAsInts();
    }

    private static DoubleVector doubles(FloatVector x) {
        return (DoubleVector) x.convertShape(VectorOperators.F2D, DOUBLES, 0);
    }
}
