// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.RoundingMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Any float at all, from its bits. */
class ConversionProperties {
    @Property
    void theNearestValueWins(@ForAll NarrowType type, @ForAll int bits) {
        float x = Float.intBitsToFloat(bits);
        assertTrue(type.agrees(type.encode(x), type.oracle().code(x)), () -> "code of " + x + " was " + type.encode(x));
    }

    @Property
    void narrowingTwiceIsNarrowingOnce(@ForAll NarrowType type, @ForAll int bits) {
        int once = type.encode(Float.intBitsToFloat(bits));
        assertTrue(type.agrees(type.encode(type.decode(once)), once));
    }

    @Property
    void aPowerOfTwoTimesAFormatsValueIsExactInBfloat16(@ForAll byte mantissa, @ForAll byte exponent) {
        float x = Math.scalb((float) mantissa, exponent % 100);
        assertEquals(x, HalfType.BFLOAT16.toFloat(HalfType.BFLOAT16.fromFloat(x)));
    }

    @Property
    void fourBitsHoldTheNearestInteger(@ForAll Int4Type type, @ForAll int bits) {
        // Exponents -4 to 5, where the integers of four bits are.
        float x = Float.intBitsToFloat((bits & 0x807FFFFF) | (123 + Math.floorMod(bits >> 23, 10)) << 23);
        int nearest = new BigDecimal(x).setScale(0, RoundingMode.HALF_EVEN).intValueExact();
        int expected = Math.min(Math.max(nearest, type.low()), type.high());
        assertEquals(expected, type.toFloat(type.fromFloat(x)), () -> "at " + x);
    }
}
