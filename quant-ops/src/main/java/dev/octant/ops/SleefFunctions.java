package dev.octant.ops;

/**
 * The float32 functions of SLEEF that PyTorch's vector code calls on processors with fused multiply-add.
 *
 * <p>Exp is SLEEF's own single-precision polynomial. Tanh, expm1 and erf are computed there with pairs of floats, about 45
 * bits, and rounded once at the end; here they are the double function rounded once, which is the same float except where
 * the true value lies within 2^-20 ulp or so of half way between two floats.
 *
 * <p>Errors are given as {@link MlasFunctions} gives them. Stateless and thread safe. Source: SLEEF 3,
 * {@code sleefsimdsp.c}, the functions of 1.0 ulp.
 */
final class SleefFunctions {
    private static final float LOG2_E = 1.442695040888963407359924681001892137426645954152985934135449406931f;
    private static final float LN2_HIGH = 0.693145751953125f;
    private static final float LN2_LOW = 1.428606765330187045e-06f;

    private SleefFunctions() {}

    /** {@code e^x} as {@code 2^m (1 + (r + r^2 P(r)))}, {@code m = rint(x / ln 2)}; zero below -104, infinite beyond 100. */
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

    /** {@code tanh(x)}. */
    static float tanh(float x) {
        return (float) Math.tanh(x);
    }

    /** {@code e^x - 1}. */
    static float expm1(float x) {
        return (float) Math.expm1(x);
    }

    /** {@code erf(x)}. */
    static float erf(float x) {
        return (float) ActivationFunctions.erf(x);
    }
}
