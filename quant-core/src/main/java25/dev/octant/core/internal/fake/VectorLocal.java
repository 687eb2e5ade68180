// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.lanes.Lanes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Inside is where clamping the bits of the steps, whose order is that of the steps, changes nothing. By division, for
 * any scale and codes: what is written takes longer.
 */
public final class VectorLocal implements LocalKernel {
    private static final VectorSpecies<Float> FLOATS = Lanes.FLOATS;
    private static final VectorSpecies<Integer> INTS = Lanes.INTS;
    private static final VectorSpecies<Byte> BYTES = Lanes.BYTES;
    private static final int COUNT = Lanes.COUNT;

    private final LocalKernel twin = new ScalarLocal();

    @Override
    public void run(
            float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length, FakeGrid grid) {
        int whole = length & -COUNT;
        if (grid.divides()) {
            byQuotient(x, xOffset, mask, maskOffset, d, dOffset, whole, grid);
        } else {
            byProduct(x, xOffset, mask, maskOffset, d, dOffset, whole, grid);
        }
        if (whole < length) {
            twin.run(x, xOffset + whole, mask, maskOffset + whole, d, dOffset + whole, length - whole, grid);
        }
    }

    private static void byProduct(
            float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length, FakeGrid grid) {
        FloatVector scale = FloatVector.broadcast(FLOATS, grid.scale());
        float inverse = grid.inverse();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            IntVector bits = value.mul(inverse).add(Affine.ROUNDER).reinterpretAsInts();
            IntVector clamped = bits.max(low).min(high);
            VectorMask<Integer> inside = bits.eq(clamped);
            marks(inside).intoArray(mask, maskOffset + i);
            local(value, clamped, inside, scale, inverse).intoArray(d, dOffset + i);
        }
    }

    private static void byQuotient(
            float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length, FakeGrid grid) {
        FloatVector scale = FloatVector.broadcast(FLOATS, grid.scale());
        float inverse = grid.inverse();
        int low = Affine.ROUNDER_BITS + (int) grid.low();
        int high = Affine.ROUNDER_BITS + (int) grid.high();
        for (int i = 0; i < length; i += COUNT) {
            FloatVector value = FloatVector.fromArray(FLOATS, x, xOffset + i);
            IntVector bits = value.div(scale).add(Affine.ROUNDER).reinterpretAsInts();
            IntVector clamped = bits.max(low).min(high);
            VectorMask<Integer> inside = bits.eq(clamped);
            marks(inside).intoArray(mask, maskOffset + i);
            local(value, clamped, inside, scale, inverse).intoArray(d, dOffset + i);
        }
    }

    private static ByteVector marks(VectorMask<Integer> inside) {
        return (ByteVector) IntVector.zero(INTS).blend(1, inside).convertShape(VectorOperators.I2B, BYTES, 0);
    }

    /** NaN, which is never inside, has 0. */
    private static FloatVector local(
            FloatVector value, IntVector clamped, VectorMask<Integer> inside, FloatVector scale, float inverse) {
        FloatVector whole = clamped.reinterpretAsFloats().sub(Affine.ROUNDER);
        FloatVector inner = whole.fma(scale, value.neg()).mul(inverse);
        return FloatVector.zero(FLOATS).blend(whole.blend(inner, inside.cast(FLOATS)), value.eq(value));
    }
}
