// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Codes;
import dev.octant.ops.Activation;
import dev.octant.ops.LookupTable;
import org.apache.commons.lang3.Validate;

/**
 * BatchNorm as it is when a network serves: a line for each channel, and the places it can be folded into.
 *
 * <pre>
 * y = (x - mean) / sqrt(variance + epsilon) * gamma + beta  =  factor x + offset
 * factor = gamma / sqrt(variance + epsilon)      offset = beta - mean factor
 * </pre>
 *
 * <p>Into weights: {@link #foldWeights} and {@link #foldBias}, before they are quantized. Onto 8-bit input: {@link
 * #table}, exact, one table for each channel. Onto int32 sums: {@link SumsToCodes}. All is computed in double and
 * rounded once. Immutable and thread safe. Source: Jacob et al., "Quantization and Training of Neural Networks for
 * Efficient Integer-Arithmetic-Only Inference", 2018; PyTorch {@code fuse_conv_bn_weights}.
 */
public final class BatchNorm {
    private final double[] factors;
    private final double[] offsets;

    private BatchNorm(double[] factors, double[] offsets) {
        this.factors = factors;
        this.offsets = offsets;
    }

    /**
     * BatchNorm from its parts, a number for each channel.
     *
     * @throws IllegalArgumentException if they are not as many, or a channel's factor or offset is not finite
     */
    public static BatchNorm of(float[] gamma, float[] beta, float[] mean, float[] variance, double epsilon) {
        Given.require("gamma", gamma);
        Given.require("beta", beta);
        Given.require("mean", mean);
        Given.require("variance", variance);
        int channels = gamma.length;
        Validate.isTrue(
                channels > 0 && beta.length == channels && mean.length == channels && variance.length == channels,
                "gamma, beta, mean and variance must be as many, were %s, %s, %s and %s",
                channels,
                beta.length,
                mean.length,
                variance.length);
        double[] factors = new double[channels];
        double[] offsets = new double[channels];
        for (int c = 0; c < channels; c++) {
            factors[c] = gamma[c] / Math.sqrt(variance[c] + epsilon);
            offsets[c] = beta[c] - mean[c] * factors[c];
            Validate.isTrue(
                    Double.isFinite(factors[c]) && Double.isFinite(offsets[c]),
                    "batch norm must be a finite line at every channel, was %s x + %s at channel %s",
                    factors[c],
                    offsets[c],
                    c);
        }
        return new BatchNorm(factors, offsets);
    }

    /** Number of channels. */
    public int channels() {
        return factors.length;
    }

    /** What a channel's values are multiplied with. */
    public double factor(int channel) {
        return factors[Bounds.index("channel", channel, factors.length)];
    }

    /** What is added then. */
    public double offset(int channel) {
        return offsets[Bounds.index("channel", channel, factors.length)];
    }

    /**
     * The weights of a layer that BatchNorm follows, times their channel's factor, in a new array: one row for each
     * channel.
     *
     * @throws IllegalArgumentException if they are not as many in each row, or a product is not a finite float
     */
    public float[] foldWeights(float[] weights) {
        Given.require("weights", weights);
        Validate.isTrue(
                weights.length > 0 && weights.length % channels() == 0,
                "weights must be as many in each of %s rows, were %s",
                channels(),
                weights.length);
        int inner = weights.length / channels();
        float[] folded = new float[weights.length];
        for (int i = 0; i < folded.length; i++) {
            folded[i] = finite("weights", weights[i] * factors[i / inner], i);
        }
        return folded;
    }

    /**
     * The bias that goes with them, in a new array: {@code factor bias + offset}.
     *
     * @throws IllegalArgumentException if it is not one for each channel, or a result is not a finite float
     */
    public float[] foldBias(float[] bias) {
        Given.require("bias", bias);
        Validate.isTrue(
                bias.length == channels(), "bias must be one for each of %s channels, was %s", channels(), bias.length);
        float[] folded = new float[bias.length];
        for (int c = 0; c < folded.length; c++) {
            folded[c] = finite("bias", factors[c] * bias[c] + offsets[c], c);
        }
        return folded;
    }

    private static float finite(String what, double value, int at) {
        float rounded = (float) value;
        if (!Float.isFinite(rounded)) {
            throw new IllegalArgumentException(
                    "folded " + what + " must be a finite float, was " + value + " at " + at);
        }
        return rounded;
    }

    /**
     * BatchNorm and an activation on the codes of one channel, for every code {@code clamp(rint(f(factor x + offset) /
     * scale) + zeroPoint)} with scale and zero point of the output. All is in double, so it is the graph, rounded once.
     *
     * @throws IllegalArgumentException if the activation is NaN at a code's value
     */
    public LookupTable table(int channel, QuantParams input, Activation activation, QuantParams output) {
        Given.require("input", input);
        Given.require("activation", activation);
        Given.require("output", output);
        double factor = factor(channel);
        double offset = offset(channel);
        byte[] codes = new byte[QuantType.RAW_VALUES];
        int first = input.type().firstStored();
        for (int i = 0; i < codes.length; i++) {
            double x = factor * ((double) (first + i - input.zeroPoint()) * input.scale()) + offset;
            codes[i] = (byte) Codes.of(activation, x, output);
        }
        return LookupTable.of(input.type(), codes);
    }
}
