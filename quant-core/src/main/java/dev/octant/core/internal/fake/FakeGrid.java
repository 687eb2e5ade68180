// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;

/**
 * A grid as the loops of this package take it. Internal.
 *
 * <pre>
 * steps = x / scale, or x * inverse where the grid does not divide
 * whole = clamp(rint(steps), low, high)
 * fake  = whole * scale, 0 for NaN
 * </pre>
 *
 * @param scale the step, a positive normal float
 * @param inverse {@code 1 / scale}, rounded to float
 * @param low the lowest code less the zero point, at most 2^21 in magnitude
 * @param high the highest code less the zero point, at most 2^21 in magnitude
 * @param divides whether steps are a quotient, or a product with the inverse
 */
public record FakeGrid(float scale, float inverse, float low, float high, boolean divides) {
    /** A grid of whole numbers. */
    public static FakeGrid of(float scale, int low, int high, boolean divides) {
        return new FakeGrid(scale, 1 / scale, low, high, divides);
    }

    /** {@code x} in steps. */
    public float steps(float x) {
        return divides ? x / scale : x * inverse;
    }

    /** The steps that stand for {@code x}, a whole number; 0 for NaN. */
    public int whole(float x) {
        return Affine.clippedSteps(steps(x), low, high);
    }

    /** The value of the grid that stands for {@code x}; 0 for NaN. */
    public float fake(float x) {
        return whole(x) * scale;
    }

    /** 1 where {@code low <= rint(steps) <= high}, else 0, and for NaN 0. */
    public int inRange(float x) {
        return Affine.inRange(steps(x), low, high);
    }

    /**
     * The derivative of {@link #fake} to the scale: {@code (whole scale - x) inverse} within the grid, one fused
     * operation and one product, {@code whole} outside, and 0 for NaN.
     */
    public float local(float x) {
        int bits = bits(steps(x));
        int clamped = clamped(bits, low, high);
        return local(x, outside(bits, clamped), clamped, scale, inverse);
    }

    /**
     * The bits of {@code ROUNDER + rint(steps)}, whose order is that of the steps; beyond 2^22 steps only that. Whole
     * numbers are clamped by moves, where floats take a sequence that heeds NaN and the sign of zero.
     */
    static int bits(float steps) {
        return Float.floatToRawIntBits(steps + Affine.ROUNDER);
    }

    /** Those of the steps that stand for them; those of an end for NaN. */
    static int clamped(int bits, float low, float high) {
        return Math.min(Math.max(bits, Affine.ROUNDER_BITS + (int) low), Affine.ROUNDER_BITS + (int) high);
    }

    /** All ones where clamping changed the bits, and for NaN, else 0: a branch would be guessed wrongly too often. */
    static int outside(int bits, int clamped) {
        int change = bits ^ clamped;
        return (change | -change) >> 31;
    }

    static float local(float x, int outside, int clamped, float scale, float inverse) {
        float whole = Float.isNaN(x) ? 0 : Float.intBitsToFloat(clamped) - Affine.ROUNDER;
        return choose(outside, whole, Math.fma(whole, scale, -x) * inverse);
    }

    /** {@code yes} where the mask is all ones, {@code no} where it is 0. */
    static float choose(int mask, float yes, float no) {
        return Float.intBitsToFloat((Float.floatToRawIntBits(yes) & mask) | (Float.floatToRawIntBits(no) & ~mask));
    }
}
