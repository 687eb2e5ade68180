// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/** By {@code x * (1 / scale)}, half to even: the definition of XNNPACK and PyTorch. */
public final class ScalarReciprocalQuantize implements QuantizeKernel {
    @Override
    public void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax,
            int nan) {
        float inverse = 1 / scale;
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) (Affine.clippedSteps(src[srcOffset + i] * inverse, low, high) + zeroPoint);
        }
        Affine.replaceNan(src, srcOffset, dst, dstOffset, length, zeroPoint, nan);
    }
}
