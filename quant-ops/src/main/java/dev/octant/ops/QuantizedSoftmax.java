// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.ChannelLayout;
import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.text.Given;
import dev.octant.ops.internal.softmax.SoftmaxRule;
import dev.octant.ops.internal.softmax.SoftmaxRules;
import java.nio.ByteBuffer;

/**
 * Softmax and log-softmax of codes along an axis.
 *
 * <pre>
 * softmax       y = exp((q - qmax) * scale) / sum        log-softmax   y = (q - qmax) * scale - ln(sum)
 * sum = the exponentials of a row, added in its order;   code = output.quantize((float) y)
 * </pre>
 *
 * <p>That is the default, {@link Profile#ONNX}: in double, the difference of codes taken first, which is exact, and
 * clipped to the codes whose values lie in [0, 1], or below 0. The input's zero point plays no part. Under the
 * profile of an engine it is that engine's arithmetic ({@link SoftmaxRules}). Sums that an engine adds in the order
 * of the row are added in that order wherever another could give another code.
 *
 * <p>Output parameters are the caller's; the field's are {@link #fixedOutput}, 1/256 with the lowest code as zero
 * point. The largest value is then 255/256: 1 has no code.
 *
 * <p>Shapes: row-major, the axis given as the channels of a {@link ChannelLayout}; a block, or what remains of a
 * buffer, whose position then advances past it, is a multiple of its period long. Aliasing: blocks of one array may be
 * the same, and otherwise must not overlap. Buffers may overlap in any way, and may be one buffer, whose position then
 * advances once: the destination gets what a copy of the source would have given. NaN and infinities do not occur.
 * Errors: {@link IndexOutOfBoundsException}, {@link IllegalArgumentException}, for what is missing {@link
 * NullPointerException}, before anything is written or a position moves. Immutable and thread
 * safe; applying it allocates nothing, but a table at the first row longer than 512 and of another length under
 * {@link Profile#XNNPACK}.
 */
public final class QuantizedSoftmax {
    private final QuantParams input;
    private final QuantParams output;
    private final SoftmaxRule rule;

    private QuantizedSoftmax(QuantParams input, QuantParams output, SoftmaxRule rule) {
        this.input = input;
        this.output = output;
        this.rule = rule;
    }

    /** Softmax under {@link Profile#ONNX}. */
    public static QuantizedSoftmax softmax(QuantParams input, QuantParams output) {
        Given.require("input", input);
        Given.require("output", output);
        CodeRange inside = output.codesWithin(RealRange.UNIT);
        return new QuantizedSoftmax(input, output, SoftmaxRules.reference(input, output, inside));
    }

    /** Log-softmax under {@link Profile#ONNX}. */
    public static QuantizedSoftmax logSoftmax(QuantParams input, QuantParams output) {
        Given.require("input", input);
        Given.require("output", output);
        CodeRange inside = output.codesWithin(RealRange.of(Double.NEGATIVE_INFINITY, 0));
        return new QuantizedSoftmax(input, output, SoftmaxRules.logReference(input, output, inside));
    }

    /**
     * Softmax as an engine computes it.
     *
     * @throws IllegalArgumentException if the engine has none in 8 bits, or not with these parameters
     */
    public static QuantizedSoftmax softmax(QuantParams input, QuantParams output, Profile profile) {
        Given.require("input", input);
        Given.require("output", output);
        Given.require("profile", profile);
        return switch (profile) {
            case ONNX -> softmax(input, output);
            case ONNX_RUNTIME -> new QuantizedSoftmax(input, output, SoftmaxRules.onnxRuntime(input, output));
            case TFLITE -> new QuantizedSoftmax(input, output, SoftmaxRules.tflite(input, output));
            case XNNPACK -> new QuantizedSoftmax(input, output, SoftmaxRules.xnnpack(input, output));
            case PYTORCH -> throw missing(profile, "softmax");
        };
    }

    /**
     * Log-softmax as an engine computes it. Only TensorFlow Lite has it in 8 bits, with the output parameters
     * 16/256 and the highest code, and gives the codes of {@link Profile#ONNX}.
     *
     * @throws IllegalArgumentException if the engine has none in 8 bits, or not with these parameters
     */
    public static QuantizedSoftmax logSoftmax(QuantParams input, QuantParams output, Profile profile) {
        Given.require("input", input);
        Given.require("output", output);
        Given.require("profile", profile);
        return switch (profile) {
            case ONNX -> logSoftmax(input, output);
            case TFLITE -> {
                SoftmaxRules.requireOutput(output, 16f / 256, output.type().high(), profile);
                yield logSoftmax(input, output);
            }
            case ONNX_RUNTIME, XNNPACK, PYTORCH -> throw missing(profile, "log-softmax");
        };
    }

