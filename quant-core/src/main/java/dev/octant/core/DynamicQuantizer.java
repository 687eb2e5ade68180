// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.affine.ScalarFactorQuantize;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.block.Staging;
import dev.octant.core.internal.ends.Ends;
import dev.octant.core.internal.packed.Packing;
import dev.octant.core.internal.text.Given;
import org.apache.commons.lang3.Validate;

/**
 * Quantizes data with parameters chosen from the same data: for each tensor, each row (token), or each group.
 *
 * <pre>
 * for every row: scale, zero point = policy(least and greatest value of the row)
 *                codes             = as {@link DynamicPolicy} says for each policy
 * real value     (code - zeroPoint) * scale
 * </pre>
 *
 * <p>Shapes: {@code rows} rows of {@code length} neighbouring values each. One row is a tensor with one scale, a row
 * per token is dynamic quantization of activations, and rows of 32, say, are groups: blocks along the last axis, which
 * {@link IntegerQuantizer} of a {@link BlockLayout} dequantizes. Codes are raw bytes; of types narrower than a byte
 * each row takes {@link IntegerType#storedLength} bytes, so that rows of whole bytes lie as in one packed tensor.
 * Units: a scale is the real distance of two neighbouring codes.
 *
 * <p>NaN and infinities are left out of a row's range and counted: a method returns how many it has met. NaN becomes
 * the zero point, an infinity the code of its end. A row without a finite value, or of zeros alone, has the parameters
 * that the policy gives zeros.
 *
 * <p>Aliasing: arrays of floats and of codes cannot be one. {@code scales} must not be {@code src}, which is checked.
 * Blocks outside their array throw {@link IndexOutOfBoundsException}, too few scales or zero points {@link
 * IllegalArgumentException}, what is missing {@link NullPointerException}; all before anything is written. Nothing is
 * allocated but by the method that returns a tensor. Immutable and thread safe.
 *
 * @param policy how parameters are chosen
 * @param type the codes, of 8 bits at most; signed for symmetric policies
 */
public record DynamicQuantizer(DynamicPolicy policy, IntegerType type) {
    /** Rows below this length are searched by a plain loop. */
    private static final int SHORT = 128;

    public DynamicQuantizer {
        Validate.notNull(policy, "policy must be given, was null");
        Validate.notNull(type, "type must be given, was null");
        Validate.isTrue(!type.isWide(), "type must have 8 bits at most, was %s", type);
        Validate.isTrue(
                type.isSigned() || !policy.isSymmetric(), "type must be signed under policy %s, was %s", policy, type);
    }

    /** A quantizer by a policy. */
    public static DynamicQuantizer of(DynamicPolicy policy, IntegerType type) {
        return new DynamicQuantizer(policy, type);
    }

    /**
     * A whole tensor with one scale and zero point, as a new tensor that carries them.
     *
     * @throws IllegalArgumentException if the type has not 8 bits
     */
    public QuantizedTensor quantize(float... values) {
        Given.require("values", values);
        Validate.isTrue(type.bits() == Byte.SIZE, "type must have 8 bits for a tensor of bytes, was %s", type);
        byte[] codes = new byte[values.length];
        float[] scale = new float[1];
        int[] zeroPoint = new int[1];
        quantize(values, 0, codes, 0, 1, values.length, scale, zeroPoint);
        QuantType codeType = type.isSigned() ? QuantType.INT8 : QuantType.UINT8;
        return QuantizedTensor.of(QuantParams.of(codeType, scale[0], zeroPoint[0]), codes);
    }

    /**
     * Quantizes {@code rows} rows of {@code length} values.
     *
     * @param scales gets the step of each row, from its first element on
     * @param zeroPoints gets the code of real 0 of each row, from its first element on
     * @return how many values were NaN or infinite
     */
    public long quantize(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int rows,
            int length,
            float[] scales,
            int[] zeroPoints) {
        check(src, srcOffset, dst, dstOffset, rows, length, scales, zeroPoints);
        int stored = type.storedLength(length);
        long odd = 0;
        try (Staging staging = Staging.take()) {
            for (int r = 0; r < rows; r++) {
                int at = srcOffset + r * length;
                odd += range(src, at, length, staging.ends);
                choose(staging.ends.low(), staging.ends.high(), scales, zeroPoints, r);
                encode(src, at, dst, dstOffset + r * stored, length, scales[r], zeroPoints[r], staging);
            }
        }
        return odd;
    }

