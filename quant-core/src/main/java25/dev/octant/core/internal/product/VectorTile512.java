// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Twelve vectors of sums stay in registers; weights are widened as they come. The sums go through memory to whole
 * numbers: with twelve conversions and additions of vectors behind the loop, which the trial makes hot as well, the
 * method has more vector operations than the compiler inlines, and then all are calls.
 */
public final class VectorTile512 implements TileKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_128;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final int HALF = COLUMNS / 2;

    public VectorTile512() {
        Shapes.require(512);
    }

    @Override
    public void run(
            float[] rows, int rowsOffset, byte[] weights, int weightsOffset, int depth, float[] room, int[] sums) {
        FloatVector a0 = FloatVector.zero(FLOATS);
        FloatVector a1 = a0;
        FloatVector b0 = a0;
        FloatVector b1 = a0;
        FloatVector c0 = a0;
        FloatVector c1 = a0;
        FloatVector d0 = a0;
        FloatVector d1 = a0;
        FloatVector e0 = a0;
        FloatVector e1 = a0;
        FloatVector f0 = a0;
        FloatVector f1 = a0;
        for (int k = 0; k < depth; k++) {
            FloatVector w0 = widened(weights, weightsOffset + COLUMNS * k);
            FloatVector w1 = widened(weights, weightsOffset + COLUMNS * k + HALF);
            int at = rowsOffset + ROWS * k;
            FloatVector x = FloatVector.broadcast(FLOATS, rows[at]);
            a0 = x.fma(w0, a0);
            a1 = x.fma(w1, a1);
            x = FloatVector.broadcast(FLOATS, rows[at + 1]);
            b0 = x.fma(w0, b0);
            b1 = x.fma(w1, b1);
            x = FloatVector.broadcast(FLOATS, rows[at + 2]);
            c0 = x.fma(w0, c0);
            c1 = x.fma(w1, c1);
            x = FloatVector.broadcast(FLOATS, rows[at + 3]);
            d0 = x.fma(w0, d0);
            d1 = x.fma(w1, d1);
            x = FloatVector.broadcast(FLOATS, rows[at + 4]);
            e0 = x.fma(w0, e0);
            e1 = x.fma(w1, e1);
            x = FloatVector.broadcast(FLOATS, rows[at + 5]);
            f0 = x.fma(w0, f0);
            f1 = x.fma(w1, f1);
        }
        a0.intoArray(room, 0);
        a1.intoArray(room, HALF);
        b0.intoArray(room, COLUMNS);
        b1.intoArray(room, COLUMNS + HALF);
        c0.intoArray(room, 2 * COLUMNS);
        c1.intoArray(room, 2 * COLUMNS + HALF);
        d0.intoArray(room, 3 * COLUMNS);
        d1.intoArray(room, 3 * COLUMNS + HALF);
        e0.intoArray(room, 4 * COLUMNS);
        e1.intoArray(room, 4 * COLUMNS + HALF);
        f0.intoArray(room, 5 * COLUMNS);
        f1.intoArray(room, 5 * COLUMNS + HALF);
        for (int i = 0; i < ROWS * COLUMNS; i++) {
            sums[i] += (int) room[i];
        }
    }

    private static FloatVector widened(byte[] weights, int at) {
        return (FloatVector) ByteVector.fromArray(BYTES, weights, at).convertShape(VectorOperators.B2F, FLOATS, 0);
    }
}
