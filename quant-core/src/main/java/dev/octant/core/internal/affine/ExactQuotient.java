// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/**
 * Division by multiplication, for quantizing: {@code q0 = x * inverse}, {@code r = fma(-q0, scale, x)},
 * {@code q = fma(r, inverse, q0)} with {@code inverse = 1 / scale}, all in float.
 *
 * <p>Why {@code q} gives the code that {@code x / scale} gives. Codes change at ties: {@code T = k + 1/2} with
 * {@code |T| < 256}. Write Q for the exact quotient and u for the distance of the floats at T. The float division is
 * below, at or above T as Q is below, between or above {@code M = T +- u/2} (just under a power of two: {@code T -
 * u/4}). The float {@code q} is so as {@code V = q0 + r * inverse} is, before its rounding. With q0 within 1.5 u of
 * Q, and r, which is exact but for its 25th bit, V is within 2.25 u 2^-24 of Q. It remains to show that Q is farther
 * than that from every M.
 *
 * <p>Let {@code scale = S 2^e} with a 24-bit integer S. T has at most 9 significant bits, so {@code M = (N 2^16 +- 1)
 * u/2} with an integer N, or the same with u/4, and {@code M S} is {@code +-S} modulo 2^16 in its units. A float x
 * near {@code M scale}, of 24 bits where the product has 48, is a multiple of 2^24 of the same units. So x and {@code
 * M scale} differ by a number of units that is {@code +-S} modulo 2^16, and not by 0, since the odd factor of M
 * leaves all of the 2^24 to S. V is within 4.5 units of Q, so it is enough that S modulo 2^16 is 0 or at least
 * {@value #MARGIN} from 0. That fails for one scale in two thousand.
 *
 * <p>Scales far from 1 are left out as well, so that no r that matters is subnormal and {@code inverse} is normal.
 * Where {@code x} is infinite or q0 overflows, {@code q} is NaN, as it is where x is NaN. Beyond the last tie {@code
 * q} need only stay beyond it.
 */
public final class ExactQuotient {
    private static final int MARGIN = 16;
    private static final int LOW_BITS = 0xFFFF;

    private ExactQuotient() {}

    /** Whether the above holds for a scale. */
    public static boolean holds(float scale) {
        int low = Float.floatToRawIntBits(scale) & LOW_BITS;
        boolean clear = low == 0 || (low >= MARGIN && low <= LOW_BITS + 1 - MARGIN);
        return clear && scale >= 0x1p-100f && scale <= 0x1p100f;
    }
}
