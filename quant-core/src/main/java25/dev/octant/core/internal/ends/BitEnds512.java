// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The three searches of {@link Ends#becomeBits}, four times each, so that they need not wait for each other. Zeros
 * are counted in lanes too: moving a mask out of its register would cost more than all the rest. Long, because the
 * compiler stops inlining our own methods where there are many vectors.
 */
public final class BitEnds512 implements EndsKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int LANES = 16;

    public BitEnds512() {
        Shapes.require(512);
    }

    @Override
    public void run(float[] src, int offset, int length, Ends ends) {
        IntVector greatest0 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector greatest1 = greatest0;
        IntVector greatest2 = greatest0;
        IntVector greatest3 = greatest0;
        IntVector farthest0 = IntVector.zero(INTS);
        IntVector farthest1 = farthest0;
        IntVector farthest2 = farthest0;
        IntVector farthest3 = farthest0;
        IntVector least0 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector least1 = least0;
        IntVector least2 = least0;
        IntVector least3 = least0;
        IntVector zeros0 = farthest0;
        IntVector zeros1 = farthest0;
        IntVector zeros2 = farthest0;
        IntVector zeros3 = farthest0;
        int i = offset;
        int end = offset + length;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, src, i);
            zeros0 = zeros0.add(1, a.eq(0).cast(INTS));
            IntVector p = a.reinterpretAsInts();
            greatest0 = greatest0.max(p);
            farthest0 = farthest0.lanewise(VectorOperators.UMAX, p);
            least0 = least0.min(p);
            FloatVector b = FloatVector.fromArray(FLOATS, src, i + LANES);
            zeros1 = zeros1.add(1, b.eq(0).cast(INTS));
            IntVector q = b.reinterpretAsInts();
            greatest1 = greatest1.max(q);
            farthest1 = farthest1.lanewise(VectorOperators.UMAX, q);
            least1 = least1.min(q);
            FloatVector c = FloatVector.fromArray(FLOATS, src, i + 2 * LANES);
            zeros2 = zeros2.add(1, c.eq(0).cast(INTS));
            IntVector r = c.reinterpretAsInts();
            greatest2 = greatest2.max(r);
            farthest2 = farthest2.lanewise(VectorOperators.UMAX, r);
            least2 = least2.min(r);
            FloatVector d = FloatVector.fromArray(FLOATS, src, i + 3 * LANES);
            zeros3 = zeros3.add(1, d.eq(0).cast(INTS));
            IntVector s = d.reinterpretAsInts();
            greatest3 = greatest3.max(s);
            farthest3 = farthest3.lanewise(VectorOperators.UMAX, s);
            least3 = least3.min(s);
        }
        int greatest = greatest0.max(greatest1).max(greatest2.max(greatest3)).reduceLanes(VectorOperators.MAX);
        // As signed ints of the same order: not every JVM has an instruction for the unsigned search in a vector.
        int farthest = farthest0
                .lanewise(VectorOperators.UMAX, farthest1)
                .lanewise(VectorOperators.UMAX, farthest2.lanewise(VectorOperators.UMAX, farthest3))
                .lanewise(VectorOperators.XOR, Integer.MIN_VALUE)
                .reduceLanes(VectorOperators.MAX);
        int least = least0.min(least1).min(least2.min(least3)).reduceLanes(VectorOperators.MIN);
        int zeros = zeros0.add(zeros1).add(zeros2.add(zeros3)).reduceLanes(VectorOperators.ADD);
        for (; i < end; i++) {
            int bits = Float.floatToRawIntBits(src[i]);
            greatest = Math.max(greatest, bits);
            farthest = Math.max(farthest, bits ^ Integer.MIN_VALUE);
            least = Math.min(least, bits);
            zeros += ((bits & 0x7FFF_FFFF) - 1) >>> 31;
        }
        ends.becomeBits(least, greatest, farthest ^ Integer.MIN_VALUE);
        ends.countZeros(zeros);
    }
}
