package dev.octant.core.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Integer minima and maxima of {@link OrderedBits}, four of each, so that they need not wait for each other. */
final class OrderedEnds512 implements EndsKernel {
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_512;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_512;
    private static final int LANES = 16;

    OrderedEnds512() {
        Shapes.require(512);
    }

    @Override
    public void run(float[] src, int offset, int length, Ends ends) {
        IntVector low0 = IntVector.broadcast(INTS, OrderedBits.POSITIVE_INFINITY);
        IntVector low1 = low0;
        IntVector low2 = low0;
        IntVector low3 = low0;
        IntVector high0 = IntVector.broadcast(INTS, OrderedBits.NEGATIVE_INFINITY);
        IntVector high1 = high0;
        IntVector high2 = high0;
        IntVector high3 = high0;
        int zeros = 0;
        int i = offset;
        int end = offset + length;
        for (; i <= end - 4 * LANES; i += 4 * LANES) {
            FloatVector a = FloatVector.fromArray(FLOATS, src, i);
            zeros += a.eq(0).trueCount();
            IntVector p = a.reinterpretAsInts();
            p = p.lanewise(VectorOperators.ASHR, 31).and(0x7FFF_FFFF).lanewise(VectorOperators.XOR, p);
            low0 = low0.min(p);
            high0 = high0.max(p);
            FloatVector b = FloatVector.fromArray(FLOATS, src, i + LANES);
            zeros += b.eq(0).trueCount();
            IntVector q = b.reinterpretAsInts();
            q = q.lanewise(VectorOperators.ASHR, 31).and(0x7FFF_FFFF).lanewise(VectorOperators.XOR, q);
            low1 = low1.min(q);
            high1 = high1.max(q);
            FloatVector c = FloatVector.fromArray(FLOATS, src, i + 2 * LANES);
            zeros += c.eq(0).trueCount();
            IntVector r = c.reinterpretAsInts();
            r = r.lanewise(VectorOperators.ASHR, 31).and(0x7FFF_FFFF).lanewise(VectorOperators.XOR, r);
            low2 = low2.min(r);
            high2 = high2.max(r);
            FloatVector d = FloatVector.fromArray(FLOATS, src, i + 3 * LANES);
            zeros += d.eq(0).trueCount();
            IntVector s = d.reinterpretAsInts();
            s = s.lanewise(VectorOperators.ASHR, 31).and(0x7FFF_FFFF).lanewise(VectorOperators.XOR, s);
            low3 = low3.min(s);
            high3 = high3.max(s);
        }
        int lowest = low0.min(low1).min(low2.min(low3)).reduceLanes(VectorOperators.MIN);
        int highest = high0.max(high1).max(high2.max(high3)).reduceLanes(VectorOperators.MAX);
        for (; i < end; i++) {
            int bits = Float.floatToRawIntBits(src[i]);
            zeros += ((bits & 0x7FFF_FFFF) - 1) >>> 31;
            lowest = Math.min(lowest, OrderedBits.of(bits));
            highest = Math.max(highest, OrderedBits.of(bits));
        }
        ends.become(OrderedBits.value(lowest), OrderedBits.value(highest));
        ends.countZeros(zeros);
    }
}
