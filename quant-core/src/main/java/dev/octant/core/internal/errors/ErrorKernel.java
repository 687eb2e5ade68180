// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.errors;

/**
 * Adds up what it costs that floats stand for others.
 *
 * <pre>
 * e = value - approximation,   in double
 * signal += value^2;   largest = max(largest, |e|)
 * inside += e^2    if inputLow &lt;= input &lt;= inputHigh and low &lt;= value &lt;= high
 * outside += e^2   else;   clipped++
 * </pre>
 *
 * <p>Element i of a block is added in lane {@code i mod} {@value ErrorSums#LANES}, one after the other and without
 * fused operations, so the sums do not depend on how wide a vector is. Bounds of the block are the caller's to check.
 * Internal.
 */
public interface ErrorKernel {
    /** Adds elements {@code offset .. offset + length} of three arrays, which may be one. */
    void run(float[] inputs, float[] values, float[] approximations, int offset, int length, ErrorSums sums);
}
