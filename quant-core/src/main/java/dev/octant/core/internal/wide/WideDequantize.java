// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.wide;

import dev.octant.core.internal.affine.Affine;

/** Codes of 16 bits to floats. Bounds are the caller's to check. Internal. */
public final class WideDequantize {
    private WideDequantize() {}

    /** Dequantizes {@code length} codes with one set of parameters. */
    public static void run(
            short[] src,
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
                dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & 0xFFFF, scale, zero);
            }
        }
    }

    /** Dequantizes code {@code i} with the parameters at {@code first + i}. */
    public static void runEach(
            short[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            float[] scales,
            int[] zeroPoints,
            int first,
            boolean signed) {
        int mask = signed ? -1 : 0xFFFF;
        for (int i = 0; i < length; i++) {
            int c = first + i;
            dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & mask, scales[c], zeroPoints[c]);
        }
    }
}
