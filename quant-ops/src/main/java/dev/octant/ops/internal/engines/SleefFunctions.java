// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The float32 functions of SLEEF that PyTorch's vector code calls on processors with fused multiply-add.
 *
 * <p>Exp is a polynomial in single floats; tanh and expm1 are computed in pairs of floats ({@link FloatPair}) and
 * rounded once at the end.
 *
 * <p>Errors are given as {@link MlasFunctions} gives them. Stateless and thread safe. Source: SLEEF 3,
 * {@code sleefsimdsp.c}, the functions of 1.0 ulp.
 */
public final class SleefFunctions {
    private static final float LOG2_E = 1.442695040888963407359924681001892137426645954152985934135449406931f;
    private static final float LN2_HIGH = 0.693145751953125f;
    private static final float LN2_LOW = 1.428606765330187045e-06f;

    private SleefFunctions() {}

    /**
     * {@code e^x} as {@code 2^m (1 + (r + r^2 P(r)))}, {@code m = rint(x / ln 2)}; zero below -104, infinite beyond
     * 100. Error 1 ulp.
     */
    static float exp(float x) {
        if (x < -104) {
            return 0;
        }
        if (x > 100) {
            return Float.POSITIVE_INFINITY;
        }
        float m = (float) Math.rint(x * LOG2_E);
        float r = Math.fma(m, -LN2_LOW, Math.fma(m, -LN2_HIGH, x));
        float p = 0.000198527617612853646278381f;
        p = Math.fma(p, r, 0.00139304355252534151077271f);
        p = Math.fma(p, r, 0.00833336077630519866943359f);
        p = Math.fma(p, r, 0.0416664853692054748535156f);
        p = Math.fma(p, r, 0.166666671633720397949219f);
        p = Math.fma(p, r, 0.5f);
        return Math.scalb(1 + Math.fma(r * r, p, r), (int) m);
    }

    /**
     * {@code tanh(x) = (e - 1/e) / (e + 1/e)}, {@code e = e^|x|}; 1 beyond 8.6643. Error 1.1 ulp of 2^-100 at least.
     */
    public static float tanh(float x) {
        float a = Math.abs(x);
        if (Float.isNaN(x) || a > 8.664339742f) {
            return Float.isNaN(x) ? x : Math.signum(x);
        }
        FloatPair e = exp(FloatPair.of(a));
        FloatPair inverse = e.reciprocal();
        FloatPair quotient = e.addSmaller(inverse.negate()).divide(e.addSmaller(inverse));
        return Math.copySign(quotient.value(), x);
    }

    /** {@code e^x - 1}; -1 below -16.6355, infinite beyond 88.7228. Error 1.1 ulp of 2^-100 at least. */
    static float expm1(float x) {
        if (x > 88.72283172607421875f) {
            return Float.POSITIVE_INFINITY;
        }
        if (x < -16.635532333438687426013570f) {
            return -1;
        }
        return x == 0 ? x : exp(FloatPair.of(x)).add(-1).value();
    }

    /** {@code e^x} of a pair, as a pair. */
    private static FloatPair exp(FloatPair x) {
        int m = (int) Math.rint(x.value() * LOG2_E);
        FloatPair r = x.add(m * -LN2_HIGH).add(m * -LN2_LOW);
        float p = 0.1980960224e-3f;
        p = Math.fma(p, r.high(), 0.1394256484e-2f);
        p = Math.fma(p, r.high(), 0.8333456703e-2f);
        p = Math.fma(p, r.high(), 0.4166637361e-1f);
        FloatPair t = r.multiply(p).add(0.166666659414234244790680580464f);
        t = r.multiply(t).add(0.5f);
        t = r.add(r.square().multiply(t));
        return x.high() < -104 ? FloatPair.of(0f) : t.addTo(1).scale(m);
    }
}
