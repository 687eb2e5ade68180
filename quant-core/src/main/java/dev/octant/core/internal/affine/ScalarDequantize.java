// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/** The definition. The JIT vectorises the loop over signed codes; it does not widen without a sign. */
public final class ScalarDequantize implements DequantizeKernel {
    @Override
    public void run(
            byte[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            boolean signed) {
        float zero = zeroPoint;
        if (signed) {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i], scale, zero);
            }
        } else {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & 0xFF, scale, zero);
            }
        }
    }
}