    private void check(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int rows,
            int length,
            float[] scales,
            int[] zeroPoints) {
        Given.require("scales", scales);
        Given.require("zero points", zeroPoints);
        if (rows < 0 || length < 0 || (long) rows * length > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "rows x length must be 0 or more and fit an int, was " + rows + " x " + length);
        }
        Bounds.check("source", src, srcOffset, rows * length);
        Bounds.check("destination", dst, dstOffset, rows * type.storedLength(length));
        if (scales.length < rows || zeroPoints.length < rows) {
            throw new IllegalArgumentException("scales and zero points must have room for " + rows + " rows, had "
                    + scales.length + " and " + zeroPoints.length);
        }
        if (scales == src) {
            throw new IllegalArgumentException("scales must not be the array of the values");
        }
    }

    /** The ends of the finite values; returns how many others there are. */
    private static int range(float[] src, int offset, int length, Ends ends) {
        if (length < SHORT) {
            ends.findShort(src, offset, length);
        } else {
            Kernels.ENDS.current().runWithoutZeros(src, offset, length, ends);
        }
        return ends.finite() && ends.low() <= ends.high() ? 0 : ends.findFinite(src, offset, length);
    }

    private void choose(float least, float greatest, float[] scales, int[] zeroPoints, int r) {
        float lo = Math.min(least, 0);
        float hi = Math.max(greatest, 0);
        float scale = policy.scale(lo, hi, type);
        if (scale < Float.MIN_NORMAL) {
            scale = 1;
        }
        int zeroPoint = zeroPoint(lo, hi, scale);
        int farthest = Math.max(zeroPoint - type.low(), type.high() - zeroPoint);
        if (Float.isInfinite(scale * farthest)) {
            scale = QuantScheme.finite(scale, farthest);
            zeroPoint = zeroPoint(lo, hi, scale);
        }
        scales[r] = scale;
        zeroPoints[r] = zeroPoint;
    }

    private int zeroPoint(float lo, float hi, float scale) {
        return (int) Math.min(Math.max(policy.zeroPoint(lo, hi, scale, type), type.low()), type.high());
    }

    private void encode(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            Staging staging) {
        if (type.bits() == Byte.SIZE) {
            encodePart(src, srcOffset, dst, dstOffset, length, scale, zeroPoint, staging.ends);
            return;
        }
        byte[] codes = staging.codes;
        for (int at = 0, n; at < length; at += n) {
            n = Math.min(length - at, Staging.BLOCK);
            encodePart(src, srcOffset + at, codes, 0, n, scale, zeroPoint, staging.ends);
            Packing.pack(codes, 0, dst, dstOffset + type.storedLength(at), n, type.bits());
        }
    }

    private void encodePart(
            float[] src, int srcOffset, byte[] dst, int dstOffset, int n, float scale, int zeroPoint, Ends ends) {
        int low = policy.low(type);
        int high = type.high();
        switch (policy) {
            case NVIDIA, PYTORCH_TOKEN -> {
                float factor = policy.factor(ends.low(), ends.high(), scale, type);
                ScalarFactorQuantize.run(
                        src, srcOffset, dst, dstOffset, n, factor, zeroPoint, low, high, ends.finite());
            }
            case ONNX ->
                Profile.ONNX
                        .quantizeKernel()
                        .run(src, srcOffset, dst, dstOffset, n, scale, zeroPoint, low, high, zeroPoint);
            default ->
                Profile.PYTORCH
                        .quantizeKernel()
                        .run(src, srcOffset, dst, dstOffset, n, scale, zeroPoint, low, high, zeroPoint);
        }
    }
}
