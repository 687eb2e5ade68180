// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/** The definition, in a loop that the JIT vectorises. */
public final class ScalarRequantize implements RequantizeKernel {
    @Override
    public void run(
            int[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float multiplier,
            int zeroPoint,
            int qmin,
            int qmax) {
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            float steps = (float) src[srcOffset + i] * multiplier;
            dst[dstOffset + i] = (byte) (Affine.clippedSteps(steps, low, high) + zeroPoint);
        }
    }
}
