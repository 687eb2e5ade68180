// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.mask;

/**
 * 1 where {@code qmin <= rint(x / scale) + zeroPoint <= qmax}, else 0, over a block. Bounds are the caller's to
 * check. Internal.
 */
public interface InRangeKernel {
    /** Marks {@code length} values; NaN and infinities are out of range. */
    void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax);
}
