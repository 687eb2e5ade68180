// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import dev.octant.core.internal.lanes.Shapes;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** The maximum of 32 bytes at a time. */
public final class VectorLargest256 implements LargestKernel {
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_256;

    public VectorLargest256() {
        Shapes.require(256);
    }

    @Override
    public int run(byte[] src, int offset, int length, byte flip) {
        int largest = Byte.MIN_VALUE;
        int i = 0;
        if (length >= 32) {
            ByteVector max = ByteVector.broadcast(BYTES, Byte.MIN_VALUE);
            for (; i <= length - 32; i += 32) {
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
