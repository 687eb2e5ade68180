// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/**
 * {@code clamp(round(x in steps) + zeroPoint, qmin, qmax)} over a block. Bounds are the caller's to check. Internal.
 */
public interface QuantizeKernel {
    /**
     * Quantizes {@code length} values with one set of parameters.
     *
     * @param qmin the lowest code, {@code qmax} the highest
     * @param nan the code of NaN
     */
    void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax,
            int nan);
}
