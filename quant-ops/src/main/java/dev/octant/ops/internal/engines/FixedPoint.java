// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import org.apache.commons.lang3.Validate;

/**
 * A real multiplier as a 31-bit fraction and a power of two, and the integer arithmetic that TensorFlow Lite does with
 * it: no result depends on the floating point of the machine.
 *
 * <pre>
 * value    = mantissa * 2^(shift - 31)                     2^30 &lt;= |mantissa| &lt; 2^31, or both are 0; -2^31 for a
 *                                                         negative value whose fraction rounds to -1
 * multiply = shiftRight(multiplyHigh(x * 2^max(shift, 0), mantissa), max(-shift, 0))
 * </pre>
 *
 * <p>{@link #multiply} rounds twice: the product to an integer at the finer of the two positions, then the shift. It is
 * therefore not the nearest integer to {@code x * value} where the first rounding makes a tie; the engine's builds
 * with one rounding differ there by one.
 *
 * <p>Immutable and thread safe. Source: {@code QuantizeMultiplier} and {@code MultiplyByQuantizedMultiplier} of
 * TensorFlow Lite, the double rounding build that TensorFlow 2.21 ships; gemmlowp {@code fixedpoint.h}.
 *
 * @param mantissa the fraction in units of 2^-31
 * @param shift the power of two, positive to the left
 */
public record FixedPoint(int mantissa, int shift) {
    private static final int ONE_Q28 = 1 << 28;
    private static final int THREE_HALVES_Q28 = ONE_Q28 + (ONE_Q28 >> 1);
    private static final int SQRT_HALF_Q31 = 1518500250;
    private static final int NEWTON_STEPS = 5;

    /** A shift that leaves nothing of an int, and that a long can still do. */
    private static final int MAX_BITS = 40;

    /**
     * The multiplier next to {@code value}: {@code value = fraction * 2^shift} with the fraction in [1/2, 1), {@code
     * mantissa = fraction * 2^31} rounded half away from zero; 0 where the shift would be below -31.
     *
     * @throws IllegalArgumentException if {@code value} is NaN or infinite
     */
    public static FixedPoint of(double value) {
        Validate.isTrue(Double.isFinite(value), "multiplier must be finite, was %s", value);
        int shift = Math.getExponent(value) + 1;
        long mantissa = (long) Math.signum(value) * Math.round(Math.scalb(Math.abs(value), 31 - shift));
        if (mantissa > Integer.MAX_VALUE) {
            mantissa >>= 1;
            shift++;
        }
        return shift < -31 ? new FixedPoint(0, 0) : new FixedPoint((int) mantissa, shift);
    }

    /**
     * {@code 1 / sqrt(x)} for an integer x of 1 or more, by five Newton steps {@code y = y (3 - s y^2) / 2} from y = 1,
     * where s is x times a power of four, in [1/4, 1), with 28 bits. x = 1 gives the largest mantissa. The steps end
     * at a relative error of 1.24e-6 for s = 1/4, their slowest case.
     *
     * <p>Source: {@code GetInvSqrtQuantizedMultiplierExp} of TensorFlow Lite.
     */
    public static FixedPoint reciprocalSqrt(int x) {
        Validate.isTrue(x > 0, "argument of a reciprocal square root must be positive, was %s", x);
        if (x == 1) {
            return new FixedPoint(Integer.MAX_VALUE, 0);
        }
        int right = 11;
        int scaled = x;
        while (scaled >= 1 << 29) {
            scaled /= 4;
            right++;
        }
        int pairs = (Integer.numberOfLeadingZeros(scaled) - 1) / 2 - 1;
        right -= pairs;
        scaled <<= 2 * pairs;
        int half = shiftRight(scaled >> 1, 1);
        int y = ONE_Q28;
        for (int i = 0; i < NEWTON_STEPS; i++) {
            int cube = shiftLeft(multiplyHigh(multiplyHigh(y, y), y), 6);
            y = shiftLeft(multiplyHigh(THREE_HALVES_Q28, y) - multiplyHigh(half, cube), 3);
        }
        int mantissa = multiplyHigh(y, SQRT_HALF_Q31);
        return new FixedPoint(mantissa << Math.max(-right, 0), Math.min(-right, 0));
    }

