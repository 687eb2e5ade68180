// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

/**
 * Counts finite floats in the bins of a {@link BinTally} and adds them up, exactly.
 *
 * <pre>
 * t = x / width,   |t| &lt; {@value BinTally#BINS},   k = trunc(t)
 * k != 0           counts[BINS + k]++;  sum += t;  sum of squares += t^2
 * x = 0            zeros++
 * else             small[smalls++] = x
 * </pre>
 *
 * <p>The caller sees to it that the block lies within its array, that its values are finite and below
 * {@value BinTally#BINS} widths, and that there is room for small ones. Internal.
 */
public interface BinKernel {
    /**
     * Counts a block.
     *
     * @param length at most {@link BinTally#LONGEST}
     * @param inverseWidth 1 / width, a power of two
     */
    void run(float[] src, int offset, int length, float inverseWidth, BinTally tally);
}
