// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import dev.octant.core.internal.half.MiniFloat;

/**
 * The format e8m0: an exponent and nothing else. Code k is {@code 2^(k - 127)}, 255 is NaN; it has no sign and no zero.
 *
 * <p>Rounding to one significant bit makes every normal float's last bit a 1, so that ties always go up.
 */
final class PowerOfTwo {
    static final int LARGEST = 0xFE;
    static final int NAN = 0xFF;

    private static final int EXPONENT_SHIFT = 23;
    private static final int HALF = 1 << (EXPONENT_SHIFT - 1);
    private static final int FLOAT_MIN_NORMAL = 1 << EXPONENT_SHIFT;

    private PowerOfTwo() {}

    static float decode(int code) {
        int exponent = code & 0xFF;
        if (exponent == NAN) {
            return Float.NaN;
        }
        return Float.intBitsToFloat(exponent == 0 ? HALF : exponent << EXPONENT_SHIFT);
    }

    static int encode(float x, int beyond) {
        int magnitude = Float.floatToRawIntBits(x) & MiniFloat.FLOAT_MAGNITUDE;
        if (magnitude >= MiniFloat.FLOAT_INFINITY) {
            return NAN;
        }
        // Below 2^-126 a float has no leading bit, and PyTorch rounds all above 2^-127 up to 2^-126.
        int half = magnitude >= FLOAT_MIN_NORMAL ? HALF : HALF - 1;
        int code = (magnitude + half) >>> EXPONENT_SHIFT;
        return code > LARGEST ? beyond : code;
    }
}
