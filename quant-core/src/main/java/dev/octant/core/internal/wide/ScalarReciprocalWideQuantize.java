// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.wide;

import dev.octant.core.internal.affine.Affine;

/** By {@code x * (1 / scale)}, half to even. */
public final class ScalarReciprocalWideQuantize implements WideQuantizeKernel {
    @Override
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
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (short) (Affine.clippedSteps(src[srcOffset + i] * inverse, low, high) + zeroPoint);
        }
    }
}
