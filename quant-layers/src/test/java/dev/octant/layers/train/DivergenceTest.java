// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.ops.Activation;
import org.junit.jupiter.api.Test;

/**
 * The limits of docs/training.md: where a spelling of a function or of its gradient breaks, and that Octant's does not.
 */
class DivergenceTest {
    private static float exp(float x) {
        return (float) Math.exp(x);
    }

    private static float derivative(Activation activation, double x) {
        return ActivationGradient.of(activation).derivative((float) x);
    }

    /** y (1 - y): from 16.6356 on 1 + exp(-x) is 1 in float, and the gradient 0, where it is 6e-8. */
    @Test
    void sigmoidFrom16_64() {
        float y = 1 / (1 + exp(-16.64f));
        assertEquals(0, y * (1 - y));
        float before = 1 / (1 + exp(-16.63f));
        assertTrue(before * (1 - before) > 0);
        assertEquals(5.93e-8, derivative(Activation.SIGMOID, 16.64), 1e-10);
        assertTrue(derivative(Activation.SIGMOID, 80) > 0);
    }

    /** 1 - y^2: from 9.011 on, where it is 6e-8. */
    @Test
    void tanhFrom9_011() {
        float y = (float) Math.tanh(9.0110f);
        assertEquals(0, 1 - y * y);
        assertEquals(5.96e-8, derivative(Activation.TANH, 9.011), 1e-10);
    }

    /** exp overflows a float from 88.7228 on: infinity by infinity, and 0 times infinity. */
    @Test
    void expFrom88_7228() {
        assertTrue(Float.isFinite(exp(88.7228f)));
        assertTrue(Float.isInfinite(exp(88.7229f)));
        float e = exp(89);
        assertTrue(Float.isNaN(e / (e + 1)), "sigmoid as a ratio");
        float ratio = 1 / (1 + e);
        assertEquals(0, ratio, "1 / (1 + exp(-x)) at -89 is right");
        assertTrue(Float.isNaN(ratio * ratio * e), "its gradient by the chain rule is not");
        assertEquals(exp(-89), derivative(Activation.SIGMOID, -89), 1e-44);
        assertEquals(1, derivative(Activation.SOFTPLUS, 89));
        assertEquals(1, derivative(Activation.LOG_SIGMOID, -89));
        assertEquals(Float.MAX_VALUE, derivative(Activation.EXP, 89));
        assertTrue(derivative(Activation.SILU, -89) < 0);
    }

    /** The same in double from 709.79 on. */
    @Test
    void expInDoubleFrom709_78() {
        assertTrue(Double.isFinite(Math.exp(709.78)));
        double e = Math.exp(709.79);
        assertTrue(Double.isNaN(e / (e + 1)));
        for (Activation activation :
                new Activation[] {Activation.SIGMOID, Activation.SILU, Activation.SOFTPLUS, Activation.MISH}) {
            ActivationGradient gradient = ActivationGradient.of(activation);
            assertFalse(Double.isNaN(gradient.derivative(709.79)), activation.toString());
            assertFalse(Double.isNaN(gradient.derivative(-709.79)), activation.toString());
        }
        assertEquals(Double.MAX_VALUE, ActivationGradient.of(Activation.EXP).derivative(710.0));
    }

    /** x^2 overflows a float from 1.8455e19 on, and 0 times infinity is the gradient of GELU's tanh form. */
    @Test
    void geluTanhFrom1_8455e19() {
        float x = 1.8455e19f;
        float square = x * x;
        float inner = 0.79788456f * (x + 0.044715f * square * x);
        float tanh = (float) Math.tanh(inner);
        float slope = 0.79788456f * (1 + 3 * 0.044715f * square);
        assertTrue(Float.isNaN(0.5f * (1 + tanh) + 0.5f * x * (1 - tanh * tanh) * slope));
        assertEquals(1, derivative(Activation.GELU_TANH, 1.8455e19));
        assertEquals(0, derivative(Activation.GELU_TANH, -1.8455e19));
        assertEquals(1, derivative(Activation.GELU_TANH, Float.MAX_VALUE));
    }

    /** log of a sigmoid that is 0: minus infinity, and 1 / 0 behind it; log itself at 0. */
    @Test
    void logAtAndBelowZero() {
        float y = 1 / (1 + exp(89));
        assertTrue(Double.isInfinite(Math.log(y)));
        assertTrue(Float.isNaN(1 / y * (y * (1 - y))));
        assertEquals(0, derivative(Activation.LOG, 0));
        assertEquals(Float.MAX_VALUE, derivative(Activation.LOG, Float.MIN_VALUE));
        assertEquals(-Float.MAX_VALUE, derivative(Activation.RSQRT, Float.MIN_VALUE));
    }
}
