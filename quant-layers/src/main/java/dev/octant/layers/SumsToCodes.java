// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.product.SumsColumns;
import dev.octant.core.internal.text.Given;
import dev.octant.layers.internal.Codes;
import dev.octant.layers.internal.Spare;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * The end of a layer: int32 sums to codes, with bias, BatchNorm and activation, in one pass. Each output has parameters
 * of its own.
 *
 * <pre>
 * x = multiplier[output] * sum + offset[output]                 two roundings to the digits of a float
 * code = clamp(rint(f(x) / scale) + zeroPoint)                  in double; scale and zero point of the output
 *
 * multiplier = factor inputScale weightScale[output]            in double, rounded once
 * offset     = factor bias + BatchNorm's offset
 * </pre>
 *
 * <p>Where f only clips, multiplier and offset are in steps of the output, and the clip is one of codes. Otherwise
 * {@link Between} says what lies between. Neither the least nor the largest float is an end for x: with {@link
 * Between#EXACT} it has every magnitude of a double. The engines' own ends, {@link #engine} and {@link #pytorch}, have
 * their order of operations and are bit-exact.
 *
 * <p>A layer that was trained as {@link FakeQuantLinear} or {@link FakeQuantConv2d} and frozen gives {@code x} within
 * {@code E = 2^-21 (sum of |qx qw| + |bias|)} of the value it had in training: some eight roundings of a float. So with
 * {@link Between#EXACT} and where f only clips, its code differs from that of the trained value only where a tie is
 * within {@code E max |f'|} (1.13 for SiLU, GELU and the like), and by 1; with a table between by 1 or 2 more, as
 * {@link Between} states. This holds where E is below a step of the output, and without BatchNorm.
 *
 * <p>Every sum is accepted, results saturate. Immutable and thread safe; applying it allocates nothing. Source: Jacob
 * et al. 2018; ONNX Runtime {@code QLinearMatMul}, {@code QLinearConv}; PyTorch {@code quantized::linear}.
 */
public final class SumsToCodes {
    /** Places that are computed before they are looked up. */
    private static final int BLOCK = 512;

    /** What the multipliers were made for. */
    private final float inputScale;

    private final float[] weightScales;
    private final QuantParams output;
    private final SumsColumns columns;

    /** By what the columns give; null where that is the output's code. */
    private final byte[] table;

    /** On the value that the columns give, in {@link #units}; null where it is tabulated or only clips. */
    private final DoubleUnaryOperator function;

    /** What 1 of the columns is, by output, where a function follows: a power of two. */
    private final double[] units;

    private final Spare<int[]> spare = new Spare<>(() -> new int[BLOCK]);

    private SumsToCodes(
            QuantParams input,
            QuantizedWeights weights,
            QuantParams output,
            SumsColumns columns,
            byte[] table,
            DoubleUnaryOperator function,
            double[] units) {
        inputScale = input.scale();
        weightScales = weights.scales();
        this.output = output;
        this.columns = columns;
        this.table = table;
        this.function = function;
        this.units = units;
    }

    /**
     * Without activation and BatchNorm, as an engine computes it: {@code clamp(rint((float) sum * m) + zeroPoint)},
     * {@code m} the quotient of the scales as {@link dev.octant.ops.Requantizer} has it; a bias is part of the sums.
     *
     * @throws IllegalArgumentException if the profile is TensorFlow Lite's, or a multiplier is not finite
     */
    public static SumsToCodes engine(QuantParams input, QuantizedWeights weights, QuantParams output, Profile profile) {
        Given.require("input", input);
        Given.require("weights", weights);
        Given.require("output", output);
        Given.require("profile", profile);
        SumsColumns columns = columns(weights.rows(), output);
        for (int c = 0; c < weights.rows(); c++) {
            float product = input.scale() * weights.scale(c);
            columns.multiplier()[c] = switch (profile) {
                case ONNX, ONNX_RUNTIME, XNNPACK -> product / output.scale();
                case PYTORCH -> product * (1 / output.scale());
                case TFLITE ->
                    throw new IllegalArgumentException("profile must multiply sums by floats, was " + profile);
            };
        }
        return direct(input, weights, output, columns);
    }

    /**
     * PyTorch's {@code quantized::linear} of fbgemm, onednn and x86: the bias is a float, {@code clamp(rint((sum + bias
     * / (inputScale weightScale)) * (inputScale weightScale / outputScale)) + zeroPoint)}.
     */
    public static SumsToCodes pytorch(QuantParams input, QuantizedWeights weights, float[] bias, QuantParams output) {
        Given.require("bias", bias);
        SumsToCodes plain = engine(input, weights, output, Profile.ONNX);
        checkBias(bias, weights.rows());
        for (int c = 0; c < bias.length; c++) {
            plain.columns.before()[c] = bias[c] / (input.scale() * weights.scale(c));
        }
        return direct(input, weights, output, plain.columns);
    }

    /**
     * A bias and an activation; no BatchNorm.
     *
     * @throws IllegalArgumentException as with BatchNorm
     */
    public static SumsToCodes of(
            QuantParams input,
            QuantizedWeights weights,
            float[] bias,
            Activation activation,
            QuantParams output,
            Between between) {
        Given.require("bias", bias);
        Given.require("weights", weights);
        float[] zeros = new float[weights.rows()];
        float[] ones = new float[weights.rows()];
        Arrays.fill(ones, 1);
        return of(input, weights, bias, BatchNorm.of(ones, zeros, zeros, ones, 0), activation, output, between);
    }

    /**
     * A bias, BatchNorm and an activation.
     *
     * @param bias floats, one for each output
     * @throws IllegalArgumentException if bias or BatchNorm are not of the weights' rows, or a multiplier or an offset
     *     is not a finite float, or a table between gives codes that are further off than {@link Between} states
     */
    public static SumsToCodes of(
            QuantParams input,
            QuantizedWeights weights,
            float[] bias,
            BatchNorm batchNorm,
            Activation activation,
            QuantParams output,
            Between between) {
        Given.require("input", input);
        Given.require("weights", weights);
        Given.require("bias", bias);
        Given.require("batch norm", batchNorm);
        Given.require("activation", activation);
        Given.require("output", output);
        Given.require("between", between);
        checkBias(bias, weights.rows());
        Validate.isTrue(
                batchNorm.channels() == weights.rows(),
                "batch norm must have one channel for each of %s rows, had %s",
                weights.rows(),
                batchNorm.channels());
        double[] multipliers = new double[weights.rows()];
        double[] offsets = new double[weights.rows()];
        for (int c = 0; c < multipliers.length; c++) {
            multipliers[c] = batchNorm.factor(c) * input.scale() * weights.scale(c);
            offsets[c] = batchNorm.factor(c) * bias[c] + batchNorm.offset(c);
        }
        CodeRange clip = clip(activation, output);
        if (clip != null) {
            SumsColumns columns = new SumsColumns(multipliers.length, output.zeroPoint(), clip.low(), clip.high());
            fill(columns, multipliers, offsets, output.scale(), 0);
            return direct(input, weights, output, columns);
        }
        if (between == Between.EXACT) {
            SumsColumns columns = columns(multipliers.length, output);
            double[] units = units(multipliers, offsets);
            for (int c = 0; c < units.length; c++) {
                fill(columns, c, multipliers[c] / units[c], offsets[c] / units[c]);
            }
            return new SumsToCodes(input, weights, output, columns, null, activation::value, units);
        }
        StepTable table = StepTable.of(activation, output, between);
        SumsColumns columns = new SumsColumns(multipliers.length, 0, 0, between.steps() - 1);
        fill(columns, multipliers, offsets, table.step(), -table.first() / table.step());
        return new SumsToCodes(input, weights, output, columns, table.codes(), null, null);
    }

    private static SumsColumns columns(int count, QuantParams output) {
        QuantType type = output.type();
        return new SumsColumns(count, output.zeroPoint(), type.low(), type.high());
    }

    private static SumsToCodes direct(
            QuantParams input, QuantizedWeights weights, QuantParams output, SumsColumns columns) {
        for (int c = 0; c < columns.multiplier().length; c++) {
            Validate.isTrue(
                    Float.isFinite(columns.multiplier()[c])
                            && Float.isFinite(columns.before()[c])
                            && Float.isFinite(columns.after()[c]),
                    "scales and bias must give a finite multiplier and offset, gave %s and %s at row %s",
                    columns.multiplier()[c],
                    columns.before()[c] + columns.after()[c],
                    c);
        }
        return new SumsToCodes(input, weights, output, columns, null, null, null);
    }

    /**
     * The powers of two of the larger of multiplier and offset. In these, both are rounded as floats whose exponent has
     * no end: scales whose product is a subnormal float, or none at all, give the same digits as others.
     */
    private static double[] units(double[] multipliers, double[] offsets) {
        double[] units = new double[multipliers.length];
        for (int c = 0; c < units.length; c++) {
            double larger = Math.max(Math.abs(multipliers[c]), Math.abs(offsets[c]));
            // What is not finite is refused with its own numbers.
            boolean isScaled = larger > 0 && Double.isFinite(larger);
            units[c] = isScaled ? Math.scalb(1.0, Math.getExponent(larger)) : 1;
        }
        return units;
    }

    private static void fill(SumsColumns columns, double[] multipliers, double[] offsets, double step, double shift) {
        for (int c = 0; c < multipliers.length; c++) {
            fill(columns, c, multipliers[c] / step, offsets[c] / step + shift);
        }
    }

    private static void fill(SumsColumns columns, int column, double multiplier, double after) {
        columns.multiplier()[column] = (float) multiplier;
        columns.after()[column] = (float) after;
        Validate.isTrue(
                Float.isFinite(columns.multiplier()[column]) && Float.isFinite(columns.after()[column]),
                "scales and bias must give a finite multiplier and offset, gave %s and %s at row %s",
                columns.multiplier()[column],
                columns.after()[column],
                column);
    }

    private static void checkBias(float[] bias, int rows) {
        Validate.isTrue(bias.length == rows, "bias must be one for each of %s rows, was %s", rows, bias.length);
    }

    /** The codes that a function leaves where all it does is to clip, or null: rounding and clipping commute. */
    private static CodeRange clip(Activation activation, QuantParams output) {
        List<Double> p = activation.parameters();
        return switch (activation.kind()) {
            case IDENTITY -> clip(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, output);
            case RELU -> clip(0, Double.POSITIVE_INFINITY, output);
            case RELU6 -> clip(0, 6, output);
            case HARDTANH, CLIP -> clip(Math.min(p.get(0), p.get(1)), p.get(1), output);
            case LEAKY_RELU, PRELU ->
                p.get(0) == 1
                        ? clip(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, output)
                        : p.get(0) == 0 ? clip(0, Double.POSITIVE_INFINITY, output) : null;
            case ELU, THRESHOLDED_RELU -> p.get(0) == 0 ? clip(0, Double.POSITIVE_INFINITY, output) : null;
            case SELU -> p.get(0) == 0 && p.get(1) == 1 ? clip(0, Double.POSITIVE_INFINITY, output) : null;
            case SHRINK, HARDSHRINK, SOFTSHRINK ->
                p.stream().allMatch(value -> value == 0)
                        ? clip(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, output)
                        : null;
            default -> null;
        };
    }

    private static CodeRange clip(double low, double high, QuantParams output) {
        return new CodeRange(Codes.of(low, output), Codes.of(high, output));
    }

    /** Refuses sums of other scales than those this was made for: their codes would be others without a word. */
    void requireSums(QuantParams input, QuantizedWeights weights) {
        Validate.isTrue(outputs() == weights.rows(), "end must be of %s outputs, was of %s", weights.rows(), outputs());
        Validate.isTrue(
                input.scale() == inputScale,
                "end must be made for the layer's input scale %s, was made for %s",
                input.scale(),
                inputScale);
        for (int row = 0; row < weights.rows(); row++) {
            Validate.isTrue(
                    weights.scale(row) == weightScales[row],
                    "end must be made for the layer's weight scale %s at row %s, was made for %s",
                    weights.scale(row),
                    row,
                    weightScales[row]);
        }
    }

    /** The grid of the codes. */
    public QuantParams output() {
        return output;
    }

    /** Number of outputs. */
    public int outputs() {
        return columns.multiplier().length;
    }

    /**
     * Brings {@code length} sums to codes, which are those of the outputs from {@code first} on.
     *
     * @throws IndexOutOfBoundsException if a block lies outside its array, or there are not as many outputs
     */
    public void apply(int[] sums, int sumsOffset, byte[] dst, int dstOffset, int length, int first) {
        Bounds.check("sums", sums, sumsOffset, length);
        Bounds.check("destination", dst, dstOffset, length);
        Bounds.check("outputs", outputs(), first, length);
        if (function != null) {
            for (int i = 0; i < length; i++) {
                double x = columns.steps(sums[sumsOffset + i], first + i) * units[first + i];
                dst[dstOffset + i] = (byte) Codes.of(function.applyAsDouble(x), output);
            }
        } else if (table == null || table.length == QuantType.RAW_VALUES) {
            Kernels.SUMS_TO_CODES.current().run(sums, sumsOffset, dst, dstOffset, length, columns, first);
            if (table != null) {
                Kernels.TABLE.current().run(table, dst, dstOffset, dst, dstOffset, length);
            }
        } else {
            int[] places = spare.take();
            for (int i = 0; i < length; i += BLOCK) {
                int n = Math.min(BLOCK, length - i);
                places(sums, sumsOffset + i, places, n, first + i);
                for (int j = 0; j < n; j++) {
                    dst[dstOffset + i + j] = table[places[j]];
                }
            }
            spare.giveBack(places);
        }
    }

    /** Places in the table of 12 bits, clamped as bits, which rise with the steps: the JIT vectorises that. */
    private void places(int[] sums, int sumsOffset, int[] places, int length, int first) {
        float[] before = columns.before();
        float[] multiplier = columns.multiplier();
        float[] after = columns.after();
        int highest = Affine.ROUNDER_BITS + table.length - 1;
        for (int i = 0; i < length; i++) {
            float steps = ((float) sums[sumsOffset + i] + before[first + i]) * multiplier[first + i] + after[first + i];
            int bits = Float.floatToRawIntBits(steps + Affine.ROUNDER);
            places[i] = Math.min(Math.max(bits, Affine.ROUNDER_BITS), highest) - Affine.ROUNDER_BITS;
        }
    }
}
