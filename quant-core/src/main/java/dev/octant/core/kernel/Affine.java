package dev.octant.core.kernel;

/**
 * The affine equation, once, in the form that every scalar loop inlines. Internal: use {@code QuantParams}.
 *
 * <p>Clipping before rounding gives the same code as clipping after it, because both bounds are integers; it keeps
 * every intermediate small, so nothing can wrap.
 */
public final class Affine {
    /** 1.5 * 2^23: adding it leaves no room for a fraction, so the addition itself rounds half to even. */
    private static final float ROUNDER = 12582912f;

    private Affine() {}

    /**
     * {@code clamp(rint(x / scale), low, high) + zeroPoint}; {@code low} and {@code high} are the type's ends less the
     * zero point, at most 2^22 in magnitude. NaN passes both bounds and becomes 0 in the conversion to int.
     */
    public static int quantize(float x, float scale, float low, float high, int zeroPoint) {
        float clipped = Math.min(Math.max(x / scale, low), high);
        return (int) ((clipped + ROUNDER) - ROUNDER) + zeroPoint;
    }

    /** {@code (code - zeroPoint) * scale}. The conversion before the subtraction is exact, and lets the JIT vectorise. */
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
