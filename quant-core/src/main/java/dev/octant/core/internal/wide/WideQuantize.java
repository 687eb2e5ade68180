// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.wide;

import dev.octant.core.internal.affine.Affine;

/**
 * {@code clamp(round(x in steps) + zeroPoint, qmin, qmax)} over a block, to codes of 16 bits. Bounds are the caller's
 * to check. Internal.
 */
public enum WideQuantize {
    /** By division, half to even: the definition of ONNX. */
    BY_DIVISION,

    /** By {@code x * (1 / scale)}, half to even. */
    BY_RECIPROCAL,

    /** By division, half away from zero: the definition of TensorFlow Lite. */
    HALF_AWAY;

    /** Quantizes {@code length} values with one set of parameters; NaN becomes the zero point. */
    public void run(
            float[] src,
            int srcOffset,
            short[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax) {
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        float inverse = 1 / scale;
        // The same for all values: the JIT makes a loop for each.
        boolean byReciprocal = this == BY_RECIPROCAL;
        boolean halfAway = this == HALF_AWAY;
        for (int i = 0; i < length; i++) {
            float x = src[srcOffset + i];
            float steps = byReciprocal ? x * inverse : x / scale;
            int code = halfAway ? Affine.clippedHalfAway(steps, low, high) : Affine.clippedSteps(steps, low, high);
            dst[dstOffset + i] = (short) (code + zeroPoint);
        }
    }

    /** Quantizes value {@code i} with the parameters at {@code first + i}. */
    public void runEach(
            float[] src,
            int srcOffset,
            short[] dst,
            int dstOffset,
            int length,
            float[] scales,
            int[] zeroPoints,
            int first,
            int qmin,
            int qmax) {
        for (int i = 0; i < length; i++) {
            run(src, srcOffset + i, dst, dstOffset + i, 1, scales[first + i], zeroPoints[first + i], qmin, qmax);
        }
    }
}
