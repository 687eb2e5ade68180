// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The maximum of 64 bytes at a time. */
public final class VectorLargest512 implements LargestKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_512;

    public VectorLargest512() {
        Shapes.require(512);
    }

    @Override
    public int run(byte[] src, int offset, int length, byte flip) {
        int largest = Byte.MIN_VALUE;
        int i = 0;
        if (length >= 64) {
            ByteVector max = ByteVector.broadcast(BYTES, Byte.MIN_VALUE);
            for (; i <= length - 64; i += 64) {
                max = max.max(ByteVector.fromArray(BYTES, src, offset + i).lanewise(VectorOperators.XOR, flip));
            }
            largest = max.reduceLanes(VectorOperators.MAX);
        }
        for (; i < length; i++) {
            largest = Math.max(largest, (byte) (src[offset + i] ^ flip));
        }
        return largest;
    }
}
