// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

import dev.octant.core.internal.affine.Affine;

/** The definition, in a loop without a branch, which the JIT vectorises. */
public final class ScalarSums implements SumsKernel {
    @Override
    public void run(int[] src, int srcOffset, byte[] dst, int dstOffset, int length, SumsColumns columns, int first) {
        float[] before = columns.before();
        float[] multiplier = columns.multiplier();
        float[] after = columns.after();
        int zeroPoint = columns.zeroPoint();
        float low = columns.qmin() - zeroPoint;
        float high = columns.qmax() - zeroPoint;
        for (int i = 0; i < length; i++) {
            float steps = ((float) src[srcOffset + i] + before[first + i]) * multiplier[first + i] + after[first + i];
            dst[dstOffset + i] = (byte) (Affine.clippedSteps(steps, low, high) + zeroPoint);
        }
    }
}