    /** The output parameters the field has agreed on: 1/256, zero point -128 or 0. */
    public static QuantParams fixedOutput(QuantType type) {
        Given.require("type", type);
        return QuantScheme.FIXED.choose(RealRange.UNIT, type);
    }

    /** The grid of the codes that go in. */
    public QuantParams input() {
        return input;
    }

    /** The grid of the codes that come out. */
    public QuantParams output() {
        return output;
    }

    /** Applies it to {@code length} raw bytes, along the channels of {@code axis}. */
    public void apply(byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelLayout axis) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        checkLength(length, axis);
        try (Staging staging = Staging.take()) {
            applyBlock(src, srcOffset, dst, dstOffset, length, axis, staging);
        }
    }

    private void applyBlock(
            byte[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelLayout axis, Staging staging) {
        int channels = axis.channels();
        int inner = axis.inner();
        for (int start = 0; start < length; start += axis.period()) {
            for (int i = 0; i < inner; i++) {
                rule.apply(src, srcOffset + start + i, dst, dstOffset + start + i, channels, inner, staging);
            }
        }
    }

    /**
     * Applies it to what remains of {@code src}, along the channels of {@code axis}. Buffers may be direct or on the
     * heap. Rows that are longer than {@value Staging#BLOCK} are read three or four times.
     */
    public void apply(ByteBuffer src, ByteBuffer dst, ChannelLayout axis) {
        int length = checkLength(Bounds.remaining(src, dst), axis);
        ByteBuffer source = Sources.of(src, dst, length);
        try (Staging staging = Staging.take()) {
            if (axis.period() <= Staging.BLOCK) {
                applyPeriods(source, dst, length, axis, staging);
            } else {
                applyLongPeriods(source, dst, length, axis, staging);
            }
        }
        Bounds.advance(src, dst, length);
    }

    private void applyLongPeriods(ByteBuffer src, ByteBuffer dst, int length, ChannelLayout axis, Staging staging) {
        int from = src.position();
        int to = dst.position();
        int channels = axis.channels();
        int inner = axis.inner();
        for (int start = 0; start < length; start += axis.period()) {
            if (channels <= Staging.BLOCK) {
                applyColumns(src, from + start, dst, to + start, axis, staging);
            } else {
                for (int i = 0; i < inner; i++) {
                    rule.apply(src, from + start + i, dst, to + start + i, channels, inner, staging);
                }
            }
        }
    }

    /** As many periods at a time as a block holds. */
    private void applyPeriods(ByteBuffer src, ByteBuffer dst, int length, ChannelLayout axis, Staging staging) {
        byte[] block = staging.otherCodes;
        int from = src.position();
        int to = dst.position();
        int most = Staging.BLOCK / axis.period() * axis.period();
        for (int at = 0, n; at < length; at += n) {
            n = Math.min(length - at, most);
            src.get(from + at, block, 0, n);
            applyBlock(block, 0, block, 0, n, axis, staging);
            dst.put(to + at, block, 0, n);
        }
    }

    /** One period that is longer than a block, while its rows are not: some rows at a time. */
    private void applyColumns(
            ByteBuffer src, int srcIndex, ByteBuffer dst, int dstIndex, ChannelLayout axis, Staging staging) {
        byte[] block = staging.otherCodes;
        int channels = axis.channels();
        int most = Staging.BLOCK / channels;
        for (int first = 0, rows; first < axis.inner(); first += rows) {
            rows = Math.min(most, axis.inner() - first);
            for (int c = 0; c < channels; c++) {
                src.get(srcIndex + c * axis.inner() + first, block, c * rows, rows);
            }
            for (int row = 0; row < rows; row++) {
                rule.apply(block, row, block, row, channels, rows, staging);
            }
            for (int c = 0; c < channels; c++) {
                dst.put(dstIndex + c * axis.inner() + first, block, c * rows, rows);
            }
        }
    }

    private static int checkLength(int length, ChannelLayout axis) {
        Given.require("axis", axis);
        if (length % axis.period() != 0) {
            throw new IllegalArgumentException(
                    "length must be a multiple of the axis' period " + axis.period() + ", was " + length);
        }
        return length;
    }

    /** The softmax of a tensor whose parameters are {@link #input()}, as a new tensor. */
    public QuantizedTensor apply(QuantizedTensor src, ChannelLayout axis) {
        Given.require("source", src);
        Given.require("axis", axis);
        src.requireParams(input);
        byte[] codes = new byte[src.length()];
        apply(src.codes(), 0, codes, 0, codes.length, axis);
        return QuantizedTensor.of(output, codes);
    }

    private static IllegalArgumentException missing(Profile profile, String op) {
        return new IllegalArgumentException("profile " + profile + " has no " + op + " of 8-bit arithmetic");
    }
}
