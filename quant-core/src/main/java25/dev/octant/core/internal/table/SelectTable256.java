// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The table in eight vectors of 32 bytes: a two-vector select per quarter, and two bits that say which quarter. */
public final class SelectTable256 implements TableKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;

    public SelectTable256() {
        Shapes.require(256);
    }

    @Override
    public void run(byte[] table, byte[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        ByteVector t0 = ByteVector.fromArray(BYTES, table, 0);
        ByteVector t1 = ByteVector.fromArray(BYTES, table, 32);
        ByteVector t2 = ByteVector.fromArray(BYTES, table, 64);
        ByteVector t3 = ByteVector.fromArray(BYTES, table, 96);
        ByteVector t4 = ByteVector.fromArray(BYTES, table, 128);
        ByteVector t5 = ByteVector.fromArray(BYTES, table, 160);
        ByteVector t6 = ByteVector.fromArray(BYTES, table, 192);
        ByteVector t7 = ByteVector.fromArray(BYTES, table, 224);
        int i = 0;
        for (; i <= length - 32; i += 32) {
            ByteVector v = ByteVector.fromArray(BYTES, src, srcOffset + i);
            VectorMask<Byte> odd = v.add(v).lt((byte) 0);
            ByteVector low = v.selectFrom(t0, t1).blend(v.selectFrom(t2, t3), odd);
            ByteVector high = v.selectFrom(t4, t5).blend(v.selectFrom(t6, t7), odd);
            low.blend(high, v.lt((byte) 0)).intoArray(dst, dstOffset + i);
        }
        // Below 512 bits masked loads are slow, or are not there.
        for (; i < length; i++) {
            dst[dstOffset + i] = table[src[srcOffset + i] & 0xFF];
        }
    }
}
