// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/** {@code (code - zeroPoint) * scale} over a block. Bounds are the caller's to check. Internal. */
public interface DequantizeKernel {
    /** Dequantizes {@code length} raw bytes, signed or not, with one set of parameters. */
    void run(
            byte[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            boolean signed);
}
