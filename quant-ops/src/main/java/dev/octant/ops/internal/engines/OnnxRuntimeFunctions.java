// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The float32 activations of ONNX Runtime on CPUs, operation for operation: parentheses are the order of rounding.
 *
 * <p>Errors are given as {@link MlasFunctions} gives them. Stateless and thread safe. Source: ONNX Runtime 1.30, CPU
 * execution provider; every function was compared with the runtime's own output, bit for bit.
 */
public final class OnnxRuntimeFunctions {
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float GELU_LINEAR = 0.7978845608028654f;
    private static final float GELU_CUBIC = 0.035677408136300125f;

    private OnnxRuntimeFunctions() {}

    /** {@code x logistic(alpha x)}: SiLU with {@code alpha} 1, quick GELU with 1.702. Error 6 ulp of x/2 at least. */
    public static float gated(float x, float alpha) {
        return x * MlasFunctions.logistic(x * alpha);
    }

    /** GELU: {@code (x / 2) (erf(x / sqrt 2) + 1)}. Error 3 ulp of x/2 at least. */
    public static float gelu(float x) {
        return 0.5f * x * (MlasFunctions.erf(x * SQRT_HALF) + 1);
    }

    /** GELU by tanh: {@code (x / 2) (tanh(x ((0.0357 x) x + 0.798)) + 1)}. Error 6 ulp of x/2 at least. */
    public static float geluTanh(float x) {
        float inner = GELU_CUBIC * x * x + GELU_LINEAR;
        return 0.5f * x * (MlasFunctions.tanh(x * inner) + 1);
    }

    /** {@code x clip(x (1/6) + 1/2, 0, 1)}, with 1/6 rounded to float. Error 2 ulp of x/2 at least. */
    public static float hardswish(float x) {
        return x * hardsigmoid(x, 1 / 6f, 0.5f);
    }

    /** {@code clip(alpha x + beta, 0, 1)}. With 0.2 and 0.5 error 1.5 ulp of 1/2 at least. */
    public static float hardsigmoid(float x, float alpha, float beta) {
        return clip(alpha * x + beta, 0, 1);
    }

    /** {@code x} where not negative, else {@code alpha x}. */
    public static float leakyRelu(float x, float alpha) {
        return x >= 0 ? x : alpha * x;
    }

    /**
     * {@code x} where not negative, else {@code alpha (e^x - 1)}. The difference cancels for small x: error 2 ulp of
     * alpha/2 at least.
     */
    public static float elu(float x, float alpha) {
        return x >= 0 ? x : alpha * (EigenFunctions.exp(x) - 1);
    }

    /** {@code max(x, 0) + min(alpha (e^(x / alpha) - 1), 0)}. Error as {@link #elu}. */
    public static float celu(float x, float alpha) {
        return Math.max(x, 0) + Math.min(alpha * (EigenFunctions.exp(x / alpha) - 1), 0);
    }

    /**
     * {@code gamma x} where positive, else {@code (gamma alpha) (e^x - 1)}. With the default constants error 3 ulp, of
     * 1 at least for negative x.
     */
    public static float selu(float x, float alpha, float gamma) {
        return x > 0 ? gamma * x : gamma * alpha * (EigenFunctions.exp(x) - 1);
    }

    /** {@code x + bias} below {@code -lambda}, {@code x - bias} above {@code lambda}, else 0. */
    public static float shrink(float x, float bias, float lambda) {
        if (x < -lambda) {
            return x + bias;
        }
        return x > lambda ? x - bias : 0;
    }

    /** {@code x + log1p(e^-x)} where positive, else {@code log1p(e^x)}. Error 6 ulp. */
    public static float softplus(float x) {
        return x > 0 ? x + EigenFunctions.log1p(EigenFunctions.exp(-x)) : EigenFunctions.log1p(EigenFunctions.exp(x));
    }

    /** {@code x tanh(softplus(x))}. Error 10 ulp of 2^-100 at least. */
    public static float mish(float x) {
        return x * MlasFunctions.tanh(softplus(x));
    }

    /** {@code (1 / (1 + |x|)) x}. Error 6 ulp of 2^-100 at least, where 1 / x is subnormal. */
    public static float softsign(float x) {
        return 1 / (1 + Math.abs(x)) * x;
    }

    /** {@code min(max(x, low), high)}. */
    public static float clip(float x, float low, float high) {
        return Math.min(Math.max(x, low), high);
    }
}
