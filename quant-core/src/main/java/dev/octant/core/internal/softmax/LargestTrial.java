// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import dev.octant.core.internal.choice.Trial;
import dev.octant.core.internal.pair.PairTable;

/** Blocks whose largest byte stands at the front, in the odd tail and in between, read both ways. */
public final class LargestTrial implements Trial<LargestKernel> {
    private final byte[] src = new byte[SIZE + 13];
    private final int[] largest = new int[5];

    public LargestTrial() {
        byte[] bytes = Trial.bytes(src.length);
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) (bytes[i] >> 1);
        }
        src[0] = 100;
        src[SIZE / 2] = (byte) 0xFF;
        src[SIZE + 12] = 101;
    }

    @Override
    public void run(LargestKernel kernel) {
        largest[0] = kernel.run(src, 0, src.length, (byte) 0);
        largest[1] = kernel.run(src, 0, src.length, PairTable.UNSIGNED);
        largest[2] = kernel.run(src, 0, SIZE, (byte) 0);
        largest[3] = kernel.run(src, 1, 100, (byte) 0);
        largest[4] = kernel.run(src, 1, 9, (byte) 0);
    }

    @Override
    public int[] output() {
        return largest.clone();
    }
}
