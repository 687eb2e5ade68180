// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.wide;

/**
 * {@code clamp(round(x in steps) + zeroPoint, qmin, qmax)} over a block, to codes of 16 bits. Bounds are the caller's
 * to check. Internal.
 */
public interface WideQuantizeKernel {
    /** Quantizes {@code length} values with one set of parameters; NaN becomes the zero point. */
    void run(
            float[] src,
            int srcOffset,
            short[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax);

    /** Quantizes value {@code i} with the parameters at {@code first + i}. */
    default void runEach(
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
