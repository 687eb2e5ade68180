// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

/**
 * {@code dst[i] = table(a[i], b[i])} on raw bytes. Bounds are the caller's to check; the destination may be the same
 * block as either source. Internal.
 *
 * @param <T> what the vector kernels know of the function
 */
public interface PairKernel<T extends PairTable> {
    /** Maps {@code length} pairs of raw bytes. */
    void run(T table, byte[] a, int aOffset, byte[] b, int bOffset, byte[] dst, int dstOffset, int length);
}
