// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

/**
 * The float32 activations of PyTorch's CPU vector code, operation for operation: parentheses are the order of rounding.
 *
 * <p>Errors are given as {@link MlasFunctions} gives them. Stateless and thread safe. Source: PyTorch 2.14.1,
 * {@code QuantizedOpKernels.cpp}.
 */
public final class PytorchFunctions {
    private static final float SQRT_HALF = (float) Math.sqrt(0.5);
    private static final float GELU_BETA = (float) (Math.sqrt(2) * (2 / Math.sqrt(Math.PI)) * 0.5);
    private static final float GELU_KAPPA = 0.044715f;

    private PytorchFunctions() {}

    /** {@code 1 / (1 + e^-x)}, 0 below -88.73. Error 3 ulp of 2^-103 at least. */
    public static float sigmoid(float x) {
        return 1 / (1 + SleefFunctions.exp(-x));
    }

    /** {@code min(max(x + 3, 0), 6) / 6}. Error 1.5 ulp of 1/2 at least. */
    public static float hardsigmoid(float x) {
        return relu6(x + 3) / 6;
    }

    /**
     * {@code (x min(max(x + 3, 0), 6)) / 6}; infinite from a sixth of the largest float on, as it is there. Error 2
     * ulp of x/2 at least.
     */
    public static float hardswish(float x) {
        return x * relu6(x + 3) / 6;
    }

    /**
     * {@code x} where positive, else {@code (e^(x inverse) - 1) alpha}: ELU with {@code inverse} 1, CELU with
     * 1/alpha. With both 1 error 1.1 ulp of 2^-100 at least.
     */
    public static float elu(float x, float alpha, float inverse) {
        return x > 0 ? x : SleefFunctions.expm1(x * inverse) * alpha;
    }

    /** {@code x} where positive, else {@code x slope}. */
    public static float leakyRelu(float x, float slope) {
        return x > 0 ? x : x * slope;
    }

    /** GELU: {@code (x / 2) (1 + erf(x / sqrt 2))}. Error 10 ulp of x/2 at least. */
    public static float gelu(float x) {
        return x * 0.5f * (1 + erf(x * SQRT_HALF));
    }

    /**
     * {@code sign(x) (1 - t P(t) e^(-x^2))}, {@code t = 1 / (1 + 0.3275911 |x|)}. Error 5 ulp of 1 at least. Source:
     * Abramowitz and Stegun, formula 7.1.26.
     */
    static float erf(float x) {
        float a = Math.abs(x);
        float t = 1 / Math.fma(0.3275911f, a, 1);
        float r = Math.fma(1.061405429f, t, -1.453152027f);
        r = Math.fma(r, t, 1.421413741f);
        r = Math.fma(r, t, -0.284496736f);
        r = Math.fma(r, t, 0.254829592f);
        float exponential = SleefFunctions.exp(-(x * x));
        float magnitude = Math.fma(-exponential * t, r, 1);
        return Float.floatToRawIntBits(x) < 0 ? -magnitude : magnitude;
    }

    /** GELU by tanh: {@code (x / 2) (1 + tanh(0.798 (x + 0.0447 ((x x) x))))}. Error 4 ulp of x/2 at least. */
    public static float geluTanh(float x) {
        float inner = GELU_BETA * (x + GELU_KAPPA * (x * x * x));
        return 0.5f * x * (1 + SleefFunctions.tanh(inner));
    }

    private static float relu6(float x) {
        return Math.min(Math.max(x, 0), 6);
    }
}
