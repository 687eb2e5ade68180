package dev.octant.formats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class Float16Test {
    /** The value by definition: sign * 2^(e-15) * (1 + f/1024), and sign * 2^-14 * f/1024 where e is 0. */
    private static double defined(int bits) {
        double sign = bits < 0x8000 ? 1 : -1;
        int exponent = bits / 1024 % 32;
        double fraction = bits % 1024 / 1024.0;
        if (exponent == 31) {
            return fraction == 0 ? sign * Double.POSITIVE_INFINITY : Double.NaN;
        }
        return exponent == 0 ? sign * Math.pow(2, -14) * fraction : sign * Math.pow(2, exponent - 15) * (1 + fraction);
    }

    @Test
    void everyPatternHasItsValue() {
        int nans = 0;
        for (int bits = 0; bits < 0x10000; bits++) {
            double expected = defined(bits);
            float actual = Float16.toFloat((short) bits);
            if (Double.isNaN(expected)) {
                nans++;
                assertTrue(Float.isNaN(actual), Integer.toHexString(bits));
                assertEquals(bits / 0x8000, Float.floatToRawIntBits(actual) >>> 31, "sign of " + bits);
                assertEquals(bits % 1024, (Float.floatToRawIntBits(actual) >> 13) & 1023, "payload of " + bits);
            } else {
                // Bits of the double, so that -0 differs from 0.
                assertEquals(
                        Double.doubleToRawLongBits(expected),
                        Double.doubleToRawLongBits(actual),
                        Integer.toHexString(bits));
            }
        }
        assertEquals(2 * 1023, nans);
    }
}
