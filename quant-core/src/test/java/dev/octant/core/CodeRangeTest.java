// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class CodeRangeTest {
    @Test
    void clipsToItsEnds() {
        CodeRange range = new CodeRange(-3, 5);
        assertEquals(-3, range.clip(-128));
        assertEquals(-3, range.clip(-3));
        assertEquals(0, range.clip(0));
        assertEquals(5, range.clip(5));
        assertEquals(5, range.clip(6));
        assertTrue(range.contains(-3));
        assertTrue(range.contains(5));
        assertFalse(range.contains(-4));
        assertFalse(range.contains(6));
        assertEquals("-3..5", range.toString());
        assertEquals(7, new CodeRange(7, 7).clip(0));
    }

    @Test
    void emptyRangesAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new CodeRange(1, 0))
                .getMessage();
        assertEquals("code range must have low <= high, was 1..0", message);
    }
}
