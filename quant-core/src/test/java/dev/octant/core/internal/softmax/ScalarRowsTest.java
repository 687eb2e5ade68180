// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scalar loops of softmax beside their sentences. */
class ScalarRowsTest {
    private final Random random = new Random(19);

    @Test
    void theLargestCodeOfAnyBlock() {
        for (int trial = 0; trial < 2000; trial++) {
            int offset = random.nextInt(5);
            int length = random.nextInt(10);
            byte[] src = KernelInputs.bytes(offset + length + 3, random);
            int signed = -128;
            int unsigned = 0;
            for (int i = offset; i < offset + length; i++) {
                signed = Math.max(signed, src[i]);
                unsigned = Math.max(unsigned, src[i] & 0xFF);
            }
            assertEquals(signed, new ScalarLargest().run(src, offset, length, (byte) 0));
            assertEquals(unsigned - 128, new ScalarLargest().run(src, offset, length, (byte) -128));
        }
    }

    /** The sum of the largest weights does not fit into 32 bits. */
    @Test
    void weightsByDistanceFromTheLargest() {
        for (int trial = 0; trial < 300; trial++) {
            int[] weights = random.ints(256, 0, Integer.MAX_VALUE).toArray();
            int offset = random.nextInt(5);
            int length = random.nextInt(300);
            byte[] src = KernelInputs.bytes(offset + length + 3, random);
            byte largest = (byte) random.nextInt();
            long sum = 0;
            for (int i = offset; i < offset + length; i++) {
                sum += weights[Math.floorMod((largest & 0xFF) - (src[i] & 0xFF), 256)];
            }
            assertEquals(sum, new ScalarWeights().run(WeightTable.of(weights), src, offset, length, largest));
        }
    }

    @Test
    void aTableHasItsWeightsByDistanceAndByteByByte() {
        int[] weights = random.ints(256, 0, Integer.MAX_VALUE).toArray();
        WeightTable table = WeightTable.of(weights);
        for (int distance = 0; distance < 256; distance++) {
            assertEquals(weights[distance], table.weight(distance));
            int ofBytes = 0;
            for (int k = 3; k >= 0; k--) {
                ofBytes = ofBytes * 256 + (table.planes[256 * k + distance] & 0xFF);
            }
            assertEquals(weights[distance], ofBytes);
        }
    }
}
