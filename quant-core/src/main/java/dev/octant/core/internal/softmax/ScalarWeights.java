// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

/** One byte at a time: the definition. */
public final class ScalarWeights implements WeightKernel {
    @Override
    public long run(WeightTable table, byte[] src, int offset, int length, byte largest) {
        int[] weights = table.weights;
        long sum = 0;
        for (int i = 0; i < length; i++) {
            sum += weights[(largest - src[offset + i]) & 0xFF];
        }
        return sum;
    }
}
