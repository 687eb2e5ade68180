// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * The three searches of {@link Ends#becomeBits}, twice each: there are 16 registers. What is not zero is counted,
 * without the comparison whose mask would have to be made a vector.
 */
public final class BitEnds256 implements EndsKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final int LANES = 8;

    public BitEnds256() {
        Shapes.require(256);
    }

    @Override
    public void run(float[] src, int offset, int length, Ends ends) {
        IntVector greatest0 = IntVector.broadcast(INTS, Integer.MIN_VALUE);
        IntVector greatest1 = greatest0;
        IntVector farthest0 = IntVector.zero(INTS);
        IntVector farthest1 = farthest0;
        IntVector least0 = IntVector.broadcast(INTS, Integer.MAX_VALUE);
        IntVector least1 = least0;
        IntVector others0 = farthest0;
        IntVector others1 = farthest0;
        int i = 0;
        for (; i <= length - 2 * LANES; i += 2 * LANES) {
            IntVector p = FloatVector.fromArray(FLOATS, src, offset + i).reinterpretAsInts();
            greatest0 = greatest0.max(p);
            farthest0 = farthest0.lanewise(VectorOperators.UMAX, p);
            least0 = least0.min(p);
            others0 = others0.add(p.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.UMIN, 1));
            IntVector q = FloatVector.fromArray(FLOATS, src, offset + i + LANES).reinterpretAsInts();
            greatest1 = greatest1.max(q);
            farthest1 = farthest1.lanewise(VectorOperators.UMAX, q);
            least1 = least1.min(q);
            others1 = others1.add(q.lanewise(VectorOperators.LSHL, 1).lanewise(VectorOperators.UMIN, 1));
        }
        int greatest = greatest0.max(greatest1).reduceLanes(VectorOperators.MAX);
        // As signed ints of the same order: not every JVM has an instruction for the unsigned search in a vector.
        int farthest = farthest0
                .lanewise(VectorOperators.UMAX, farthest1)
                .lanewise(VectorOperators.XOR, Integer.MIN_VALUE)
                .reduceLanes(VectorOperators.MAX);
        int least = least0.min(least1).reduceLanes(VectorOperators.MIN);
        int zeros = i - others0.add(others1).reduceLanes(VectorOperators.ADD);
        for (; i < length; i++) {
            int bits = Float.floatToRawIntBits(src[offset + i]);
            greatest = Math.max(greatest, bits);
            farthest = Math.max(farthest, bits ^ Integer.MIN_VALUE);
            least = Math.min(least, bits);
            zeros += ((bits & 0x7FFF_FFFF) - 1) >>> 31;
        }
        ends.becomeBits(least, greatest, farthest ^ Integer.MIN_VALUE);
        ends.countZeros(zeros);
    }
}
