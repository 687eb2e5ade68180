// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Lengths;
import dev.octant.layers.internal.Spare;
import org.apache.commons.lang3.Validate;

/**
 * A linear layer of codes: codes in, codes out, and the parameters of both.
 *
 * <pre>
 * sum[row, o] = bias[o] + sum over k of (x[row, k] - input zero point) weights[o, k]          int32, exact
 * y[row, o]   = the code of SumsToCodes
 * </pre>
 *
 * <p>Shapes: {@code rows x inputs} codes become {@code rows x outputs}, one raw byte each. Tensors of other parameters
 * are refused. Blocks outside their array throw {@link IndexOutOfBoundsException} before anything is written. Immutable
 * and thread safe; calls one after the other allocate nothing with {@link MatrixProduct#java()}.
 */
public final class QuantizedLinear {
    /** The most rows that are computed at a time, so that their sums stay in the second-level cache. */
    private static final int ROWS = 48;

    /** The most sums that are kept at a time, where there is more than one row. */
    private static final int SUMS = 1 << 22;

    private final QuantParams input;
    private final int[] bias;
    private final SumsToCodes end;
    private final MatrixProduct.Prepared product;
    private final Spare<int[]> spare;

    private QuantizedLinear(QuantParams input, int[] bias, SumsToCodes end, MatrixProduct.Prepared product) {
        this.input = input;
        this.bias = bias;
        this.end = end;
        this.product = product;
        spare = new Spare<>(() -> new int[rowsAtATime(product.outputs()) * product.outputs()]);
    }

    /** A layer without int32 bias: a float one is part of {@code end}. */
    public static QuantizedLinear of(
            QuantParams input, QuantizedWeights weights, SumsToCodes end, MatrixProduct product) {
        Given.require("weights", weights);
        return of(input, weights, new int[weights.rows()], end, product);
    }

    /**
     * A layer.
     *
     * @param bias in units of a sum, {@code inputScale weightScale}
     * @throws IllegalArgumentException if bias or end are not of the weights' rows, the end was made for another input
     *     scale or other weight scales, there are more inputs than {@link MatrixProduct#MOST_INPUTS}, or a sum could
     *     leave an int
     */
    public static QuantizedLinear of(
            QuantParams input, QuantizedWeights weights, int[] bias, SumsToCodes end, MatrixProduct product) {
        Given.require("input", input);
        Given.require("weights", weights);
        Given.require("bias", bias);
        Given.require("end", end);
        Given.require("product", product);
        check(input, weights, bias, end);
        byte[] codes = weights.codes();
        return new QuantizedLinear(input, bias.clone(), end, product.prepare(codes, weights.rows(), weights.inputs()));
    }

    /** That parts fit together, and that no sum leaves an int. */
    static void check(QuantParams input, QuantizedWeights weights, int[] bias, SumsToCodes end) {
        int rows = weights.rows();
        Validate.isTrue(bias.length == rows, "bias must be one for each of %s rows, was %s", rows, bias.length);
        end.requireSums(input, weights);
        int zeroPoint = input.zeroPoint();
        int widest =
                Math.max(zeroPoint - input.type().firstStored(), input.type().firstStored() + 255 - zeroPoint);
        for (int row = 0; row < rows; row++) {
            long most = weights.magnitude(row) * widest + Math.abs((long) bias[row]);
            Validate.isTrue(most <= Integer.MAX_VALUE, "sums must fit an int, could be %s at row %s", most, row);
        }
    }

    /**
     * A float bias in units of a sum, rounded half to even: {@code rint(bias / (inputScale weightScale))}, in double.
     *
     * @throws IllegalArgumentException if it is not one for each row, or one does not fit an int
     */
    public static int[] bias(float[] bias, QuantParams input, QuantizedWeights weights) {
        Given.require("bias", bias);
        Given.require("input", input);
        Given.require("weights", weights);
        Validate.isTrue(
                bias.length == weights.rows(),
                "bias must be one for each of %s rows, was %s",
                weights.rows(),
                bias.length);
        int[] units = new int[bias.length];
        for (int row = 0; row < units.length; row++) {
            double unit = Math.rint(bias[row] / ((double) input.scale() * weights.scale(row)));
            Validate.isTrue(
                    Math.abs(unit) <= Integer.MAX_VALUE,
                    "bias must fit an int in units of the scales, was %s at row %s",
                    unit,
                    row);
            units[row] = (int) unit;
        }
        return units;
    }

    /** The grid of the codes that go in. */
    public QuantParams input() {
        return input;
    }

    /** The grid of the codes that come out. */
    public QuantParams output() {
        return end.output();
    }

    /** Codes of a row that goes in. */
    public int inputs() {
        return product.inputs();
    }

    /** Codes of a row that comes out. */
    public int outputs() {
        return product.outputs();
    }

    /**
     * Computes some rows.
     *
     * @throws IllegalArgumentException if {@code rows} is not positive or more than an array holds, or source and
     *     destination overlap
     */
    public void apply(byte[] x, int xOffset, int rows, byte[] y, int yOffset) {
        Given.require("source", x);
        Given.require("destination", y);
        Validate.isTrue(rows > 0, "rows must be positive, were %s", rows);
        int inputs = inputs();
        int outputs = outputs();
        Bounds.check("source", x, xOffset, Lengths.of("source", rows, inputs));
        Bounds.check("destination", y, yOffset, Lengths.of("destination", rows, outputs));
        requireApart(x, xOffset, rows * inputs, y, yOffset, rows * outputs);
        int[] sums = spare.take();
        int most = rowsAtATime(outputs);
        for (int row = 0; row < rows; row += most) {
            int n = Math.min(most, rows - row);
            product.multiply(x, xOffset + row * inputs, n, input.type(), input.zeroPoint(), sums, 0);
            for (int r = 0; r < n; r++) {
                add(bias, 0, sums, r * outputs, outputs);
                end.apply(sums, r * outputs, y, yOffset + (row + r) * outputs, outputs, 0);
            }
        }
        spare.giveBack(sums);
    }

    /** Rows of so many sums that are computed at a time. */
    static int rowsAtATime(int outputs) {
        return Math.min(ROWS, Math.max(1, SUMS / outputs));
    }

    static void add(int[] bias, int first, int[] sums, int at, int length) {
        for (int o = 0; o < length; o++) {
            sums[at + o] += bias[first + o];
        }
    }

    static void requireApart(byte[] x, int xOffset, int xLength, byte[] y, int yOffset, int yLength) {
        if (x == y && xOffset < (long) yOffset + yLength && yOffset < (long) xOffset + xLength) {
            throw new IllegalArgumentException("source and destination in one array must be disjoint, were " + xLength
                    + " codes at " + xOffset + " and " + yLength + " at " + yOffset);
        }
    }

    /**
     * The layer of a tensor, as a new tensor.
     *
     * @throws IllegalArgumentException if the tensor has other parameters, or is not one or more whole rows
     */
    public QuantizedTensor apply(QuantizedTensor x) {
        Given.require("source", x);
        x.requireParams(input);
        Validate.isTrue(
                x.length() > 0 && x.length() % inputs() == 0,
                "source must be one or more rows of %s codes, had %s",
                inputs(),
                x.length());
        int rows = x.length() / inputs();
        byte[] y = new byte[Lengths.of("destination", rows, outputs())];
        apply(x.codes(), 0, rows, y, 0);
        return QuantizedTensor.of(output(), y);
    }

    @Override
    public String toString() {
        return "QuantizedLinear(" + inputs() + " -> " + outputs() + ", " + input + " -> " + output() + ")";
    }
}
