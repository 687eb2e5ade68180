// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Sources;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.text.Given;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import org.apache.commons.lang3.Validate;

/**
 * Quantizes and dequantizes whole tensors with one set of parameters (per tensor).
 *
 * <pre>
 * quantize       q = clamp(rint(x / scale) + zeroPoint, qmin, qmax)
 * dequantize     x = (q - zeroPoint) * scale
 * fakeQuantize   dequantize(quantize(x)): the float the grid holds in place of x
 * requantize     target.quantize(dequantize(q)): the code of another grid
 * </pre>
 *
 * <p>Shapes: tensors are flat; a block is given by array, offset and length, or is what remains of a buffer, whose
 * position then advances past it. Codes are raw bytes, see {@link QuantType}.
 *
 * <p>Aliasing: source and destination in one array may be the same block, and otherwise must not overlap, which is
 * checked. Buffers may overlap in any way, as floats and bytes too, and source and destination may be one buffer, whose
 * position then advances once: the destination gets what a copy of the source would have given. Nothing is allocated,
 * except by the methods that return a new tensor, and for that copy: of a source whose elements are not the
 * destination's, where the two overlap or the JVM does not tell (heap buffers that are read-only or views of bytes).
 *
 * <p>These are the formulas of the default profile, {@link Profile#ONNX}; a quantizer of another {@link Profile}
 * rounds as that engine does, both when it quantizes and when it requantizes.
 *
 * <p>NaN becomes the zero point, infinities saturate; see {@link Profile}. Blocks outside their array throw
 * {@link IndexOutOfBoundsException}, a destination buffer that is read-only or has too little room and a tensor of
 * other parameters {@link IllegalArgumentException}, what is missing {@link NullPointerException}; all before anything
 * is written or a position moves. Immutable and thread safe.
 *
 * @param params the grid
 * @param profile the engine whose rule is followed
 */
public record TensorQuantizer(QuantParams params, Profile profile) {
    public TensorQuantizer {
        Validate.notNull(params, "params must be given, was null");
        Validate.notNull(profile, "profile must be given, was null");
    }

    /** A quantizer of known parameters. */
    public static TensorQuantizer of(QuantParams params) {
        return new TensorQuantizer(params, Profile.ONNX);
    }

    /** A quantizer of known parameters that follows an engine's rule. */
    public static TensorQuantizer of(QuantParams params, Profile profile) {
        return new TensorQuantizer(params, profile);
    }

    /**
     * A quantizer whose parameters {@code scheme} chooses for the range of {@code source}: a range, or a summary of
     * observed data.
     *
     * @throws IllegalStateException if a summary has seen nothing finite
     */
    public static TensorQuantizer fit(Ranged source, QuantType type, QuantScheme scheme) {
        Given.require("source", source);
        Given.require("type", type);
        Given.require("scheme", scheme);
        return of(scheme.choose(source.range(), type));
    }

    /** The codes of {@code values}, in a new tensor. */
    public QuantizedTensor quantize(float... values) {
        Given.require("values", values);
        byte[] codes = new byte[values.length];
        profile.quantize(params, values, 0, codes, 0, values.length);
        return QuantizedTensor.of(params, codes);
    }

    /** Quantizes {@code length} values. */
    public void quantize(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        profile.quantize(params, src, srcOffset, dst, dstOffset, length);
    }

    /** Quantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void quantize(FloatBuffer src, ByteBuffer dst) {
        int length = Bounds.remaining(src, dst);
        FloatBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, block.reals, 0, n);
                profile.quantize(params, block.reals, 0, block.codes, 0, n);
                dst.put(to + at, block.codes, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** The real values of {@code tensor}, in a new array; the tensor's own parameters must be this quantizer's. */
    public float[] dequantize(QuantizedTensor tensor) {
        Given.require("tensor", tensor);
        tensor.requireParams(params);
        float[] values = new float[tensor.length()];
        params.dequantize(tensor.codes(), 0, values, 0, values.length);
        return values;
    }

    /** Dequantizes {@code length} codes. */
    public void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        params.dequantize(src, srcOffset, dst, dstOffset, length);
    }

    /** Dequantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void dequantize(ByteBuffer src, FloatBuffer dst) {
        int length = Bounds.remaining(src, dst);
        ByteBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, block.codes, 0, n);
                params.dequantize(block.codes, 0, block.reals, 0, n);
                dst.put(to + at, block.reals, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /** Replaces {@code length} values by what the grid holds in their place. */
    public void fakeQuantize(float[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                profile.quantize(params, src, srcOffset + at, block.codes, 0, n);
                params.dequantize(block.codes, 0, dst, dstOffset + at, n);
            }
        }
    }

    /** Fake-quantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void fakeQuantize(FloatBuffer src, FloatBuffer dst) {
        int length = Bounds.remaining(src, dst);
        FloatBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.BLOCK);
                source.get(from + at, block.reals, 0, n);
                profile.quantize(params, block.reals, 0, block.codes, 0, n);
                params.dequantize(block.codes, 0, block.reals, 0, n);
                dst.put(to + at, block.reals, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }

    /**
     * Marks, for {@code length} values, which of them keep their place on the grid and which are clipped to its ends: 1
     * where the code before clamping lies within the type's codes, else 0. This is the gradient of fake quantization.
     * NaN and infinities give 0.
     */
    public void fakeQuantizeMask(float[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        profile.inRange(params, src, srcOffset, dst, dstOffset, length);
    }

    /** {@code tensor} on the grid of {@code target}, as a new tensor; its own parameters must be this quantizer's. */
    public QuantizedTensor requantize(QuantizedTensor tensor, QuantParams target) {
        Given.require("tensor", tensor);
        Given.require("target", target);
        tensor.requireParams(params);
        byte[] codes = new byte[tensor.length()];
        requantize(tensor.codes(), 0, target, codes, 0, codes.length);
        return QuantizedTensor.of(target, codes);
    }

    /** Moves {@code length} codes of this grid to the grid of {@code target}. */
    public void requantize(byte[] src, int srcOffset, QuantParams target, byte[] dst, int dstOffset, int length) {
        Given.require("target", target);
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        Bounds.checkOverlap(src, srcOffset, dst, dstOffset, length);
        try (Staging block = Staging.take()) {
            profile.requantize(params, target, src, srcOffset, dst, dstOffset, length, block);
        }
    }

    /** Requantizes what remains of {@code src}; buffers may be direct or on the heap. */
    public void requantize(ByteBuffer src, QuantParams target, ByteBuffer dst) {
        int length = Bounds.remaining(src, dst);
        Given.require("target", target);
        ByteBuffer source = Sources.of(src, dst, length);
        int from = source.position();
        int to = dst.position();
        try (Staging block = Staging.take()) {
            byte[] table = profile.requantizationTable(params, target, block);
            for (int at = 0, n; at < length; at += n) {
                n = Math.min(length - at, Staging.CODES);
                source.get(from + at, block.codes, 0, n);
                Kernels.TABLE.current().run(table, block.codes, 0, block.codes, 0, n);
                dst.put(to + at, block.codes, 0, n);
            }
        }
        Bounds.advance(src, dst, length);
    }
}
