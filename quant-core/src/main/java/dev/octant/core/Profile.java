// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.affine.QuantizeKernel;
import dev.octant.core.internal.affine.ScalarHalfAwayQuantize;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.channel.ChannelArrays;
import dev.octant.core.internal.channel.ChannelQuantizeKernel;
import dev.octant.core.internal.channel.ScalarHalfAwayChannelQuantize;
import dev.octant.core.internal.channel.ScalarReciprocalChannelQuantize;
import dev.octant.core.internal.mask.InRangeKernel;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Labels;
import dev.octant.core.internal.wide.WideQuantize;

/**
 * Whose arithmetic is reproduced: the rule by which an inference engine turns floats into codes and back.
 *
 * <pre>
 * steps      x / scale                 ONNX, ONNX_RUNTIME, TFLITE
 *            x * (1 / scale)           XNNPACK, PYTORCH; reciprocal and product each rounded to float
 * round      half to even              all but TFLITE
 *            half away from zero       TFLITE
 * quantize   clamp(round(steps) + zeroPoint, qmin, qmax)
 * dequantize (q - zeroPoint) * scale   one float multiplication, in every engine
 * </pre>
 *
 * <p>The forms differ by one code at, or next to, values half way between two codes: division against reciprocal alone
 * changes 7 to 10 in a hundred such values. How an engine evaluates an activation is a further part of its profile,
 * which the tables of {@code dev.octant.ops} know.
 *
 * <p>Infinities and values beyond the grid saturate under every profile. That departs from engines that convert to an
 * integer first and so wrap: TensorFlow Lite on x86 sends +infinity to the lowest code where the zero point is not
 * negative, PyTorch's vector code sends -infinity to the highest where it is, and +infinity to the lowest where it is
 * 128 or more, and its per-channel fake quantization
 * sends +infinity to the lowest. NaN becomes the zero point, except under {@link #ONNX_RUNTIME}, which defines it.
 *
 * <p>Immutable and thread safe, like every enum. Sources: named at each constant, versions those measured.
 */
public enum Profile {
    /**
     * ONNX {@code QuantizeLinear} and {@code DequantizeLinear}, and Octant's own: exactly {@link QuantParams}. NaN
     * becomes the zero point.
     */
    ONNX("onnx"),

    /**
     * ONNX Runtime 1.30 on CPUs ({@code MlasQuantizeLinear}): {@link #ONNX}, except that NaN becomes the lowest code,
     * because its clamp takes the second operand of {@code max(NaN, low)} on x86 and on ARM64 alike.
     */
    ONNX_RUNTIME("onnxruntime"),

    /**
     * The reference kernels of TensorFlow Lite ({@code AffineQuantize}, TensorFlow 2.21): division, half away from
     * zero. Its optimised kernel has the rule of {@link #XNNPACK} for the body of a tensor and this one for the last
     * {@code length % 8} elements. NaN is undefined there and becomes the zero point here.
     */
    TFLITE("tflite"),

    /**
     * XNNPACK's conversion of float32 to 8 bits: reciprocal, half to even. NaN follows the processor's minimum
     * instruction there (the highest code on x86) and becomes the zero point here.
     */
    XNNPACK("xnnpack"),

    /**
     * PyTorch 2.14.1: {@code fake_quantize_per_tensor_affine}, {@code quantize_per_tensor}, the {@code
     * quantized_decomposed} operators and the vector code of the quantized operators: reciprocal, half to even, zero
     * point added to the rounded integer. Version 2.13.0 alone adds it before rounding. NaN has three answers there
     * and becomes the zero point here.
     */
    PYTORCH("pytorch");

    /** From this length on, at most that of a block, a table is compiled to move codes: compiling takes 256 steps. */
    private static final int TABLE_FROM = 1024;

    private static final byte[] RAW_BYTES = rawBytes();

    private static final QuantizeKernel HALF_AWAY = new ScalarHalfAwayQuantize();
    private static final ChannelQuantizeKernel HALF_AWAY_CHANNELS = new ScalarHalfAwayChannelQuantize();
    private static final ChannelQuantizeKernel RECIPROCAL_CHANNELS = new ScalarReciprocalChannelQuantize();

    private final String label;

    Profile(String label) {
        this.label = label;
    }

    /** The name in files and on the command line: {@code onnx}, {@code onnxruntime}, {@code tflite}, .. */
    public String label() {
        return label;
    }

    /**
     * The constant of a {@link #label}, in any case of letters and with blanks around it.
     *
     * @throws IllegalArgumentException if the word names none
     */
    public static Profile parse(String word) {
        return Labels.find("profile", word, values(), Profile::label);
    }

    /** The code of {@code x}: {@code clamp(round(steps) + zeroPoint, qmin, qmax)}; infinities saturate. */
    public int quantize(float x, QuantParams params) {
        Given.require("params", params);
        if (this == ONNX) {
            return params.quantize(x);
        }
        int zeroPoint = params.zeroPoint();
        int low = params.type().low();
        if (Float.isNaN(x)) {
            return nanCode(params);
        }
        float rounded = round(steps(x, params.scale()));
        float clipped =
                Math.min(Math.max(rounded, low - zeroPoint), params.type().high() - zeroPoint);
        return (int) clipped + zeroPoint;
    }

