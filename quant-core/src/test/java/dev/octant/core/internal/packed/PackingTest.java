// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.packed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.fixtures.IntegerOracle;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PackingTest {
    /** Every length to 40 at several places, with higher bits that must not show; nothing beside is touched. */
    @ParameterizedTest
    @CsvSource({"2, false", "2, true", "4, false", "4, true"})
    void everyLengthIsTheOracles(int bits, boolean signed) {
        Random random = new Random(bits);
        for (int length = 0; length <= 40; length++) {
            for (int offset = 0; offset < 5; offset++) {
                int from = offset;
                int to = 4 - offset;
                byte[] codes = new byte[from + length + 3];
                random.nextBytes(codes);
                int[] wanted = new int[length];
                for (int i = 0; i < length; i++) {
                    wanted[i] = codes[from + i];
                }
                byte[] expected = IntegerOracle.pack(wanted, bits);
                byte[] packed = new byte[to + expected.length + 3];
                Arrays.fill(packed, (byte) 0x5A);
                Packing.pack(codes, from, packed, to, length, bits);
                assertArrayEquals(expected, Arrays.copyOfRange(packed, to, to + expected.length));
                assertUntouched(packed, to, expected.length);

                byte[] back = new byte[from + length + 3];
                Arrays.fill(back, (byte) 0x5A);
                Packing.unpack(packed, to, back, from, length, bits, signed);
                for (int i = 0; i < length; i++) {
                    int low = codes[from + i] & ((1 << bits) - 1);
                    int code = signed && low >= 1 << (bits - 1) ? low - (1 << bits) : low;
                    assertEquals(code, back[from + i], "code " + i + " of " + length);
                }
                assertUntouched(back, from, length);
            }
        }
    }

    /** In one array, from one place on. */
    @ParameterizedTest
    @CsvSource({"2", "4"})
    void codesMayBePackedInPlace(int bits) {
        byte[] codes = new byte[37];
        new Random(1).nextBytes(codes);
        byte[] apart = new byte[37];
        Packing.pack(codes, 0, apart, 0, 37, bits);
        Packing.pack(codes, 0, codes, 0, 37, bits);
        int packed = (37 * bits + 7) / 8;
        assertArrayEquals(Arrays.copyOf(apart, packed), Arrays.copyOf(codes, packed));
    }

    private static void assertUntouched(byte[] array, int from, int length) {
        for (int i = 0; i < array.length; i++) {
            if (i < from || i >= from + length) {
                assertEquals(0x5A, array[i], "beside the block at " + i);
            }
        }
    }
}
