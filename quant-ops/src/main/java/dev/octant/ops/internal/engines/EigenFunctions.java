// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The float32 exponential and logarithms of Eigen's vector code without fused multiply-add, to which ONNX Runtime
 * leaves Elu, Celu, Selu, Softplus and Mish. Every product and sum is rounded on its own, in the order given.
 *
 * <p>ONNX Runtime uses them for whole vectors; the few elements behind the last whole vector go through the C library
 * instead and may differ in the last bits. A table of 256 entries has no such remainder.
 *
 * <p>Errors are given as {@link MlasFunctions} gives them. Stateless and thread safe. Source: Eigen,
 * {@code GenericPacketMathFunctions.h}, as built into ONNX Runtime 1.30; every function was compared with the library's
 * own output, bit for bit.
 */
public final class EigenFunctions {
    private static final float LOG2_E = 1.44269504088896341f;

    /** ln(2) in two parts, of which the first has few digits: its product with the exponent is exact. */
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    private static final float LN2 = 0.6931471805599453f;
    private static final float SQRT_HALF = 0.707106781186547524f;

    private EigenFunctions() {}

    /**
     * {@code e^x} as {@code 2^m e^r}, {@code m = floor(x / ln 2 + 1/2)}, with a polynomial of degree 6 split into
     * even and odd powers. Zero below -104; infinite where the result is. Error 1.5 ulp.
     */
    static float exp(float x) {
        if (x < -104) {
            return 0;
        }
        float v = Math.min(x, 88.723f);
        float m = (float) Math.floor(v * LOG2_E + 0.5f);
        float r = v - m * LN2_HIGH - m * LN2_LOW;
        float square = r * r;
        float even = square * (square * 1.37449638e-3f + 4.16696519e-2f) + 0.49999988f;
        float odd = square * 8.36894475e-3f + 0.16666518f;
        float y = square * (r * odd + even) + (r + 1);
        return Math.max(Math.scalb(y, (int) m), x);
    }

    /**
     * {@code ln(x)} as {@code e ln 2 + P(t) / Q(t)}, {@code x = 2^e (1 + t)} with {@code 1 + t} in [sqrt(1/2), sqrt 2).
     * Minus infinity at 0, NaN below. Error 4 ulp.
     */
    public static float log(float x) {
        if (!(x > 0) || x == Float.POSITIVE_INFINITY) {
            return x == 0 ? Float.NEGATIVE_INFINITY : x > 0 ? x : Float.NaN;
        }
        // In double every float is normal, so the exponent of a subnormal is found like any other.
        int e = Math.getExponent((double) x) + 1;
        float t = (float) Math.scalb((double) x, -e);
        if (t < SQRT_HALF) {
            e--;
            t = t - 1 + t;
        } else {
            t -= 1;
        }
        float p = t * (t * (t * 0.18256296349849254f + 1.0000000190281063f) + 1.0000000190281136f);
        float q = t * (t * (t * 0.049616247954120038f + 0.59923249590823520f) + 1.4999999999999927f) + 1;
        return e * LN2 + p / q;
    }

    /**
     * {@code ln(1 + x)} by Kahan's correction {@code x ln(u) / (u - 1)}, {@code u = 1 + x} rounded. Error 6 ulp for
     * positive x.
     */
    static float log1p(float x) {
        float u = x + 1;
        float log = log(u);
        return u == 1 || log == u ? x : x * (log / (u - 1));
    }
}
