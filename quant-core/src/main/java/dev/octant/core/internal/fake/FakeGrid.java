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
        return local(x, inRange(x), whole(x), scale, inverse);
    }

    static float local(float x, int inside, int whole, float scale, float inverse) {
        return choose(inside, Math.fma(whole, scale, -x) * inverse, whole);
    }

    /** {@code yes} where {@code inside} is 1, {@code no} where it is 0: a branch would be guessed wrongly too often. */
    static float choose(int inside, float yes, float no) {
        int mask = -inside;
        return Float.intBitsToFloat((Float.floatToRawIntBits(yes) & mask) | (Float.floatToRawIntBits(no) & ~mask));
    }
}
