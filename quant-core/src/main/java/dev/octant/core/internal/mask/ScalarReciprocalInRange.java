// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import dev.octant.core.internal.affine.Affine;

/**
 * By {@code x * (1 / scale)}, half to even: the definition of XNNPACK and PyTorch, in a loop that the JIT vectorises.
 */
public final class ScalarReciprocalInRange implements InRangeKernel {
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
            int qmax) {
        float inverse = 1 / scale;
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) Affine.inRange(src[srcOffset + i] * inverse, low, high);
        }
    }
}
