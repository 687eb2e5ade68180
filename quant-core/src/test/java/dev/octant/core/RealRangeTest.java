// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class RealRangeTest {
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    @Test
    void endsBelongToTheRange() {
        RealRange range = RealRange.of(-1.5, 2);
        assertTrue(range.contains(-1.5));
        assertTrue(range.contains(2));
        assertFalse(range.contains(Math.nextDown(-1.5)));
        assertFalse(range.contains(Math.nextUp(2.0)));
        assertFalse(range.contains(Double.NaN));
        assertEquals(3.5, range.width());
        assertSame(range, range.range());
        assertEquals("[-1.5, 2.0]", range.toString());
    }

    @Test
    void infiniteEndsAreAllowed() {
        assertTrue(RealRange.ALL.contains(-INFINITY));
        assertTrue(RealRange.ALL.contains(Double.MAX_VALUE));
        assertFalse(RealRange.ALL.isFinite());
        assertFalse(RealRange.of(0, INFINITY).isFinite());
        assertFalse(RealRange.of(-INFINITY, 0).isFinite());
        assertTrue(RealRange.of(-Double.MAX_VALUE, Double.MAX_VALUE).isFinite());
        assertEquals(INFINITY, RealRange.of(0, INFINITY).width());
    }

    @Test
    void zeroHasNoSign() {
        assertEquals(RealRange.of(0.0, 0.0), RealRange.of(-0.0, -0.0));
        assertEquals(RealRange.UNIT, RealRange.of(-0.0, 1));
        assertEquals(RealRange.UNIT.hashCode(), RealRange.of(-0.0, 1).hashCode());
    }

    @Test
    void zeroIsIncluded() {
        assertEquals(RealRange.of(0, 6), RealRange.of(2, 6).includingZero());
        assertEquals(RealRange.of(-6, 0), RealRange.of(-6, -2).includingZero());
        assertEquals(RealRange.of(-6, 2), RealRange.of(-6, 2).includingZero());
    }

    @Test
    void unionAndIntersectionAreThoseOfSets() {
        RealRange left = RealRange.of(-1, 2);
        RealRange right = RealRange.of(1, 3);
        assertEquals(RealRange.of(-1, 3), left.union(right));
        assertEquals(RealRange.of(1, 2), left.intersect(right));
        assertEquals(RealRange.of(2, 2), left.intersect(RealRange.of(2, INFINITY)));
        assertEquals(left, left.intersect(RealRange.ALL));
        assertEquals(RealRange.ALL, left.union(RealRange.ALL));
    }

    @Test
    void badRangesAreRefused() {
        assertMessage("range must have min <= max and no NaN, was [1.0, 0.0]", 1, 0);
        assertMessage("range must have min <= max and no NaN, was [NaN, 0.0]", Double.NaN, 0);
        assertMessage("range must have min <= max and no NaN, was [0.0, NaN]", 0, Double.NaN);
        String disjoint = assertThrows(
                        IllegalArgumentException.class, () -> RealRange.of(0, 1).intersect(RealRange.of(2, 3)))
                .getMessage();
        assertEquals("range must overlap [2.0, 3.0], was [0.0, 1.0]", disjoint);
    }

    private static void assertMessage(String expected, double min, double max) {
        assertEquals(
                expected,
                assertThrows(IllegalArgumentException.class, () -> RealRange.of(min, max))
                        .getMessage());
    }
}
