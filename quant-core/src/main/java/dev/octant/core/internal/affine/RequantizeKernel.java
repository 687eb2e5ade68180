// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/**
 * {@code clamp(rint((float) sum * multiplier) + zeroPoint, qmin, qmax)} over a block. Bounds are the caller's to
 * check. Internal.
 */
public interface RequantizeKernel {
    /** Requantizes {@code length} sums; the multiplier is finite. */
    void run(
            int[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float multiplier,
            int zeroPoint,
            int qmin,
            int qmax);
}
