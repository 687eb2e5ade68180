// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorSpecies;

/** The table in four vectors of 64 bytes: each half is one two-vector select, and the sign says which half. */
public final class SelectTable512 implements TableKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;

    public SelectTable512() {
        Shapes.require(512);
    }

    @Override
    public void run(byte[] table, byte[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        ByteVector t0 = ByteVector.fromArray(BYTES, table, 0);
        ByteVector t1 = ByteVector.fromArray(BYTES, table, 64);
        ByteVector t2 = ByteVector.fromArray(BYTES, table, 128);
        ByteVector t3 = ByteVector.fromArray(BYTES, table, 192);
        int i = 0;
        for (; i <= length - 64; i += 64) {
            ByteVector v = ByteVector.fromArray(BYTES, src, srcOffset + i);
            v.selectFrom(t0, t1).blend(v.selectFrom(t2, t3), v.lt((byte) 0)).intoArray(dst, dstOffset + i);
        }
        if (i < length) {
            VectorMask<Byte> rest = BYTES.indexInRange(i, length);
            ByteVector v = ByteVector.fromArray(BYTES, src, srcOffset + i, rest);
            v.selectFrom(t0, t1).blend(v.selectFrom(t2, t3), v.lt((byte) 0)).intoArray(dst, dstOffset + i, rest);
        }
    }
}
