// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

/** One byte at a time: the definition. */
public final class ScalarLargest implements LargestKernel {
    @Override
    public int run(byte[] src, int offset, int length, byte flip) {
        int largest = Byte.MIN_VALUE;
        for (int i = 0; i < length; i++) {
            int code = (byte) (src[offset + i] ^ flip);
            // Not Math.max, which waits for the last step: a larger one is rare, and so well predicted.
            if (code > largest) {
                largest = code;
            }
        }
        return largest;
    }
}
