// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of rows, the largest code and the sum of weights, beside the scalar loops. */
class RowKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(3);

    @Test
    void largestOfEveryLengthAndOffset() {
        byte[] src = bytes(LENGTHS + OFFSETS);
        byte[] low = new byte[LENGTHS + OFFSETS];
        for (LargestKernel kernel : Twins.of(Kernels.LARGEST)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    for (byte flip : new byte[] {0, -128}) {
                        assertEquals(
                                Kernels.LARGEST.scalar().run(src, offset, length, flip),
                                kernel.run(src, offset, length, flip));
                    }
                    // One larger than all others, anywhere, and just outside the block.
                    Arrays.fill(low, (byte) -100);
                    if (length > 0) {
                        low[offset + random.nextInt(length)] = -99;
                    }
                    if (offset > 0) {
                        low[offset - 1] = 127;
                    }
                    if (offset + length < low.length) {
                        low[offset + length] = 127;
                    }
                    assertEquals(length == 0 ? -128 : -99, kernel.run(low, offset, length, (byte) 0));
                }
            }
        }
    }

    @Test
    void weightsOfEveryLengthAndOffset() {
        byte[] src = bytes(LENGTHS + OFFSETS);
        for (WeightKernel kernel : Twins.of(Kernels.WEIGHTS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                WeightTable table = table();
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    byte largest = (byte) random.nextInt();
                    assertEquals(
                            Kernels.WEIGHTS.scalar().run(table, src, offset, length, largest),
                            kernel.run(table, src, offset, length, largest));
                }
            }
        }
    }

    /** Where every byte of every weight is 255, a lane holds as much as it ever will. */
    @Test
    void weightsOfLongBlocksDoNotOverflow() {
        int[] weights = new int[256];
        Arrays.fill(weights, Integer.MAX_VALUE);
        WeightTable table = WeightTable.of(weights);
        for (WeightKernel kernel : Twins.of(Kernels.WEIGHTS)) {
            for (int length : new int[] {1024, 4095, 4096, 4097, 4160, 8192, 100_000}) {
                assertEquals(
                        (long) length * Integer.MAX_VALUE, kernel.run(table, new byte[length], 0, length, (byte) 5));
            }
        }
    }

    private WeightTable table() {
        return WeightTable.of(random.ints(256, 0, Integer.MAX_VALUE).toArray());
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
