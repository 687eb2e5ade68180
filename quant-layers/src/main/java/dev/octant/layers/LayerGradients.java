// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.StepGradient;
import dev.octant.layers.train.StraightThrough;
import java.util.Optional;

/**
 * The gradients that a layer's backward has found: of its inputs, weights and bias, and of the steps of its quantizers
 * where these are {@link FakeQuantizer}s. Each backward writes them anew. Not thread safe.
 */
public final class LayerGradients {
    private final float[] dx;
    private final float[] dw;
    private final float[] db;
    private final StepGradient input;
    private final StepGradient weights;

    LayerGradients(int inputs, int weightCount, int outputs, StraightThrough input, StraightThrough weights) {
        dx = new float[inputs];
        dw = new float[weightCount];
        db = new float[outputs];
        this.input = input instanceof FakeQuantizer quantizer ? quantizer.gradient() : null;
        this.weights = weights instanceof FakeQuantizer quantizer ? quantizer.gradient() : null;
    }

    /** Of the inputs; the array is written anew at the next backward. */
    public float[] dx() {
        return dx;
    }

    /** Of the weights, before they are quantized. */
    public float[] dw() {
        return dw;
    }

    /** Of the bias. */
    public float[] db() {
        return db;
    }

    /** Of the steps of the input's quantizer. */
    public Optional<StepGradient> input() {
        return Optional.ofNullable(input);
    }

    /** Of the steps of the weights' quantizer. */
    public Optional<StepGradient> weights() {
        return Optional.ofNullable(weights);
    }

    /** Carries the gradients of quantized inputs and weights, which these arrays hold, through the quantizers. */
    void through(StraightThrough inputQuantizer, float[] x, StraightThrough weightQuantizer, float[] w) {
        through(inputQuantizer, x, dx, input);
        through(weightQuantizer, w, dw, weights);
    }

    private static void through(StraightThrough quantizer, float[] values, float[] gradients, StepGradient steps) {
        if (steps == null) {
            quantizer.backward(values, 0, gradients, 0, gradients, 0, gradients.length);
        } else {
            steps.clear();
            ((FakeQuantizer) quantizer).backward(values, 0, gradients, 0, gradients, 0, gradients.length, steps);
        }
    }
}
