// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

/**
 * By division, half away from zero: the definition of TensorFlow Lite. A tie beyond the grid's end goes farther away
 * from it, so in range is what lies between these ties.
 */
public final class ScalarHalfAwayInRange implements InRangeKernel {
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
        float low = qmin - zeroPoint - 0.5f;
        float high = qmax - zeroPoint + 0.5f;
        for (int i = 0; i < length; i++) {
            float steps = src[srcOffset + i] / scale;
            dst[dstOffset + i] = (byte) (steps > low && steps < high ? 1 : 0);
        }
    }
}
