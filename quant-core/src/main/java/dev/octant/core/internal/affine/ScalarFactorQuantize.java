// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/**
 * {@code clamp(rint(x factor + zeroPoint), qmin, qmax)}: the zero point is added before rounding, and the factor is the
 * caller's. XNNPACK's rule for tokens, and NVIDIA's with a zero point of 0. Bounds are the caller's to check. Internal.
 */
public final class ScalarFactorQuantize {
    private ScalarFactorQuantize() {}

    /**
     * Quantizes {@code length} values; NaN becomes the zero point.
     *
     * @param finite whether there is no NaN for certain
     */
    public static void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float factor,
            int zeroPoint,
            int qmin,
            int qmax,
            boolean finite) {
        float zero = zeroPoint;
        float low = qmin;
        float high = qmax;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) Affine.clippedSteps(src[srcOffset + i] * factor + zero, low, high);
        }
        if (!finite) {
            Affine.replaceNan(src, srcOffset, dst, dstOffset, length, 0, zeroPoint);
        }
    }
}
