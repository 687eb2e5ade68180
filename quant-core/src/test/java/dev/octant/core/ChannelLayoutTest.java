// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class ChannelLayoutTest {
    @Test
    void axesOfAShape() {
        assertEquals(new ChannelLayout(2, 12), ChannelLayout.of(0, 2, 3, 4));
        assertEquals(new ChannelLayout(3, 4), ChannelLayout.of(1, 2, 3, 4));
        assertEquals(new ChannelLayout(4, 1), ChannelLayout.of(2, 2, 3, 4));
        assertEquals(new ChannelLayout(4, 1), ChannelLayout.of(-1, 2, 3, 4));
        assertEquals(new ChannelLayout(3, 4), ChannelLayout.of(-2, 2, 3, 4));
        assertEquals(new ChannelLayout(2, 12), ChannelLayout.of(-3, 2, 3, 4));
        assertEquals(12, ChannelLayout.of(1, 2, 3, 4).period());
        assertEquals(new ChannelLayout(3, 4), ChannelLayout.of(1, 0, 3, 4));
    }

    @Test
    void theLargestIntIsTheLargestPeriod() {
        assertEquals(Integer.MAX_VALUE, new ChannelLayout(Integer.MAX_VALUE, 1).period());
        assertEquals(new ChannelLayout(1, Integer.MAX_VALUE), ChannelLayout.of(0, 1, Integer.MAX_VALUE));
    }

    @Test
    void badShapesAreRefused() {
        assertRefused("axis must be within -2..1 for 2 dimensions, was 2", () -> ChannelLayout.of(2, 3, 4));
        assertRefused("axis must be within -2..1 for 2 dimensions, was -3", () -> ChannelLayout.of(-3, 3, 4));
        assertRefused("channels must be positive, was 0", () -> ChannelLayout.of(0, 0, 4));
        assertRefused("channels must be positive, was -1", () -> ChannelLayout.of(0, -1, 4));
        assertRefused(
                "elements behind the axis must be positive and fit an int, was 0", () -> ChannelLayout.of(0, 3, 0));
        assertRefused(
                "elements behind the axis must be positive and fit an int, was -4",
                () -> ChannelLayout.of(0, 3, 4, -1, -1));
        assertRefused(
                "elements behind the axis must be positive and fit an int, was 4294967296",
                () -> ChannelLayout.of(0, 3, 1 << 16, 1 << 16));
        assertRefused("inner must be positive, was 0", () -> new ChannelLayout(1, 0));
        assertRefused("channels x inner must fit an int, was 65536 x 32768", () -> new ChannelLayout(1 << 16, 1 << 15));
        assertThrows(IllegalArgumentException.class, () -> ChannelLayout.of(0));
    }

    private static void assertRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }
}
