// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

/**
 * Counts finite floats in the places of a {@link BinTally} and adds them up, exactly.
 *
 * <pre>
 * t = x / part,   |t| &lt; 2^17,   m = trunc(|t|)
 * m &gt;= 64   place = min(m, 448 + floor(m / 8), 896 + floor(m / 64)), of the sign of x, is counted
 *           sum += t;  sum of squares += t^2
 * x = 0     zeros++
 * else      small[smalls++] = x
 * </pre>
 *
 * <p>So places are one part wide below 512 parts, 8 parts below 4,096 and 64 parts from there on: at most 1/64 of the
 * values in them, and at most 1/1024 of what the block may reach.
 *
 * <p>The caller sees to it that the block lies within its array, that its values are finite and below 2^17 parts, and
 * that there is room for small ones. Internal.
 */
public interface BinKernel {
    /**
     * Counts a block.
     *
     * @param length at most {@link BinTally#LONGEST}
     * @param inversePart 1 / part, a power of two
     */
    void run(float[] src, int offset, int length, float inversePart, BinTally tally);
}