    /** The real multiplier. */
    public double value() {
        return Math.scalb((double) mantissa, shift - 31);
    }

    /**
     * How far below a tie {@link #multiply} still rounds away from zero: half of the fraction that its first rounding
     * leaves, 0 where it leaves none.
     */
    public double reachOfTies() {
        return shift < 0 ? Math.scalb(0.5, shift) : 0;
    }

    /** This multiplier times {@code 2^bits}. */
    public FixedPoint scaled(int bits) {
        return new FixedPoint(mantissa, shift + bits);
    }

    /**
     * {@code x} times this multiplier, rounded twice. Saturates where the engine's left shift would leave the int
     * range.
     */
    public int multiply(int x) {
        return shiftRight(multiplyHigh(shiftLeft(x, Math.max(shift, 0)), mantissa), Math.max(-shift, 0));
    }

    /**
     * {@code x} times this multiplier with the last shift rounded half up instead of half away from zero, as NEON's
     * {@code VRSHL} does: the form of the optimised kernels.
     */
    int multiplyHalfUp(int x) {
        return shiftRightHalfUp(multiplyHigh(shiftLeft(x, Math.max(shift, 0)), mantissa), Math.max(-shift, 0));
    }

    /**
     * {@code a * b / 2^31} rounded to nearest, saturating; ties go upward: NEON's {@code SQRDMULH}. gemmlowp's form,
     * which adds 2^30, or 1 - 2^30 to a negative product, and divides toward zero, gives the same numbers.
     */
    public static int multiplyHigh(int a, int b) {
        return saturate(((long) a * b + (1L << 30)) >> 31);
    }

    /** {@code a * b / 2^15} rounded to nearest in 16 bits, saturating; ties go upward: the 16-bit {@code SQRDMULH}. */
    static short multiplyHigh16(short a, short b) {
        return saturate16((a * b + (1 << 14)) >> 15);
    }

    /** {@code x / 2^bits} rounded half away from zero: gemmlowp {@code RoundingDivideByPOT}. */
    public static int shiftRight(int x, int bits) {
        int capped = Math.min(bits, MAX_BITS);
        long wide = x;
        long mask = (1L << capped) - 1;
        long threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (int) (wide >> capped) + ((wide & mask) > threshold ? 1 : 0);
    }

    /** {@code floor(x / 2^bits + 1/2)}: NEON's rounding shift. */
    static int shiftRightHalfUp(int x, int bits) {
        int capped = Math.min(bits, MAX_BITS);
        return (int) (((long) x + ((1L << capped) >> 1)) >> capped);
    }

    /**
     * {@link #shiftRight} of a 16-bit number as gemmlowp's template computes it in 16 bits. From 16 bits on its mask
     * no longer fits and reads as -1, so that a positive number gives 1 and a negative -1 where 0 would be right.
     */
    static short shiftRight16(short x, int bits) {
        int capped = Math.min(bits, 31);
        short mask = (short) ((1L << capped) - 1);
        int threshold = (mask >> 1) + (x < 0 ? 1 : 0);
        return (short) ((x >> capped) + ((x & mask) > threshold ? 1 : 0));
    }

    /** {@code x * 2^bits}, saturating at the int range. */
    public static int shiftLeft(int x, int bits) {
        return saturate((long) x << Math.min(bits, 32));
    }

    /** {@code x * 2^bits}, saturating at 16 bits. */
    static short shiftLeft16(short x, int bits) {
        return saturate16((long) x << Math.min(bits, 32));
    }

    private static int saturate(long x) {
        return (int) Math.min(Math.max(x, Integer.MIN_VALUE), Integer.MAX_VALUE);
    }

    private static short saturate16(long x) {
        return (short) Math.min(Math.max(x, Short.MIN_VALUE), Short.MAX_VALUE);
    }
}
