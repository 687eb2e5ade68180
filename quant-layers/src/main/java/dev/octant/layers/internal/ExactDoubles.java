// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.internal;

import java.math.BigInteger;
import java.util.Arrays;

/**
 * Adds doubles exactly: one long fixed-point number, wide enough for any. What is not finite is added apart. Not thread
 * safe. Internal.
 */
public final class ExactDoubles {
    /** Binary digits below the point: the smallest double is one unit. */
    private static final int UNIT = 1074;

    /** 2098 bits of the doubles, 63 of their number, a sign, in digits of 32 bits. */
    private static final int DIGITS = 69;

    /** One number adds less than 2^33 to a digit, so this many leave it below 2^63. */
    private static final int CARRY = 1 << 29;

    /** Bits of a sum that decide its rounding, with one more for what is below them. */
    private static final int KEPT = 62;

    private final long[] digits = new long[DIGITS];
    private int added;
    private double notFinite;

    /** Adds a number. */
    public void add(double value) {
        long bits = Double.doubleToRawLongBits(value);
        int exponent = (int) (bits >>> 52) & 0x7FF;
        if (exponent == 0x7FF) {
            notFinite += value;
            return;
        }
        long fraction = bits & 0xF_FFFF_FFFF_FFFFL;
        long mantissa = exponent == 0 ? fraction : fraction | 0x10_0000_0000_0000L;
        int shift = Math.max(exponent, 1) - 1;
        int low = shift & 31;
        int digit = shift >>> 5;
        long lower = (mantissa & 0xFFFF_FFFFL) << low;
        long upper = (mantissa >>> 32) << low;
        long sign = bits >> 63;
        digits[digit] += ((lower & 0xFFFF_FFFFL) ^ sign) - sign;
        digits[digit + 1] += (((lower >>> 32) + (upper & 0xFFFF_FFFFL)) ^ sign) - sign;
        digits[digit + 2] += ((upper >>> 32) ^ sign) - sign;
        if (++added == CARRY) {
            carry();
        }
    }

    /** Adds what another has added. */
    public void add(ExactDoubles other) {
        carry();
        other.carry();
        for (int i = 0; i < DIGITS; i++) {
            digits[i] += other.digits[i];
        }
        notFinite += other.notFinite;
        carry();
    }

    /** Forgets all numbers. */
    public void clear() {
        Arrays.fill(digits, 0);
        added = 0;
        notFinite = 0;
    }

    /** All digits but the highest within 32 bits; that one keeps the sign. */
    private void carry() {
        for (int i = 0; i + 1 < DIGITS; i++) {
            digits[i + 1] += digits[i] >> 32;
            digits[i] &= 0xFFFF_FFFFL;
        }
        added = 0;
    }

    /** The sum, rounded once, half to even; NaN or infinite where the sum of what was not finite is. */
    public double sum() {
        if (notFinite != 0) {
            return notFinite;
        }
        BigInteger exact = BigInteger.ZERO;
        for (int i = DIGITS - 1; i >= 0; i--) {
            exact = exact.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
        }
        BigInteger magnitude = exact.abs();
        int shift = Math.max(0, magnitude.bitLength() - KEPT);
        long leading = magnitude.shiftRight(shift).longValueExact();
        // A bit below the rounding stands for all that was cut off.
        boolean rest = shift > 0 && magnitude.getLowestSetBit() < shift;
        double rounded = Math.scalb((double) (leading << 1 | (rest ? 1 : 0)), shift - 1 - UNIT);
        return exact.signum() < 0 ? -rounded : rounded;
    }
}
