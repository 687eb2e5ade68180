// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import dev.octant.core.internal.choice.Trial;

/**
 * Weights of all sizes, in a block long enough for sums of single bytes to overflow if they are not brought together
 * in time.
 */
public final class WeightTrial implements Trial<WeightKernel> {
    private final WeightTable table;
    private final byte[] src = Trial.bytes(2 * SIZE + 77);
    private long sum;

    public WeightTrial() {
        int[] weights = new int[256];
        for (int distance = 0; distance < 256; distance++) {
            weights[distance] = Integer.MAX_VALUE >> (distance >> 3);
        }
        table = WeightTable.of(weights);
        for (int i = 0; i < SIZE; i++) {
            src[i] = (byte) (100 - (i & 3)); // the largest weights, where bytes of 255 add up
        }
    }

    @Override
    public void run(WeightKernel kernel) {
        sum = kernel.run(table, src, 0, src.length, (byte) 100)
                + kernel.run(table, src, 1, 1024, (byte) 100)
                + kernel.run(table, src, 2, 9, (byte) 100);
    }

    @Override
    public Long output() {
        return sum;
    }
}
