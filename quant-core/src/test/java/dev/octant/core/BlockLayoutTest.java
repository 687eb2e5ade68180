// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class BlockLayoutTest {
    @Test
    void shapesAreCutAtTheAxis() {
        assertEquals(new BlockLayout(6, 7, 20, 3), BlockLayout.of(2, 3, 2, 3, 7, 4, 5));
        assertEquals(new BlockLayout(6, 7, 20, 3), BlockLayout.of(-3, 3, 2, 3, 7, 4, 5));
        assertEquals(new BlockLayout(1, 8, 1, 4), BlockLayout.of(0, 4, 8));
        assertEquals(3, new BlockLayout(6, 7, 20, 3).blocks());
        assertEquals(360, new BlockLayout(6, 7, 20, 3).groups());
        assertEquals(840, new BlockLayout(6, 7, 20, 3).size());
        assertEquals(1L << 40, new BlockLayout(1 << 10, 1 << 30, 1, 1 << 20).size());
    }

    /** A block longer than the axis has the axis: layouts that mean the same are equal. */
    @Test
    void blocksEndWithTheAxis() {
        assertEquals(new BlockLayout(2, 5, 1, 5), new BlockLayout(2, 5, 1, 100));
        assertEquals(1, new BlockLayout(2, 5, 1, 100).blocks());
    }

    @Test
    void badPartsAreRefused() {
        refused("outer must be positive, was 0", () -> new BlockLayout(0, 1, 1, 1));
        refused("axis must be positive, was -1", () -> new BlockLayout(1, -1, 1, 1));
        refused("inner must be positive, was 0", () -> new BlockLayout(1, 1, 0, 1));
        refused("block must be positive, was 0", () -> new BlockLayout(1, 1, 1, 0));
        refused(
                "outer x blocks x inner must fit an int, was 65536 x 32768 x 2",
                () -> new BlockLayout(65536, 65536, 2, 2));
        refused("axis must be within -2..1 for 2 dimensions, was 2", () -> BlockLayout.of(2, 1, 3, 4));
        refused("axis must be within 0..-1 for 0 dimensions, was 0", () -> BlockLayout.of(0, 1));
        refused(
                "elements before and behind the axis must be positive and fit an int, was 0",
                () -> BlockLayout.of(1, 1, 0, 4));
        refused(
                "elements before and behind the axis must be positive and fit an int, was 4294967296",
                () -> BlockLayout.of(0, 1, 1, 65536, 65536));
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
