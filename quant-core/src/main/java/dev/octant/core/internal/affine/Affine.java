// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/**
 * The affine equation, once, in the form that every scalar loop inlines. Internal: use {@code QuantParams}.
 *
 * <p>Clipping before rounding gives the same code as clipping after it, because both bounds are integers; it keeps
 * every intermediate small, so nothing can wrap.
 */
public final class Affine {
    /** 1.5 * 2^23: adding it leaves no room for a fraction, so the addition itself rounds half to even. */
    public static final float ROUNDER = 12582912f;

    /** As a float's bits; those of {@code ROUNDER + n} are {@code n} more. */
    public static final int ROUNDER_BITS = 0x4B400000;

    /** The largest float below 0.5. */
    private static final float BELOW_HALF = 0x1.fffffep-2f;

    private Affine() {}

    /**
     * {@code clamp(rint(x / scale), low, high) + zeroPoint}; {@code low} and {@code high} are the type's ends less the
     * zero point, at most 2^22 in magnitude. NaN passes both bounds and becomes 0 in the conversion to int.
     */
    public static int quantize(float x, float scale, float low, float high, int zeroPoint) {
        return clippedSteps(x / scale, low, high) + zeroPoint;
    }

    /** {@code clamp(rint(steps), low, high)}, bounds as above; NaN becomes 0. */
    public static int clippedSteps(float steps, float low, float high) {
        float clipped = Math.min(Math.max(steps, low), high);
        return (int) ((clipped + ROUNDER) - ROUNDER);
    }

    /**
     * {@code clamp(steps rounded half away from zero, low, high)}, bounds as above; NaN becomes 0. The fraction is
     * cut off after a half has been added, and of that half only what a float below 0.5 has, or 0.49999997 would
     * become 1. A tie still comes out whole, because its sum rounds up. Both signs are rounded, as a branch would not
     * vectorise; one is 0.
     */
    public static int clippedHalfAway(float steps, float low, float high) {
        float clipped = Math.min(Math.max(steps, low), high);
        return (int) (Math.max(clipped, 0f) + BELOW_HALF) - (int) (Math.max(-clipped, 0f) + BELOW_HALF);
    }

    /**
     * 1 if {@code low <= rint(steps) <= high}, bounds as above, else 0, and for NaN 0. In floats without a
     * comparison, so that the JIT vectorises it: by how much the bounds are exceeded, 0 or at least 1.
     */
    public static int inRange(float steps, float low, float high) {
        float clipped = Math.min(Math.max(steps, low - 1), high + 1);
        float rounded = (clipped + ROUNDER) - ROUNDER;
        float excess = Math.max(Math.max(low - rounded, rounded - high), 0f);
        return (int) Math.max(1 - excess, 0f);
    }

    /** Puts the code of NaN in its places, which hold the zero point. */
    static void replaceNan(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, int zeroPoint, int nan) {
        if (nan == zeroPoint) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (Float.isNaN(src[srcOffset + i])) {
                dst[dstOffset + i] = (byte) nan;
            }
        }
    }

    /**
     * {@code (code - zeroPoint) * scale}. The conversion before the subtraction is exact, and lets the JIT vectorise.
     */
    public static float dequantize(int code, float scale, float zeroPoint) {
        return ((float) code - zeroPoint) * scale;
    }

    /**
     * {@code steps} rounded to the nearest whole number, half away from zero. Written by the fraction, which is exact:
     * adding 0.5 would round 0.49999997 up.
     */
    public static float roundHalfAway(float steps) {
        float whole = (float) (steps < 0 ? Math.ceil(steps) : Math.floor(steps));
        return Math.abs(steps - whole) >= 0.5f ? whole + Math.copySign(1f, steps) : whole;
    }
}
