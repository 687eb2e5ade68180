// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of the table beside the scalar loop. */
class TableKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(1);

    @Test
    void everyLengthAndOffset() {
        byte[] table = bytes(256);
        byte[] src = bytes(LENGTHS + OFFSETS);
        byte[] untouched = bytes(LENGTHS + OFFSETS);
        for (TableKernel kernel : Twins.of(Kernels.TABLE)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    byte[] expected = untouched.clone();
                    Kernels.TABLE.scalar().run(table, src, offset, expected, OFFSETS - offset, length);
                    byte[] actual = untouched.clone();
                    kernel.run(table, src, offset, actual, OFFSETS - offset, length);
                    assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
                }
            }
        }
    }

    @Test
    void inPlace() {
        for (TableKernel kernel : Twins.of(Kernels.TABLE)) {
            for (int length = 0; length <= LENGTHS; length++) {
                byte[] table = bytes(256);
                byte[] expected = bytes(LENGTHS);
                byte[] actual = expected.clone();
                Kernels.TABLE.scalar().run(table, expected, 0, expected, 0, length);
                kernel.run(table, actual, 0, actual, 0, length);
                assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    @Test
    void everyCodeInEveryLane() {
        byte[] src = new byte[256 * 256];
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) (i + (i >>> 8));
        }
        for (TableKernel kernel : Twins.of(Kernels.TABLE)) {
            for (int trial = 0; trial < 50; trial++) {
                byte[] table = bytes(256);
                byte[] expected = new byte[src.length];
                byte[] actual = new byte[src.length];
                Kernels.TABLE.scalar().run(table, src, 0, expected, 0, src.length);
                kernel.run(table, src, 0, actual, 0, src.length);
                assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
