// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.KernelInputs;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The scalar loop through a table: every code and every offset. */
class ScalarTableTest {
    private final Random random = new Random(14);

    @Test
    void everyCodeBecomesItsEntryAndNothingElseIsWritten() {
        byte[] table = KernelInputs.bytes(256, random);
        byte[] src = new byte[300];
        for (int i = 0; i < src.length; i++) {
            src[i] = (byte) i;
        }
        for (int from = 0; from < 20; from++) {
            for (int to = 0; to < 20; to++) {
                byte[] before = KernelInputs.bytes(300, random);
                byte[] dst = before.clone();
                new ScalarTable().run(table, src, from, dst, to, 256 + to);
                for (int i = 0; i < dst.length; i++) {
                    boolean inside = i >= to && i < to + 256 + to;
                    assertEquals(inside ? table[(i - to + from) % 256] : before[i], dst[i]);
                }
            }
        }
    }

    @Test
    void inPlace() {
        byte[] table = KernelInputs.bytes(256, random);
        byte[] block = KernelInputs.bytes(100, random);
        byte[] before = block.clone();
        new ScalarTable().run(table, block, 0, block, 0, 100);
        for (int i = 0; i < 100; i++) {
            assertEquals(table[before[i] & 0xFF], block[i]);
        }
    }
}
