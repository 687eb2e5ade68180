// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class Int4TypeTest {
    @Test
    void theFirstOfTwoIsInTheLowBits() {
        byte[] packed = new byte[2];
        Int4Type.UINT4.fromFloat(new float[] {1, 2, 15}, 0, packed, 0, 3);
        assertArrayEquals(new byte[] {0x21, 0x0F}, packed);
        Int4Type.INT4.fromFloat(new float[] {-1, 7, -8}, 0, packed, 0, 3);
        assertArrayEquals(new byte[] {0x7F, 0x08}, packed);
    }

    @ParameterizedTest
    @CsvSource({
        "0.5, 0, 0",
        "1.5, 2, 2",
        "2.5, 2, 2",
        "-0.5, 0, 0",
        "-1.5, -2, 0",
        "6.5, 6, 6",
        "7.5, 7, 8",
        "14.5, 7, 14",
        "15.5, 7, 15",
        "-8.5, -8, 0",
        "1e30, 7, 15",
        "-Infinity, -8, 0",
        "Infinity, 7, 15",
        "NaN, 0, 0",
        "0.50000006, 1, 1",
        "-2147483648, -8, 0",
        "4294967296, 7, 15"
    })
    void roundsHalfToEvenAndSaturates(float x, float int4, float uint4) {
        assertEquals(int4, Int4Type.INT4.toFloat(Int4Type.INT4.fromFloat(x)));
        assertEquals(uint4, Int4Type.UINT4.toFloat(Int4Type.UINT4.fromFloat(x)));
    }

    @ParameterizedTest
    @EnumSource
    void everyPairRoundTripsAtEveryOffset(Int4Type type) {
        byte[] packed = new byte[256 + 1];
        for (int i = 0; i < 256; i++) {
            packed[1 + i] = (byte) i;
        }
        float[] values = new float[512 + 3];
        type.toFloat(packed, 1, values, 3, 512);
        for (int i = 0; i < 512; i++) {
            int bits = i % 2 == 0 ? (i / 2) % 16 : i / 32;
            assertEquals(bits > type.high() ? bits - 16 : bits, values[3 + i]);
        }
        byte[] back = new byte[256 + 2];
        type.fromFloat(values, 3, back, 2, 512);
        for (int i = 0; i < 256; i++) {
            assertEquals((byte) i, back[2 + i]);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOddLengthLeavesTheNextByteAlone(Int4Type type) {
        byte[] packed = {0x55, 0x55, 0x55};
        type.fromFloat(new float[] {1, 2, 3}, 0, packed, 0, 3);
        assertArrayEquals(new byte[] {0x21, 0x03, 0x55}, packed);
        float[] values = new float[4];
        type.toFloat(new byte[] {0x21, 0x73}, 0, values, 0, 3);
        assertArrayEquals(new float[] {1, 2, 3, 0}, values);
    }

    @ParameterizedTest
    @CsvSource({"INT4, int4, -8, 7", "UINT4, uint4, 0, 15"})
    void namesAndLimits(Int4Type type, String label, int low, int high) {
        assertEquals(label, type.label());
        assertEquals(label, type.toString());
        assertEquals(low, type.low());
        assertEquals(high, type.high());
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1, 1", "2, 1", "3, 2", "2147483646, 1073741823", "2147483647, 1073741824"})
    void twoElementsTakeAByte(int elements, int bytes) {
        assertEquals(bytes, Int4Type.packedLength(elements));
    }

    @Test
    void aNegativeCountIsRefused() {
        assertEquals(
                "elements must be 0 or more, was -1",
                assertThrows(IllegalArgumentException.class, () -> Int4Type.packedLength(-1))
                        .getMessage());
    }

    @Test
    void blocksOutsideTheirArrayAreRefused() {
        Int4Type type = Int4Type.INT4;
        assertThrows(IndexOutOfBoundsException.class, () -> type.toFloat(new byte[1], 0, new float[3], 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> type.toFloat(new byte[2], 0, new float[2], 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(new float[3], 0, new byte[1], 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(new float[3], 1, new byte[2], 0, 3));
        assertThrows(IndexOutOfBoundsException.class, () -> type.fromFloat(new float[3], 0, new byte[2], 0, -1));
        assertEquals(1 << 30, Int4Type.packedLength(Integer.MAX_VALUE));
    }
}
