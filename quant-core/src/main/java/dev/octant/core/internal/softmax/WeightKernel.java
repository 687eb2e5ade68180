// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.softmax;

/** {@code sum of weights[(largest - src[i]) & 0xFF]}. Bounds are the caller's to check. Internal. */
public interface WeightKernel {
    /** The sum over {@code length} raw bytes, {@code largest} being the raw byte at distance 0. */
    long run(WeightTable table, byte[] src, int offset, int length, byte largest);
}
