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
import dev.octant.layers.internal.Spare;
import dev.octant.ops.Activation;
import java.util.Arrays;
import java.util.function.DoubleUnaryOperator;
import org.apache.commons.lang3.Validate;

/**
 * The end of a layer: int32 sums to codes, with bias, BatchNorm and activation, in one pass. Each output has parameters
 * of its own.
 *
 * <pre>
 * x = multiplier[output] * sum + offset[output]                 floats, two roundings
 * code = output.quantize(f(x))                                  f in double
 *
 * multiplier = factor inputScale weightScale[output]            in double, rounded once
 * offset     = factor bias + BatchNorm's offset
 * </pre>
 *
 * <p>Where f only clips, multiplier and offset are in steps of the output, and the clip is one of codes. Otherwise
 * {@link Between} says what lies between. The engines' own ends, {@link #engine} and {@link #pytorch}, have their order
 * of operations and are bit-exact.
 *
 * <p>Every sum is accepted, results saturate. Immutable and thread safe; applying it allocates nothing. Source: Jacob
 * et al. 2018; ONNX Runtime {@code QLinearMatMul}, {@code QLinearConv}; PyTorch {@code quantized::linear}.
 */
public final class SumsToCodes {
    private static final int TWELVE_BITS = 1 << 12;

    /** Places that are computed before they are looked up. */
    private static final int BLOCK = 512;

    /** Points at which a function is looked at to find where its codes change. */
    private static final int LOOKS = 1 << 16;

    private final QuantParams output;
    private final SumsColumns columns;

    /** By what the columns give; null where that is the output's code. */
    private final byte[] table;

    /** On what the columns give; null where it is tabulated or only clips. */
    private final DoubleUnaryOperator function;

    private final Spare<int[]> spare = new Spare<>(() -> new int[BLOCK]);

    private SumsToCodes(QuantParams output, SumsColumns columns, byte[] table, DoubleUnaryOperator function) {
        this.output = output;
        this.columns = columns;
        this.table = table;
        this.function = function;
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
        return direct(output, columns);
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
        return direct(output, plain.columns);
    }

    /** A bias and an activation; no BatchNorm. */
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
     *     is not a finite float
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
            return direct(output, columns);
        }
        if (between == Between.EXACT) {
            SumsColumns columns = columns(multipliers.length, output);
            fill(columns, multipliers, offsets, 1, 0);
            return new SumsToCodes(output, columns, null, activation::value);
        }
        int steps = between == Between.TWELVE_BITS ? TWELVE_BITS : QuantType.RAW_VALUES;
        double[] ends = ends(activation, output);
        double step = (ends[1] - ends[0]) / (steps - 1);
        SumsColumns columns = new SumsColumns(multipliers.length, 0, 0, steps - 1);
        fill(columns, multipliers, offsets, step, -ends[0] / step);
        byte[] table = new byte[steps];
        for (int i = 0; i < steps; i++) {
            table[i] = (byte) output.quantize((float) activation.value(ends[0] + i * step));
        }
        return new SumsToCodes(output, columns, table, null);
    }

    private static SumsColumns columns(int count, QuantParams output) {
        QuantType type = output.type();
        return new SumsColumns(count, output.zeroPoint(), type.low(), type.high());
    }

    private static SumsToCodes direct(QuantParams output, SumsColumns columns) {
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
        return new SumsToCodes(output, columns, null, null);
    }

    private static void fill(SumsColumns columns, double[] multipliers, double[] offsets, double step, double shift) {
        for (int c = 0; c < multipliers.length; c++) {
            float multiplier = (float) (multipliers[c] / step);
            float after = (float) (offsets[c] / step + shift);
            Validate.isTrue(
                    Float.isFinite(multiplier) && Float.isFinite(after),
                    "scales and bias must give a finite multiplier and offset, gave %s and %s at row %s",
                    multiplier,
                    after,
                    c);
            columns.multiplier()[c] = multiplier;
            columns.after()[c] = after;
        }
    }

    private static void checkBias(float[] bias, int rows) {
        Validate.isTrue(bias.length == rows, "bias must be one for each of %s rows, was %s", rows, bias.length);
    }

    /** The codes that a function leaves where all it does is to clip, or null: rounding and clipping commute. */
    private static CodeRange clip(Activation activation, QuantParams output) {
        int low = output.type().low();
        int high = output.type().high();
        return switch (activation.kind()) {
            case IDENTITY -> new CodeRange(low, high);
            case RELU -> new CodeRange(output.quantize(0), high);
            case RELU6 -> new CodeRange(output.quantize(0), output.quantize(6));
            case HARDTANH ->
                new CodeRange(
                        output.quantize(activation.parameters().get(0).floatValue()),
                        output.quantize(activation.parameters().get(1).floatValue()));
            default -> null;
        };
    }

    /** The least interval outside of which the code of {@code f(x)} is that of the far end, within a 65536th of it. */
    private static double[] ends(Activation activation, QuantParams output) {
        int atLow = output.quantize((float) activation.value(-Float.MAX_VALUE));
        int atHigh = output.quantize((float) activation.value(Float.MAX_VALUE));
        double reach = Float.MAX_VALUE;
        while (reach > Float.MIN_NORMAL
                && output.quantize((float) activation.value(-reach / 2)) == atLow
                && output.quantize((float) activation.value(reach / 2)) == atHigh) {
            reach /= 2;
        }
        double low = reach;
        double high = -reach;
        double step = 2 * reach / LOOKS;
        for (int i = 0; i <= LOOKS; i++) {
            double x = -reach + i * step;
            int code = output.quantize((float) activation.value(x));
            if (code != atLow) {
                low = Math.min(low, x - step);
            }
            if (code != atHigh) {
                high = Math.max(high, x + step);
            }
        }
        return low < high ? new double[] {low, high} : new double[] {-1, 1};
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
                float x = columns.steps(sums[sumsOffset + i], first + i);
                dst[dstOffset + i] = (byte) output.quantize((float) function.applyAsDouble(x));
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
        int highest = Affine.ROUNDER_BITS + TWELVE_BITS - 1;
        for (int i = 0; i < length; i++) {
            float steps = ((float) sums[sumsOffset + i] + before[first + i]) * multiplier[first + i] + after[first + i];
            int bits = Float.floatToRawIntBits(steps + Affine.ROUNDER);
            places[i] = Math.min(Math.max(bits, Affine.ROUNDER_BITS), highest) - Affine.ROUNDER_BITS;
        }
    }
}
