// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class QuantTypeTest {
    @ParameterizedTest
    @CsvSource({
        "INT8, int8, -128, 127, 256, -128",
        "UINT8, uint8, 0, 255, 256, 0",
        "INT8_NARROW, int8_narrow, -127, 127, 255, -128"
    })
    void constantsAreTheFieldsGrids(QuantType type, String label, int low, int high, int levels, int firstStored) {
        assertEquals(label, type.label());
        assertEquals(label, type.toString());
        assertEquals(low, type.low());
        assertEquals(high, type.high());
        assertEquals(levels, type.levels());
        assertEquals(firstStored, type.firstStored());
    }

    @Test
    void signednessIsThatOfTheBytes() {
        assertTrue(QuantType.INT8.isSigned());
        assertTrue(QuantType.INT8_NARROW.isSigned());
        assertFalse(QuantType.UINT8.isSigned());
    }

    @ParameterizedTest
    @EnumSource
    void everyRawByteIsOneCode(QuantType type) {
        for (int i = 0; i < QuantType.RAW_VALUES; i++) {
            int code = type.firstStored() + i;
            assertEquals(code, type.code((byte) code));
        }
    }
}
