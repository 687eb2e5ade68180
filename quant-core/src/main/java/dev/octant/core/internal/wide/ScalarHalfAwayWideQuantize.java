// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.wide;

import dev.octant.core.internal.affine.Affine;

/** By division, half away from zero: the definition of TensorFlow Lite. */
public final class ScalarHalfAwayWideQuantize implements WideQuantizeKernel {
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
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (short) (Affine.clippedHalfAway(src[srcOffset + i] / scale, low, high) + zeroPoint);
        }
    }
}
