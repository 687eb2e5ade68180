// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.layers.train.ClipGradient;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedClip;
import dev.octant.layers.train.StepGradient;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * The gradients that a layer's backward has found: of its inputs, weights and bias, and of what its quantizers learn,
 * the steps of a {@link FakeQuantizer} and the bounds of a {@link LearnedClip}, also where a stage holds them. A frozen
 * stage learns nothing, and of a quantizer of the caller's own only the caller knows what learns. Each backward writes
 * them anew; one that refuses leaves them as they are. Not thread safe.
 */
public final class LayerGradients {
    private final float[] dx;
    private final float[] dw;
    private final float[] db;
    private final QuantizerPlace.Gradient input;
    private final QuantizerPlace.Gradient weights;

    LayerGradients(int inputs, int weightCount, int outputs, QuantizerPlace input, QuantizerPlace weights) {
        dx = new float[inputs];
        dw = new float[weightCount];
        db = new float[outputs];
        this.input = input.gradient();
        this.weights = weights.gradient();
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
        return Optional.ofNullable(input.step());
    }

    /** Of the bounds of the input's quantizer. */
    public Optional<ClipGradient> inputClip() {
        return Optional.ofNullable(input.clip());
    }

    /** Of the steps of the weights' quantizer. */
    public Optional<StepGradient> weights() {
        return Optional.ofNullable(weights.step());
    }

    /** Of the bounds of the weights' quantizer. */
    public Optional<ClipGradient> weightsClip() {
        return Optional.ofNullable(weights.clip());
    }

    /** That these are of a layer with these quantizers, and of these lengths. */
    void require(int inputs, int weightCount, int outputs, QuantizerPlace ofInput, QuantizerPlace ofWeights) {
        Validate.isTrue(
                dx.length == inputs && dw.length == weightCount && db.length == outputs,
                "gradients must be of %s inputs, %s weights and %s outputs, were of %s, %s and %s",
                inputs,
                weightCount,
                outputs,
                dx.length,
                dw.length,
                db.length);
        input.require(ofInput);
        weights.require(ofWeights);
    }

    /**
     * Carries the gradients of quantized inputs and weights through the quantizers, in their arrays, and keeps them.
     * What a caller gave may be one of the arrays here: they are written last.
     */
    void keep(float[] x, float[] dqx, float[] w, float[] dqw, float[] dBias) {
        // A quantizer of the caller's own may refuse: both have their turn before anything here is written.
        input.throughWhatIsFixed(x, dqx);
        weights.throughWhatIsFixed(w, dqw);
        input.throughWhatLearns(x, dqx);
        weights.throughWhatLearns(w, dqw);
        System.arraycopy(dqx, 0, dx, 0, dx.length);
        System.arraycopy(dqw, 0, dw, 0, dw.length);
        System.arraycopy(dBias, 0, db, 0, db.length);
    }
}
