// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers.train;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.BackwardBlocks;
import org.apache.commons.lang3.Validate;

/**
 * A quantizer of clipped values, whose bounds learn: PACT, and NVIDIA's {@code learn_amax}.
 *
 * <pre>
 * PACT          clip = LearnedClip.pact(6);
 *               clip.then(FakeQuantizer.of(new CodeRange(0, 15), clip.high() / 15, 0, Profile.ONNX))
 * learn_amax    clip = LearnedClip.of(-4, 4);
 *               clip.then(AmaxQuantizer.of(AmaxGrid.INT8, clip))
 *
 * forward       y = quantizer(clip(x))
 * backward      dy through the quantizer at clip(x), then through the clip at x
 * </pre>
 *
 * <p>The quantizer's grid is a constant to the bounds. After {@link LearnedClip#minus} both are made anew. Immutable
 * and thread safe; calls allocate the clipped copy. Source: Choi et al., "PACT", 2018; NVIDIA pytorch-quantization.
 *
 * @param clip what values are clipped by
 * @param quantizer what the clipped values are quantized by, neither a stage nor another clip
 */
public record ClippedQuantizer(LearnedClip clip, StraightThrough quantizer) implements StraightThrough {
    public ClippedQuantizer {
        Validate.notNull(clip, "clip must be given, was null");
        Validate.notNull(quantizer, "quantizer must be given, was null");
        Validate.isTrue(
                !(quantizer instanceof QuantizerStage)
                        && !(quantizer instanceof LearnedClip)
                        && !(quantizer instanceof ClippedQuantizer),
                "quantizer behind a clip must be neither a stage nor a clip, was %s",
                quantizer);
    }

    @Override
    public void forward(float[] x, int xOffset, float[] y, int yOffset, int length) {
        Bounds.check(x, xOffset, y, yOffset, length);
        quantizer.forward(clipped(x, xOffset, length), 0, y, yOffset, length);
    }

    @Override
    public void backward(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        float[] passed = passed(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        clip.backward(x, xOffset, passed, 0, dx, dxOffset, length);
    }

    /**
     * The same, and adds the gradients of the bounds to {@code gradient}.
     *
     * @throws IllegalArgumentException if the gradient is of another clip
     */
    public void backward(
            float[] x,
            int xOffset,
            float[] dy,
            int dyOffset,
            float[] dx,
            int dxOffset,
            int length,
            ClipGradient gradient) {
        Given.require("gradient", gradient);
        gradient.require(clip);
        float[] passed = passed(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        clip.backward(x, xOffset, passed, 0, dx, dxOffset, length, gradient);
    }

    private float[] passed(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length) {
        BackwardBlocks.check(x, xOffset, dy, dyOffset, dx, dxOffset, length);
        float[] passed = clipped(x, xOffset, length);
        quantizer.backward(passed, 0, dy, dyOffset, passed, 0, length);
        return passed;
    }

    private float[] clipped(float[] x, int xOffset, int length) {
        float[] clipped = new float[length];
        clip.forward(x, xOffset, clipped, 0, length);
        return clipped;
    }
}
