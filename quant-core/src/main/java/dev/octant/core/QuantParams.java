// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.affine.Affine;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import org.apache.commons.lang3.Validate;

/**
 * Scale and zero point of one 8-bit grid: the affine map between real values and codes.
 *
 * <pre>
 * q = clamp(rint(x / scale) + zeroPoint, qmin, qmax)      float division, ties to even, zero point added after rounding
 * x = (q - zeroPoint) * scale                             one float multiplication
 * </pre>
 *
 * <p>This is ONNX {@code QuantizeLinear} and {@code DequantizeLinear}. Units: {@code scale} is the real distance of two
 * neighbouring codes, one <em>step</em>; {@code zeroPoint} is the code of real 0, which is exact.
 *
 * <p>NaN quantizes to the zero point, infinities and values beyond the grid saturate; nothing wraps. Immutable and
 * thread safe. Source: ONNX operator specification, {@code QuantizeLinear} (opset 10 and later).
 *
 * @param type the grid of codes
 * @param scale the step, a positive normal float
 * @param zeroPoint the code of real 0, within the type's codes
 */
public record QuantParams(QuantType type, float scale, int zeroPoint) {
    public QuantParams {
        Validate.notNull(type, "type must be given, was null");
        Validate.isTrue(
                scale >= Float.MIN_NORMAL && scale <= Float.MAX_VALUE,
                "scale must be a positive normal float (%s to %s), was %s",
                Float.MIN_NORMAL,
                Float.MAX_VALUE,
                scale);
        Validate.isTrue(
                zeroPoint >= type.low() && zeroPoint <= type.high(),
                "zero point must be within %s..%s of %s, was %s",
                type.low(),
                type.high(),
                type,
                zeroPoint);
    }

    /**
     * Parameters from their parts.
     *
     * @throws IllegalArgumentException if the scale is zero, negative, subnormal, infinite or NaN, or the zero point is
     *     not a code of the type
     */
    public static QuantParams of(QuantType type, float scale, int zeroPoint) {
        return new QuantParams(type, scale, zeroPoint);
    }

    /**
     * A scale as people write it: a decimal, a Java hex float ({@code 0x1.0p-8}), or {@code bits:} and the eight hex
     * digits of its IEEE 754 form. Whether it can be a scale is judged by {@link #of}.
     *
     * @throws IllegalArgumentException if it is no float
     */
    public static float parseScale(String text) {
        return Numbers.single("scale", text);
    }

    /** The code of {@code x}: {@code clamp(rint(x / scale) + zeroPoint)}; NaN gives the zero point. */
    public int quantize(float x) {
        return Affine.quantize(x, scale, type.low() - zeroPoint, type.high() - zeroPoint, zeroPoint);
    }

    /**
     * The real value of a code: {@code (code - zeroPoint) * scale}; infinite only where that overflows a float. The
     * code is not checked: one outside the type has the value that continues the grid.
     */
    public float dequantize(int code) {
        return Affine.dequantize(code, scale, zeroPoint);
    }

    /** The real values the codes span, from the value of {@code qmin} to that of {@code qmax}. */
    public RealRange range() {
        return RealRange.of(dequantize(type.low()), dequantize(type.high()));
    }

    /**
     * The codes whose real values lie inside {@code range}, ends included.
     *
     * @throws IllegalArgumentException if there is none
     */
    public CodeRange codesWithin(RealRange range) {
        Given.require("range", range);
        int low = type.low();
        int high = type.high();
        while (low <= high && dequantize(low) < range.min()) {
            low++;
        }
        while (high >= low && dequantize(high) > range.max()) {
            high--;
        }
        Validate.isTrue(low <= high, "range must hold the value of at least one code of %s, was %s", this, range);
        return new CodeRange(low, high);
    }

    /** Dequantizes a block whose bounds have been checked. */
    void dequantize(byte[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        Kernels.DEQUANTIZE.current().run(src, srcOffset, dst, dstOffset, length, scale, zeroPoint, type.isSigned());
    }

    @Override
    public String toString() {
        return type + "(scale=" + scale + ", zeroPoint=" + zeroPoint + ")";
    }
}
