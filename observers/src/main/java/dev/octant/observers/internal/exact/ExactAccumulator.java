// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.internal.exact;

import java.math.BigInteger;
import java.util.Arrays;

/** Adds floats and their squares exactly in a few words: one long fixed-point number for each, wide enough for any. */
public final class ExactAccumulator {
    /** 277 bits of the floats, 63 of their number, a sign, in digits of 32 bits. */
    private static final int SUM_DIGITS = 12;

    private static final int SQUARE_DIGITS = 21;

    /** Longs held, whatever was added. */
    public static final int LONGS = SUM_DIGITS + SQUARE_DIGITS;

    /** One number adds less than 2^33 to a digit, so this many leave it below 2^63. */
    private static final int CARRY = 1 << 29;

    private final int most;
    private final long[] sum = new long[SUM_DIGITS];
    private final long[] squares = new long[SQUARE_DIGITS];
    private int added;

    public ExactAccumulator() {
        this(CARRY);
    }

    /** An accumulator that carries after {@code most} numbers, so that a test need not add 2^29. */
    ExactAccumulator(int most) {
        this.most = most;
    }

    /** Adds finite values and leaves out others. */
    public void add(float value) {
        int bits = Float.floatToRawIntBits(value);
        int exponent = (bits >>> 23) & 0xFF;
        if (exponent == 0xFF) {
            return;
        }
        long mantissa = mantissa(bits);
        int shift = Math.max(exponent, 1) - 1;
        long shifted = mantissa << (shift & 31);
        int digit = shift >>> 5;
        // Without a branch, for signs cannot be predicted.
        long sign = bits >> 31;
        sum[digit] += ((shifted & 0xFFFF_FFFFL) ^ sign) - sign;
        sum[digit + 1] += ((shifted >>> 32) ^ sign) - sign;
        long square = mantissa * mantissa;
        int place = 2 * shift;
        int low = place & 31;
        int squareDigit = place >>> 5;
        long lower = (square & 0xFFFF_FFFFL) << low;
        long upper = (square >>> 32) << low;
        squares[squareDigit] += lower & 0xFFFF_FFFFL;
        squares[squareDigit + 1] += (lower >>> 32) + (upper & 0xFFFF_FFFFL);
        squares[squareDigit + 2] += upper >>> 32;
        carrySometimes();
    }

    /** The 24 bits before a float's exponent; the leading one is implied unless the exponent is 0. */
    public static int mantissa(int bits) {
        return (bits & 0x7F_FFFF) | Math.min(bits & 0x7F80_0000, 0x80_0000);
    }

    /** Adds {@code units * 2^place} of the unit of {@link ExactSums#sum}. */
    public void addSum(long units, int place) {
        add(sum, units, place);
        carrySometimes();
    }

    /** Adds {@code units * 2^place} of the unit of {@link ExactSums#squares}. */
    public void addSquares(long units, int place) {
        add(squares, units, place);
        carrySometimes();
    }

    private static void add(long[] digits, long units, int place) {
        int low = place & 31;
        int digit = place >>> 5;
        long lower = (units & 0xFFFF_FFFFL) << low;
        long upper = (units >> 32) << low;
        digits[digit] += lower & 0xFFFF_FFFFL;
        digits[digit + 1] += (lower >>> 32) + (upper & 0xFFFF_FFFFL);
        digits[digit + 2] += upper >> 32;
    }

    /** Forgets all sums. */
    public void clear() {
        Arrays.fill(sum, 0);
        Arrays.fill(squares, 0);
        added = 0;
    }

    private void carrySometimes() {
        if (++added == most) {
            carry(sum);
            carry(squares);
            added = 0;
        }
    }

    /** All digits but the highest within 32 bits; that one keeps the sign. */
    private static void carry(long[] digits) {
        for (int i = 0; i + 1 < digits.length; i++) {
            digits[i + 1] += digits[i] >> 32;
            digits[i] &= 0xFFFF_FFFFL;
        }
    }

    /** The largest magnitude of all digits but the highest of each sum: below 2^32 after a carry. */
    long largestDigit() {
        return Math.max(largestDigit(sum), largestDigit(squares));
    }

    private static long largestDigit(long[] digits) {
        return Arrays.stream(digits, 0, digits.length - 1).map(Math::abs).max().orElseThrow();
    }

    public ExactSums sums() {
        return new ExactSums(value(sum), value(squares));
    }

    private static BigInteger value(long[] digits) {
        BigInteger value = BigInteger.ZERO;
        for (int i = digits.length - 1; i >= 0; i--) {
            value = value.shiftLeft(32).add(BigInteger.valueOf(digits[i]));
        }
        return value;
    }
}
