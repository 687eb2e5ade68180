// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import dev.octant.ops.functions.ActivationFunctions;

/**
 * The functions that XNNPACK's reference kernels evaluate to fill a table, in the precision they use: float, or double
 * where a double constant widens the expression.
 *
 * <p>An elementary float function is the double function rounded to float here. Stateless and thread safe. Source:
 * XNNPACK {@code src/reference/unary-elementwise.cc}.
 */
public final class XnnpackFunctions {
    private static final double SQRT_TWO_OVER_PI = Math.sqrt(2 / Math.PI);

    private XnnpackFunctions() {}

    /** {@code e^x / (1 + e^x)} in double; exactly 0 and 1 beyond 100. */
    public static float sigmoid(float x) {
        if (x > 100) {
            return 1;
        }
        if (x < -100) {
            return 0;
        }
        double e = Math.exp(x);
        return (float) (e / (1 + e));
    }

    /** {@code tanh(x)}. */
    public static float tanh(float x) {
        return (float) Math.tanh(x);
    }

    /** {@code alpha (e^x - 1)} below 0, else {@code x}. */
    public static float elu(float x, float alpha) {
        return x < 0 ? alpha * (float) Math.expm1(x) : x;
    }

    /** {@code e^x}. */
    public static float exp(float x) {
        return (float) Math.exp(x);
    }

    /** {@code ln(x)}: minus infinity at 0, NaN below. */
    public static float log(float x) {
        return (float) Math.log(x);
    }

    /** {@code 1 / sqrt(x)}: infinite at 0, NaN below. */
    public static float rsqrt(float x) {
        return 1f / (float) Math.sqrt(x);
    }

    /** {@code (x / 2) (1 + erf(x sqrt(2) / 2))}, the half of x in float and the rest in double. */
    public static float gelu(float x) {
        return (float) ((x / 2) * (1 + erf(x * Math.sqrt(2) / 2)));
    }

    /** {@code (x / 2) (1 + tanh(sqrt(2/pi) x (1 + 0.044715 x^2)))}, the half of x in float and the rest in double. */
    public static float geluTanh(float x) {
        return (float) ((x / 2) * (1 + Math.tanh(SQRT_TWO_OVER_PI * x * (1 + 0.044715 * x * x))));
    }

    /** {@code (x / 6) max(min(x + 3, 6), 0)}. */
    public static float hardswish(float x) {
        return (x / 6) * Math.max(Math.min(x + 3, 6), 0);
    }

    /** {@code min(max(x, low), high)}. */
    public static float clamp(float x, float low, float high) {
        return Math.min(Math.max(x, low), high);
    }

    private static double erf(double x) {
        double tail = ActivationFunctions.erfc(Math.abs(x));
        return x < 0 ? tail - 1 : 1 - tail;
    }
}
