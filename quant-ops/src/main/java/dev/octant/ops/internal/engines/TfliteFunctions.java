// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import dev.octant.ops.functions.ActivationFunctions;

/**
 * The float32 functions that TensorFlow Lite tabulates, with a rounding to float after every step it rounds.
 *
 * <p>An elementary function of C ({@code expf}, {@code tanhf}, ..) is the double function rounded to float here:
 * glibc's differ from that in the last bit of rare arguments, and no difference in a code is known. Stateless and
 * thread safe. Source: TensorFlow 2.21, {@code activations.cc}, {@code elementwise.cc}, {@code gelu.h}.
 */
public final class TfliteFunctions {
    /** {@code -sqrt(1/2)} as a float. */
    private static final float MINUS_SQRT_HALF = -0.70710677f;

    /** {@code sqrt(2 / pi)} as a float. */
    private static final float SQRT_TWO_OVER_PI = 0.7978846f;

    private TfliteFunctions() {}

    /** {@code 1 / (1 + e^-x)}; 0 where the exponential overflows. */
    public static float sigmoid(float x) {
        return 1f / (1f + exp(-x));
    }

    /** {@code tanh(x)}. */
    public static float tanh(float x) {
        return (float) Math.tanh(x);
    }

    /** {@code e^x - 1} below 0, else {@code x}. */
    public static float elu(float x) {
        return x < 0 ? (float) Math.expm1(x) : x;
    }

    /** {@code e^x}, infinite beyond ln(Float.MAX_VALUE). */
    public static float exp(float x) {
        return (float) Math.exp(x);
    }

    /** {@code (x / 2) erfc(-x sqrt(1/2))}. */
    public static float gelu(float x) {
        return 0.5f * x * (float) ActivationFunctions.erfc(x * MINUS_SQRT_HALF);
    }

    /** {@code (x / 2) (1 + tanh(sqrt(2/pi) (x + 0.044715 x^3)))}. */
    public static float geluTanh(float x) {
        return 0.5f * x * (1f + tanh(SQRT_TWO_OVER_PI * (x + 0.044715f * x * x * x)));
    }

    /** {@code ln(x)}, and {@code floor} for {@code x <= 0}. */
    public static float log(float x, float floor) {
        return x <= 0 ? floor : (float) Math.log(x);
    }
}
