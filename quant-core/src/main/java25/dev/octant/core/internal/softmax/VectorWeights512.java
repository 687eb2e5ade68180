// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import dev.octant.core.internal.lanes.Shapes;
import dev.octant.core.internal.table.SelectTable512;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * 64 bytes at a time: each byte of a weight is looked up in a table of its own, as {@link SelectTable512} does, and
 * added up in lanes of 16 bits. Two bytes of the weights in one pass, the other two in another, for the sake of the
 * compiler.
 */
public final class VectorWeights512 implements WeightKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;
    private static final VectorSpecies<Short> SHORTS = ShortVector.SPECIES_512;

    /** Bytes after which a lane, that grows by two bytes in every step, must be emptied: 64 steps of at most 510. */
    private static final int BLOCK = 4096;

    public VectorWeights512() {
        Shapes.require(512);
    }

    @Override
    public long run(WeightTable table, byte[] src, int offset, int length, byte largest) {
        long sum = 0;
        int whole = length & -64;
        for (int start = 0, n; start < whole; start += n) {
            n = Math.min(BLOCK, whole - start);
            sum += half(table.planes, 0, src, offset + start, n, largest)
                    + (half(table.planes, 512, src, offset + start, n, largest) << 16);
        }
        for (int i = whole; i < length; i++) {
            sum += table.weights[(largest - src[offset + i]) & 0xFF];
        }
        return sum;
    }

    /** The sum of the 16 bits whose two tables begin at {@code plane}. */
    private static long half(byte[] planes, int plane, byte[] src, int offset, int length, byte largest) {
        ByteVector s0 = ByteVector.fromArray(BYTES, planes, plane);
        ByteVector s1 = ByteVector.fromArray(BYTES, planes, plane + 64);
        ByteVector s2 = ByteVector.fromArray(BYTES, planes, plane + 128);
        ByteVector s3 = ByteVector.fromArray(BYTES, planes, plane + 192);
        ByteVector t0 = ByteVector.fromArray(BYTES, planes, plane + 256);
        ByteVector t1 = ByteVector.fromArray(BYTES, planes, plane + 320);
        ByteVector t2 = ByteVector.fromArray(BYTES, planes, plane + 384);
        ByteVector t3 = ByteVector.fromArray(BYTES, planes, plane + 448);
        ByteVector top = ByteVector.broadcast(BYTES, largest);
        ShortVector low = ShortVector.zero(SHORTS);
        ShortVector high = ShortVector.zero(SHORTS);
        for (int i = 0; i < length; i += 64) {
            ByteVector v = top.sub(ByteVector.fromArray(BYTES, src, offset + i));
            VectorMask<Byte> upper = v.lt((byte) 0);
            ShortVector s =
                    v.selectFrom(s0, s1).blend(v.selectFrom(s2, s3), upper).reinterpretAsShorts();
            ShortVector t =
                    v.selectFrom(t0, t1).blend(v.selectFrom(t2, t3), upper).reinterpretAsShorts();
            low = low.add(s.and((short) 0xFF)).add(s.lanewise(VectorOperators.LSHR, 8));
            high = high.add(t.and((short) 0xFF)).add(t.lanewise(VectorOperators.LSHR, 8));
        }
        IntVector a = low.reinterpretAsInts();
        IntVector b = high.reinterpretAsInts();
        IntVector lows = a.and(0xFFFF).add(a.lanewise(VectorOperators.LSHR, 16));
        IntVector highs = b.and(0xFFFF).add(b.lanewise(VectorOperators.LSHR, 16));
        return lows.add(highs.lanewise(VectorOperators.LSHL, 8)).reduceLanes(VectorOperators.ADD);
    }
}