    /** The real value of a code: {@code (code - zeroPoint) * scale}, the same in every engine. */
    public float dequantize(int code, QuantParams params) {
        Given.require("params", params);
        return params.dequantize(code);
    }

    /**
     * Whether the code of {@code x} needs no clamping, which is where fake quantization passes a gradient:
     * {@code qmin <= round(steps) + zeroPoint <= qmax}. False for NaN and infinities.
     */
    public boolean inRange(float x, QuantParams params) {
        Given.require("params", params);
        float rounded = round(steps(x, params.scale()));
        int zeroPoint = params.zeroPoint();
        return rounded >= params.type().low() - zeroPoint
                && rounded <= params.type().high() - zeroPoint;
    }

    /** {@code x} in steps of {@code scale}, before rounding, as this engine computes it. */
    public float steps(float x, float scale) {
        return switch (this) {
            case ONNX, ONNX_RUNTIME, TFLITE -> x / scale;
            case XNNPACK, PYTORCH -> x * (1 / scale);
        };
    }

    /**
     * The whole number that stands for {@code steps}, by this engine's rule for ties; NaN and infinities as they are.
     */
    public float round(float steps) {
        return switch (this) {
            case ONNX, ONNX_RUNTIME, XNNPACK, PYTORCH -> (float) Math.rint(steps);
            case TFLITE -> Affine.roundHalfAway(steps);
        };
    }

    /** Floats to codes of a byte. */
    QuantizeKernel quantizeKernel() {
        return switch (this) {
            case ONNX, ONNX_RUNTIME -> Kernels.QUANTIZE.current();
            case TFLITE -> HALF_AWAY;
            case XNNPACK, PYTORCH -> Kernels.QUANTIZE_BY_RECIPROCAL.current();
        };
    }

    /** Floats to codes of a byte, each with parameters of its own. */
    ChannelQuantizeKernel channelQuantizeKernel() {
        return switch (this) {
            case ONNX, ONNX_RUNTIME -> Kernels.QUANTIZE_CHANNELS.current();
            case TFLITE -> HALF_AWAY_CHANNELS;
            case XNNPACK, PYTORCH -> RECIPROCAL_CHANNELS;
        };
    }

    /** Floats to codes of 16 bits. */
    WideQuantize wideQuantize() {
        return switch (this) {
            case ONNX, ONNX_RUNTIME -> WideQuantize.BY_DIVISION;
            case TFLITE -> WideQuantize.HALF_AWAY;
            case XNNPACK, PYTORCH -> WideQuantize.BY_RECIPROCAL;
        };
    }

    /** Quantizes a block whose bounds have been checked. */
    void quantize(QuantParams params, float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        QuantType type = params.type();
        quantizeKernel()
                .run(
                        src,
                        srcOffset,
                        dst,
                        dstOffset,
                        length,
                        params.scale(),
                        params.zeroPoint(),
                        type.low(),
                        type.high(),
                        nanCode(params));
    }

    /** Quantizes a block whose bounds have been checked, element {@code i} with the parameters at {@code first + i}. */
    void quantize(
            ChannelArrays channels, int first, float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        channelQuantizeKernel().run(src, srcOffset, dst, dstOffset, length, channels, first);
    }

    /**
     * Moves codes whose bounds have been checked from one grid to another. The code of the target is a function of
     * the raw byte, so more than a few are looked up. Uses the staging's reals and table.
     */
    void requantize(
            QuantParams params,
            QuantParams target,
            byte[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            Staging staging) {
        if (length >= TABLE_FROM) {
            byte[] table = requantizationTable(params, target, staging);
            Kernels.TABLE.current().run(table, src, srcOffset, dst, dstOffset, length);
        } else {
            float[] reals = staging.reals;
            params.dequantize(src, srcOffset, reals, 0, length);
            quantize(target, reals, 0, dst, dstOffset, length);
        }
    }

    /** The target's raw byte for every raw byte, in the staging's table; uses its reals. */
    byte[] requantizationTable(QuantParams params, QuantParams target, Staging staging) {
        byte[] table = staging.table;
        params.dequantize(RAW_BYTES, 0, staging.reals, 0, table.length);
        quantize(target, staging.reals, 0, table, 0, table.length);
        return table;
    }

    /** {@link #inRange} over a block whose bounds have been checked: 1 or 0. */
    void inRange(QuantParams params, float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        InRangeKernel kernel = switch (this) {
            case ONNX, ONNX_RUNTIME -> Kernels.IN_RANGE.current();
            case TFLITE -> Kernels.IN_RANGE_HALF_AWAY.current();
            case XNNPACK, PYTORCH -> Kernels.IN_RANGE_BY_RECIPROCAL.current();
        };
        QuantType type = params.type();
        kernel.run(src, srcOffset, dst, dstOffset, length, params.scale(), params.zeroPoint(), type.low(), type.high());
    }

    /** The code of NaN. */
    int nanCode(QuantParams params) {
        return nanCode(params.zeroPoint(), params.type().low());
    }

    /** The code of NaN on a grid of any width. */
    int nanCode(int zeroPoint, int low) {
        return switch (this) {
            case ONNX, TFLITE, XNNPACK, PYTORCH -> zeroPoint;
            case ONNX_RUNTIME -> low;
        };
    }

    private static byte[] rawBytes() {
        byte[] bytes = new byte[QuantType.RAW_VALUES];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }

    @Override
    public String toString() {
        return label;
    }
}
