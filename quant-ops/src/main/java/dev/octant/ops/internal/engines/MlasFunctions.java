// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The float32 functions of ONNX Runtime's math library (MLAS) on processors with fused multiply-add: the last bits of
 * its logistic, tanh, erf and exp.
 *
 * <p>Polynomials are evaluated by Horner's rule with one rounding per step ({@link Math#fma}); processors without the
 * instruction give other last bits for one float in five.
 *
 * <p>Errors are stated as the largest over all finite floats against the double function, in units in the last place
 * (ulp) of the true value; or, where it says so, of a floor that the true value may lie below. NaN gives NaN; no finite
 * argument gives NaN, or infinity where the true value is a float.
 *
 * <p>Stateless and thread safe. Source: ONNX Runtime 1.30, {@code core/mlas/lib}; every function was compared with the
 * library's own output, bit for bit.
 */
public final class MlasFunctions {
    private static final float[] LOGISTIC_P = {
        4.37031012579801e-11f,
        1.15627324459942e-07f,
        6.08574864600143e-05f,
        8.51377133304701e-03f,
        2.48287947061529e-01f
    };
    private static final float[] LOGISTIC_Q = {
        6.10247389755681e-13f,
        5.76102136993427e-09f,
        6.29106785017040e-06f,
        1.70198817374094e-03f,
        1.16817656904453e-01f,
        9.93151921023180e-01f
    };
    private static final float[] TANH_P = {
        -2.76076847742355e-16f,
        2.00018790482477e-13f,
        -8.60467152213735e-11f,
        5.12229709037114e-08f,
        1.48572235717979e-05f,
        6.37261928875436e-04f,
        4.89352455891786e-03f
    };
    private static final float[] TANH_Q = {
        1.19825839466702e-06f, 1.18534705686654e-04f, 2.26843463243900e-03f, 4.89352518554385e-03f
    };

    /** Where erf changes from a polynomial in x^2 to one minus an exponential. */
    private static final float ERF_SPLIT = 0.921875f;

    /** From here on erf is 1 in float32. Builds before 1.21 had 3.725. */
    private static final float ERF_END = 3.925f;

    private static final float[] ERF_SMALL = {
        -5.99104969e-4f, 4.99339588e-3f, -2.67667342e-2f, 1.12818025e-1f, -3.76124859e-1f, 1.28379151e-1f
    };
    private static final float[] ERF_BIG = {
        1.72948930e-5f, -3.83208680e-4f, 3.88393435e-3f, -2.42545605e-2f, 1.06777847e-1f, 6.34846687e-1f, 1.28717512e-1f
    };

    /** {@code e^r} for |r| up to ln(2)/2. */
    private static final float[] EXP_OF_ERF = {
        1.38319808e-3f, 8.37550033e-3f, 4.16689515e-2f, 1.66664466e-1f, 4.99999851e-1f, 1, 1
    };

    private static final float[] EXP = {0x1.694p-10f, 0x1.125edcp-7f, 0x1.555b5ap-5f, 0x1.55545p-3f, 0x1.fffff6p-2f, 1};

    /** Ends of the arguments whose exponential is a positive float below infinity. */
    private static final float EXP_LOW = -103.9720840454f;

    private static final float EXP_HIGH = 88.7762626647950f;

    private static final float LOG2_E = 1.44269504088896341f;
    private static final float MINUS_LN2_HIGH = -6.93145752e-1f;
    private static final float MINUS_LN2_LOW = -1.42860677e-6f;

    /** 1.5 * 2^23: adding it rounds half to even to a whole number. */
    private static final float ROUNDER = 12582912f;

    private MlasFunctions() {}

    /**
     * {@code 1 / (1 + e^-x)} as {@code max(1/2 + v P(v^2) / Q(v^2), 0)} with {@code v = clip(x, -18, 18)}. Error 4
     * ulp of 1/2 at least.
     */
    public static float logistic(float x) {
        float v = clip(x, -18, 18);
        float square = v * v;
        return Math.max(horner(LOGISTIC_P, square) * v / horner(LOGISTIC_Q, square) + 0.5f, 0);
    }

    /** {@code tanh(x)} as {@code v P(v^2) / Q(v^2)} with {@code v = clip(x, -9, 9)}. Error 6 ulp of 2^-110 at least. */
    public static float tanh(float x) {
        float v = clip(x, -9, 9);
        float square = v * v;
        return horner(TANH_P, square) * v / horner(TANH_Q, square);
    }

    /**
     * {@code erf(x)}: {@code x + x P(x^2)} up to {@value #ERF_SPLIT}, beyond it {@code 1 - e^-(a + a P(a))} with
     * {@code a = min(|x|, }{@value #ERF_END}{@code )}. Error 2 ulp.
     */
    static float erf(float x) {
        float a = Math.min(Math.abs(x), ERF_END);
        float y;
        if (a > ERF_SPLIT) {
            float e = Math.max(-Math.fma(horner(ERF_BIG, a), a, a), -88.3762626647949f);
            float m = Math.fma(LOG2_E, e, ROUNDER) - ROUNDER;
            float r = Math.fma(m, MINUS_LN2_LOW, Math.fma(m, MINUS_LN2_HIGH, e));
            y = 1 - horner(EXP_OF_ERF, r) * Math.scalb(1f, (int) m);
        } else {
            y = Math.fma(horner(ERF_SMALL, a * a), a, a);
        }
        return Math.copySign(y, x);
    }

    /**
     * {@code e^x} as {@code 2^m e^r}, {@code m = rint(x / ln 2)}, in two factors of {@code 2^m} so that neither
     * overflows nor becomes subnormal before the last product. Infinite where the result is. Error 1.5 ulp.
     */
    public static float exp(float x) {
        float v = clip(x, EXP_LOW, EXP_HIGH);
        float m = Math.fma(v, LOG2_E, ROUNDER) - ROUNDER;
        float r = Math.fma(m, MINUS_LN2_LOW, Math.fma(m, MINUS_LN2_HIGH, v));
        int exponent = (int) m;
        int normal = Math.min(Math.max(exponent, -126), 127);
        float overflow = Math.scalb(1f, exponent - normal);
        float scaled = r * overflow;
        return Math.fma(horner(EXP, r), scaled, overflow) * Math.scalb(1f, normal);
    }

    static float clip(float x, float low, float high) {
        return Math.min(Math.max(x, low), high);
    }

    private static float horner(float[] coefficients, float x) {
        float sum = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            sum = Math.fma(sum, x, coefficients[i]);
        }
        return sum;
    }
}
