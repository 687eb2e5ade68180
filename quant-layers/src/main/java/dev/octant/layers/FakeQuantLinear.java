// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Lengths;
import dev.octant.layers.train.ObservedBatches;
import dev.octant.layers.train.StraightThrough;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * A linear layer of floats whose inputs and weights are fake-quantized: what a {@link QuantizedLinear} is trained as.
 *
 * <pre>
 * forward    y[row, o] = sum over k of qx[row, k] qw[o, k] + bias[o]           qx, qw the quantizers' values
 * backward   dqx = dy qw,  dqw = dy^T qx,  db = sum of dy over the rows;  dx and dw through the quantizers
 * </pre>
 *
 * <p>Sums are in double, rounded once. Shapes: inputs {@code rows x inputs}, weights {@code outputs x inputs},
 * row-major from the arrays' beginnings, and of exactly these lengths. Weights and bias belong to the caller, whose
 * optimizer moves them. Immutable and thread safe; calls allocate the quantized copies.
 */
public final class FakeQuantLinear {
    private final int inputs;
    private final int outputs;
    private final QuantizerPlace input;
    private final QuantizerPlace weights;

    private FakeQuantLinear(int inputs, int outputs, QuantizerPlace input, QuantizerPlace weights) {
        this.inputs = inputs;
        this.outputs = outputs;
        this.input = input;
        this.weights = weights;
    }

    /**
     * A layer with quantizers for its inputs and weights; {@code new QuantizerStage.Pass()} leaves either as it is.
     *
     * @throws IllegalArgumentException if a number is not positive, the channels of the weights' quantizer are not
     *     their {@code outputs} rows of {@code inputs}, or those of the inputs' do not fit its rows
     */
    public static FakeQuantLinear of(int inputs, int outputs, StraightThrough input, StraightThrough weights) {
        Given.require("input quantizer", input);
        Given.require("weight quantizer", weights);
        Validate.isTrue(inputs > 0, "inputs must be positive, were %s", inputs);
        Validate.isTrue(outputs > 0, "outputs must be positive, were %s", outputs);
        QuantizerPlace ofInput = QuantizerPlace.of("input quantizer", input);
        QuantizerPlace ofWeights = QuantizerPlace.of("weight quantizer", weights);
        ofInput.requireChannelsOf(inputs);
        ofWeights.requireRows(outputs, inputs);
        return new FakeQuantLinear(inputs, outputs, ofInput, ofWeights);
    }

    /**
     * Computes some rows.
     *
     * @throws IllegalArgumentException if an array has another length than its shape, there are no rows, a weight is
     *     not finite, or a quantizer or observer refuses its values; nothing is then written, nor observed but by the
     *     limit of {@link ObservedBatches}
     */
    public void forward(float[] x, float[] w, float[] bias, float[] y) {
        int rows = check(x, w, y);
        Given.require("bias", bias);
        Validate.isTrue(bias.length == outputs, "bias must be %s values, was %s", outputs, bias.length);
        float[] qx = input.quantized(x);
        float[] qw = weights.quantized(w);
        QuantizerPlace.observe(input, x, weights, w);
        for (int row = 0; row < rows; row++) {
            for (int o = 0; o < outputs; o++) {
                double sum = bias[o];
                for (int k = 0; k < inputs; k++) {
                    sum += (double) qx[row * inputs + k] * qw[o * inputs + k];
                }
                y[row * outputs + o] = (float) sum;
            }
        }
    }

    /**
     * Room for the gradients of some rows.
     *
     * @throws IllegalArgumentException if {@code rows} is not positive, or an array does not hold them
     */
    public LayerGradients gradients(int rows) {
        Validate.isTrue(rows > 0, "rows must be positive, were %s", rows);
        return new LayerGradients(
                Lengths.of("inputs", rows, inputs), Lengths.of("weights", outputs, inputs), outputs, input, weights);
    }

    /**
     * Writes the gradients of inputs, weights, bias, and of steps and bounds that learn. Arrays of {@code gradients}
     * may be given as {@code dy} or {@code x}.
     *
     * @throws IllegalArgumentException as {@link #forward}, or if the gradients are of another number of rows or of
     *     quantizers with other steps or bounds; nothing is then written
     */
    public void backward(float[] x, float[] w, float[] dy, LayerGradients gradients) {
        int rows = check(x, w, dy);
        Given.require("gradients", gradients);
        gradients.require(x.length, w.length, outputs, input, weights);
        float[] qx = input.quantized(x);
        float[] qw = weights.quantized(w);
        float[] dx = new float[x.length];
        float[] dw = new float[w.length];
        float[] db = new float[outputs];
        double[] sums = new double[inputs];
        for (int row = 0; row < rows; row++) {
            Arrays.fill(sums, 0);
            for (int o = 0; o < outputs; o++) {
                double upstream = dy[row * outputs + o];
                for (int k = 0; k < inputs; k++) {
                    sums[k] += upstream * qw[o * inputs + k];
                }
            }
            store(sums, dx, row * inputs);
        }
        for (int o = 0; o < outputs; o++) {
            Arrays.fill(sums, 0);
            double ofBias = 0;
            for (int row = 0; row < rows; row++) {
                double upstream = dy[row * outputs + o];
                ofBias += upstream;
                for (int k = 0; k < inputs; k++) {
                    sums[k] += upstream * qx[row * inputs + k];
                }
            }
            store(sums, dw, o * inputs);
            db[o] = (float) ofBias;
        }
        gradients.keep(x, dx, w, dw, db);
    }

    static void store(double[] sums, float[] dst, int at) {
        for (int k = 0; k < sums.length; k++) {
            dst[at + k] = (float) sums[k];
        }
    }

    private int check(float[] x, float[] w, float[] y) {
        Given.require("inputs", x);
        Given.require("weights", w);
        Given.require("outputs", y);
        Validate.isTrue(
                x.length > 0 && x.length % inputs == 0,
                "inputs must be one or more rows of %s, were %s",
                inputs,
                x.length);
        int rows = x.length / inputs;
        Validate.isTrue(
                w.length == (long) outputs * inputs, "weights must be %s x %s, were %s", outputs, inputs, w.length);
        Validate.isTrue(y.length == (long) rows * outputs, "outputs must be %s x %s, were %s", rows, outputs, y.length);
        QuantizedWeights.requireFinite(w);
        return rows;
    }

    @Override
    public String toString() {
        return "FakeQuantLinear(" + inputs + " -> " + outputs + ", " + input + ", " + weights + ")";
    }
}
