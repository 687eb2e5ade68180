// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.product;

/**
 * Brings int32 sums to codes, each column with parameters of its own.
 *
 * <pre>
 * code = clamp(rint(((float) sum + before) * multiplier + after) + zeroPoint, qmin, qmax)
 * </pre>
 *
 * <p>Three float operations, each rounded; ties to even. {@code multiplier} and {@code after} are finite; where the
 * float overflows the code is that end. Bounds are the caller's to check. Internal.
 */
public interface SumsKernel {
    /** Writes the codes of {@code length} columns of a row. */
    void run(int[] src, int srcOffset, byte[] dst, int dstOffset, int length, SumsColumns columns, int first);
}
