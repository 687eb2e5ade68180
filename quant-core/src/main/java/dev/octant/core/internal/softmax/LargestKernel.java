// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

/** The largest code of a block: the larger end of every row of softmax. Bounds are the caller's to check. Internal. */
public interface LargestKernel {
    /**
     * The largest of {@code (byte) (src[i] ^ flip)}; -128 of an empty block.
     *
     * @param flip 0 where raw bytes are signed codes, -128 where they are unsigned
     */
    int run(byte[] src, int offset, int length, byte flip);
}
