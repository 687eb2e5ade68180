// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.block.Bounds;
import dev.octant.core.internal.text.Given;
import dev.octant.ops.internal.engines.FixedPoint;
import org.apache.commons.lang3.Validate;

/**
 * Brings the int32 sums of a matrix product or convolution to an 8-bit grid.
 *
 * <pre>
 * float multiplier   q = clamp(rint((float) sum * m) + zeroPoint)        all profiles but TFLITE; ties to even
 * fixed point        q = clamp(M * sum + zeroPoint)            TFLITE: M a 31-bit fraction and a shift, rounded twice
 * </pre>
 *
 * <p>The multiplier is {@code inputScale * weightScale / outputScale}, a sum's step in steps of the output: as floats
 * from left to right; under {@link Profile#PYTORCH} times the reciprocal of the output scale; under {@link
 * Profile#TFLITE} in double. Codes of 8 bits are requantized by the table of {@link Activation#IDENTITY}, under the
 * same profiles.
 *
 * <p>Shapes: flat blocks. Every sum is accepted, results saturate. Blocks outside their array throw {@link
 * IndexOutOfBoundsException}. Immutable and thread safe; applying it allocates nothing. Source: ONNX Runtime
 * QLinearMatMul, XNNPACK's fp32 requantization, PyTorch {@code requantize_from_int}, TensorFlow Lite {@code
 * MultiplyByQuantizedMultiplier}.
 */
public final class Requantizer {
    private final QuantParams output;

    /** NaN under {@link Profile#TFLITE}. */
    private final float multiplier;

    /** Null but under {@link Profile#TFLITE}. */
    private final FixedPoint fixedPoint;

    private Requantizer(QuantParams output, float multiplier, FixedPoint fixedPoint) {
        this.output = output;
        this.multiplier = multiplier;
        this.fixedPoint = fixedPoint;
    }

    /**
     * For sums of products of an input and a weight.
     *
     * @param inputScale the step of the input, a positive normal float
     * @param weightScale the step of the weights, or of one channel of them, a positive normal float
     * @throws IllegalArgumentException if a scale is not positive and normal, or their quotient overflows
     */
    public static Requantizer of(float inputScale, float weightScale, QuantParams output, Profile profile) {
        Given.require("output", output);
        Given.require("profile", profile);
        requireScale("input scale", inputScale);
        requireScale("weight scale", weightScale);
        float product = inputScale * weightScale;
        return switch (profile) {
            case TFLITE ->
                new Requantizer(output, Float.NaN, FixedPoint.of((double) inputScale * weightScale / output.scale()));
            case PYTORCH -> scaled(output, product * (1 / output.scale()));
            case ONNX, ONNX_RUNTIME, XNNPACK -> scaled(output, product / output.scale());
        };
    }

    private static Requantizer scaled(QuantParams output, float multiplier) {
        Validate.isTrue(Float.isFinite(multiplier), "multiplier of the scales must be finite, was %s", multiplier);
        return new Requantizer(output, multiplier, null);
    }

    /** The grid of the results. */
    public QuantParams output() {
        return output;
    }

    /** The code of one sum. */
    public int apply(int sum) {
        int zeroPoint = output.zeroPoint();
        int low = output.type().low();
        int high = output.type().high();
        if (fixedPoint != null) {
            return (int) Math.min(Math.max((long) fixedPoint.multiply(sum) + zeroPoint, low), high);
        }
        // Clipped as a float: a sum times a large multiplier leaves the int range.
        float clipped = Math.min(Math.max((float) sum * multiplier, low - zeroPoint), high - zeroPoint);
        return (int) Math.rint(clipped) + zeroPoint;
    }

    /** The codes of {@code length} sums. */
    public void apply(int[] src, int srcOffset, byte[] dst, int dstOffset, int length) {
        Bounds.check(src, srcOffset, dst, dstOffset, length);
        if (fixedPoint != null) {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = (byte) apply(src[srcOffset + i]);
            }
        } else {
            QuantType type = output.type();
            Kernels.REQUANTIZE
                    .current()
                    .run(
                            src,
                            srcOffset,
                            dst,
                            dstOffset,
                            length,
                            multiplier,
                            output.zeroPoint(),
                            type.low(),
                            type.high());
        }
    }

    private static void requireScale(String what, float scale) {
        Validate.isTrue(
                scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE,
                "%s must be a positive normal float, was %s",
                what,
                scale);
    }
}
