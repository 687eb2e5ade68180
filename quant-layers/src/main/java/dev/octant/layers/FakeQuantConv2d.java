// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Lengths;
import dev.octant.layers.train.ObservedBatches;
import dev.octant.layers.train.StraightThrough;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * A convolution of floats whose inputs and weights are fake-quantized: what a {@link QuantizedConv2d} is trained as.
 *
 * <p>The formulas are those of {@link FakeQuantLinear} at every output position; padding is 0. Images in channels,
 * rows, columns (NCHW), weights of {@link Conv2dShape}. Sums are in double, rounded once. Weights and bias belong to
 * the caller. Errors and thread safety are those of the linear layer. Written for clarity: a reference to train small
 * networks with, not to be fast.
 */
public final class FakeQuantConv2d {
    private final Conv2dShape shape;
    private final QuantizerPlace input;
    private final QuantizerPlace weights;

    private FakeQuantConv2d(Conv2dShape shape, QuantizerPlace input, QuantizerPlace weights) {
        this.shape = shape;
        this.input = input;
        this.weights = weights;
    }

    /**
     * A layer with quantizers for its inputs and weights.
     *
     * @throws IllegalArgumentException if the channels of the weights' quantizer are not the output channels, or those
     *     of the inputs' do not fit an image
     */
    public static FakeQuantConv2d of(Conv2dShape shape, StraightThrough input, StraightThrough weights) {
        Given.require("shape", shape);
        Given.require("input quantizer", input);
        Given.require("weight quantizer", weights);
        QuantizerPlace ofInput = QuantizerPlace.of("input quantizer", input);
        QuantizerPlace ofWeights = QuantizerPlace.of("weight quantizer", weights);
        ofInput.requireChannelsOf(shape.imageLength());
        ofWeights.requireRows(shape.outputChannels(), shape.inputs());
        return new FakeQuantConv2d(shape, ofInput, ofWeights);
    }

    /**
     * Computes some images.
     *
     * @throws IllegalArgumentException if an array has another length than its shape, there are no images, a weight is
     *     not finite, or a quantizer or observer refuses its values; nothing is then written, nor observed but by the
     *     limit of {@link ObservedBatches}
     */
    public void forward(float[] x, float[] w, float[] bias, float[] y) {
        int images = check(x, w, y);
        Given.require("bias", bias);
        Validate.isTrue(
                bias.length == shape.outputChannels(),
                "bias must be %s values, was %s",
                shape.outputChannels(),
                bias.length);
        float[] qx = input.quantized(x);
        float[] qw = weights.quantized(w);
        QuantizerPlace.observe(input, x, weights, w);
        int places = shape.outputHeight() * shape.outputWidth();
        int inputs = shape.inputs();
        for (int image = 0; image < images; image++) {
            int from = image * shape.imageLength();
            for (int o = 0; o < shape.outputChannels(); o++) {
                int group = o / shape.groupOutputs();
                for (int p = 0; p < places; p++) {
                    double sum = bias[o];
                    for (int k = 0; k < inputs; k++) {
                        int place = shape.place(group, p, k);
                        if (place >= 0) {
                            sum += (double) qx[from + place] * qw[o * inputs + k];
                        }
                    }
                    y[image * shape.outputLength() + o * places + p] = (float) sum;
                }
            }
        }
    }

    /**
     * Room for the gradients of some images.
     *
     * @throws IllegalArgumentException if {@code images} is not positive, or an array does not hold them
     */
    public LayerGradients gradients(int images) {
        Validate.isTrue(images > 0, "images must be positive, were %s", images);
        return new LayerGradients(
                Lengths.of("inputs", images, shape.imageLength()),
                Lengths.of("weights", shape.outputChannels(), shape.inputs()),
                shape.outputChannels(),
                input,
                weights);
    }

    /**
     * Writes the gradients of inputs, weights, bias, and of steps and bounds that learn.
     *
     * @throws IllegalArgumentException as {@link #forward}, or if the gradients are of another number of images or of
     *     quantizers with other steps or bounds; nothing is then written
     */
    public void backward(float[] x, float[] w, float[] dy, LayerGradients gradients) {
        int images = check(x, w, dy);
        Given.require("gradients", gradients);
        gradients.require(x.length, w.length, shape.outputChannels(), input, weights);
        float[] qx = input.quantized(x);
        float[] qw = weights.quantized(w);
        float[] dx = new float[x.length];
        float[] dw = new float[w.length];
        float[] db = new float[shape.outputChannels()];
        double[] ofWeights = new double[w.length];
        double[] ofBias = new double[db.length];
        double[] ofImage = new double[shape.imageLength()];
        int places = shape.outputHeight() * shape.outputWidth();
        int inputs = shape.inputs();
        for (int image = 0; image < images; image++) {
            int from = image * shape.imageLength();
            Arrays.fill(ofImage, 0);
            for (int o = 0; o < shape.outputChannels(); o++) {
                int group = o / shape.groupOutputs();
                for (int p = 0; p < places; p++) {
                    double upstream = dy[image * shape.outputLength() + o * places + p];
                    ofBias[o] += upstream;
                    for (int k = 0; k < inputs; k++) {
                        int place = shape.place(group, p, k);
                        if (place >= 0) {
                            ofImage[place] += upstream * qw[o * inputs + k];
                            ofWeights[o * inputs + k] += upstream * qx[from + place];
                        }
                    }
                }
            }
            FakeQuantLinear.store(ofImage, dx, from);
        }
        FakeQuantLinear.store(ofWeights, dw, 0);
        FakeQuantLinear.store(ofBias, db, 0);
        gradients.keep(x, dx, w, dw, db);
    }

    private int check(float[] x, float[] w, float[] y) {
        Given.require("inputs", x);
        Given.require("weights", w);
        Given.require("outputs", y);
        int image = shape.imageLength();
        Validate.isTrue(
                x.length > 0 && x.length % image == 0,
                "inputs must be one or more images of %s, were %s",
                image,
                x.length);
        int images = x.length / image;
        Validate.isTrue(
                w.length == (long) shape.outputChannels() * shape.inputs(),
                "weights must be %s x %s, were %s",
                shape.outputChannels(),
                shape.inputs(),
                w.length);
        Validate.isTrue(
                y.length == (long) images * shape.outputLength(),
                "outputs must be %s x %s, were %s",
                images,
                shape.outputLength(),
                y.length);
        QuantizedWeights.requireFinite(w);
        return images;
    }

    @Override
    public String toString() {
        return "FakeQuantConv2d(" + shape + ", " + input + ", " + weights + ")";
    }
}
