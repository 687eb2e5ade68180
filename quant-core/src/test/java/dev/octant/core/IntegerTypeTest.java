// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class IntegerTypeTest {
    /** The standard's table of saturation. */
    @ParameterizedTest
    @CsvSource({
        "UINT16, 16, 0, 65535",
        "INT16, 16, -32768, 32767",
        "UINT8, 8, 0, 255",
        "INT8, 8, -128, 127",
        "UINT4, 4, 0, 15",
        "INT4, 4, -8, 7",
        "UINT2, 2, 0, 3",
        "INT2, 2, -2, 1"
    })
    void endsAreTheStandards(IntegerType type, int bits, int low, int high) {
        assertEquals(bits, type.bits());
        assertEquals(low, type.low());
        assertEquals(high, type.high());
        assertEquals(low < 0, type.isSigned());
        assertEquals(bits == 16, type.isWide());
    }

    @ParameterizedTest
    @EnumSource
    void namesAreRead(IntegerType type) {
        assertEquals(type, IntegerType.parse(" " + type.label().toUpperCase(Locale.ROOT) + " "));
        assertEquals(type.label(), type.toString());
    }

    @ParameterizedTest
    @CsvSource({
        "INT2, 0, 0",
        "INT2, 1, 1",
        "UINT2, 4, 1",
        "INT2, 5, 2",
        "UINT4, 1, 1",
        "INT4, 2, 1",
        "INT4, 7, 4",
        "INT4, 2147483647, 1073741824",
        "INT2, 2147483647, 536870912",
        "INT8, 7, 7",
        "UINT16, 7, 7"
    })
    void codesTakeWholeUnits(IntegerType type, int codes, int stored) {
        assertEquals(stored, type.storedLength(codes));
    }

    @Test
    void badPartsAreRefused() {
        assertEquals(
                "codes must be 0 or more, was -1",
                assertThrows(IllegalArgumentException.class, () -> IntegerType.INT4.storedLength(-1))
                        .getMessage());
        assertEquals(
                "type must be one of int2, uint2, int4, uint4, int8, uint8, int16, uint16, was 'int3'",
                assertThrows(IllegalArgumentException.class, () -> IntegerType.parse("int3"))
                        .getMessage());
    }
}
