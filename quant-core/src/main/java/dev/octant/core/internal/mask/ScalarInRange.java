// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

import dev.octant.core.internal.affine.Affine;

/** By division, half to even: the definition. The loop has no branch, so the JIT vectorises it. */
public final class ScalarInRange implements InRangeKernel {
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
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) Affine.inRange(src[srcOffset + i] / scale, low, high);
        }
    }
}
