// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.train.FakeQuantizer;
import dev.octant.layers.train.LearnedStep;
import java.util.Arrays;
import org.apache.commons.lang3.Validate;

/**
 * Symmetric int8 weights with a scale for each row: {@code w[row, k] = codes[row, k] * scales[row]}. A row is what one
 * output is computed from: an output of a linear layer, an output channel of a convolution. Immutable and thread safe.
 */
public final class QuantizedWeights {
    private static final int NARROW = 127;

    private final int rows;
    private final byte[] codes;
    private final float[] scales;

    private QuantizedWeights(int rows, byte[] codes, float[] scales) {
        this.rows = rows;
        this.codes = codes;
        this.scales = scales;
    }

    /**
     * Codes and scales that are known, which are copied; one scale may serve all rows.
     *
     * @throws IllegalArgumentException if the codes are not as many in each row, the scales are neither one nor one for
     *     each row, or one is no positive normal float
     */
    public static QuantizedWeights of(byte[] codes, int rows, float... scales) {
        Given.require("codes", codes);
        Given.require("scales", scales);
        checkRows("codes", codes.length, rows);
        Validate.isTrue(
                scales.length == rows || scales.length == 1,
                "scales must be one or one for each of %s rows, were %s",
                rows,
                scales.length);
        float[] all = new float[rows];
        for (int row = 0; row < rows; row++) {
            all[row] = scales[scales.length == 1 ? 0 : row];
            Validate.isTrue(
                    all[row] >= Float.MIN_NORMAL && all[row] <= Float.MAX_VALUE,
                    "scale must be a positive normal float, was %s at row %s",
                    all[row],
                    row);
            for (int k = row * (codes.length / rows); k < (row + 1) * (codes.length / rows); k++) {
                Validate.isTrue(
                        Float.isFinite(codes[k] * all[row]),
                        "scale must leave weights finite floats, was %s at row %s",
                        all[row],
                        row);
            }
        }
        return new QuantizedWeights(rows, codes.clone(), all);
    }

    /**
     * Floats on the codes -127..127, each row with the scale of its largest magnitude; 1 for a row of zeros.
     *
     * @throws IllegalArgumentException if the weights are not as many in each row, or one is not finite
     */
    public static QuantizedWeights quantize(float[] weights, int rows) {
        Given.require("weights", weights);
        checkRows("weights", weights.length, rows);
        requireFinite(weights);
        int inputs = weights.length / rows;
        float[] scales = new float[rows];
        byte[] codes = new byte[weights.length];
        for (int row = 0; row < rows; row++) {
            float largest = 0;
            for (int k = 0; k < inputs; k++) {
                largest = Math.max(largest, Math.abs(weights[row * inputs + k]));
            }
            float quotient = largest / NARROW;
            float scale = Float.isInfinite(quotient * NARROW) ? Math.nextDown(quotient) : quotient;
            scales[row] = largest == 0 ? 1 : Math.max(scale, Float.MIN_NORMAL);
            for (int k = 0; k < inputs; k++) {
                float steps = weights[row * inputs + k] / scales[row];
                codes[row * inputs + k] = (byte) Math.min(Math.max(Math.rint(steps), -NARROW), NARROW);
            }
        }
        return new QuantizedWeights(rows, codes, scales);
    }

    /**
     * The weights that training with {@code step} has led to: its codes and scales.
     *
     * @param step of the whole tensor or of its rows, with the zero point 0 and codes within int8
     * @throws IllegalArgumentException if the step is of other rows, its zero point is not 0, its codes do not fit, or
     *     a weight is not finite
     */
    public static QuantizedWeights freeze(LearnedStep step, float[] weights, int rows) {
        Given.require("step", step);
        return freeze(step.quantizer(), weights, rows);
    }

    /** The same of a quantizer that did not learn. */
    public static QuantizedWeights freeze(FakeQuantizer quantizer, float[] weights, int rows) {
        Given.require("quantizer", quantizer);
        Given.require("weights", weights);
        checkRows("weights", weights.length, rows);
        requireFinite(weights);
        int channels = quantizer.channels();
        int inner = quantizer.layout().map(layout -> layout.inner()).orElse(weights.length);
        Validate.isTrue(
                channels == 1 || (channels == rows && inner == weights.length / rows),
                "step must be one, or one for each of %s rows of %s, was of %s channels of %s",
                rows,
                weights.length / rows,
                channels,
                inner);
        Validate.isTrue(
                quantizer.codes().low() >= -128 && quantizer.codes().high() <= 127,
                "codes must be within -128..127, were %s",
                quantizer.codes());
        float[] scales = new float[rows];
        for (int row = 0; row < rows; row++) {
            int channel = channels == 1 ? 0 : row;
            Validate.isTrue(
                    quantizer.zeroPoint(channel) == 0,
                    "zero point of weights must be 0, was %s",
                    quantizer.zeroPoint(channel));
            scales[row] = quantizer.scale(channel);
        }
        byte[] codes = new byte[weights.length];
        quantizer.quantize(weights, 0, codes, 0, weights.length);
        return new QuantizedWeights(rows, codes, scales);
    }

    private static void checkRows(String what, int length, int rows) {
        Validate.isTrue(
                rows > 0 && length > 0 && length % rows == 0,
                "%s must be as many in each of %s rows, were %s",
                what,
                rows,
                length);
    }

    static void requireFinite(float[] weights) {
        for (int i = 0; i < weights.length; i++) {
            if (!Float.isFinite(weights[i])) {
                throw new IllegalArgumentException("weights must be finite, was " + weights[i] + " at " + i);
            }
        }
    }

    /** Number of rows. */
    public int rows() {
        return rows;
    }

    /** Weights of a row. */
    public int inputs() {
        return codes.length / rows;
    }

    /** The codes, row by row, in a new array. */
    public byte[] codes() {
        return codes.clone();
    }

    /**
     * The scale of a row.
     *
     * @throws IndexOutOfBoundsException if there is no such row
     */
    public float scale(int row) {
        return scales[Bounds.index("row", row, rows)];
    }

    /** The scales by row; to be read only. */
    float[] scales() {
        return scales;
    }

    /** The values that the codes stand for, in a new array. */
    public float[] values() {
        float[] values = new float[codes.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = codes[i] * scales[i / inputs()];
        }
        return values;
    }

    /** The codes of some rows, in a new array. */
    byte[] codes(int firstRow, int count) {
        return Arrays.copyOfRange(codes, firstRow * inputs(), (firstRow + count) * inputs());
    }

    /** The sum of the magnitudes of a row's codes. */
    long magnitude(int row) {
        long sum = 0;
        for (int k = 0; k < inputs(); k++) {
            sum += Math.abs(codes[row * inputs() + k]);
        }
        return sum;
    }

    @Override
    public String toString() {
        return rows + " rows of " + inputs() + " int8 weights";
    }
}
