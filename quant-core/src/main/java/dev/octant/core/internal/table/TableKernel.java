// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.table;

/** {@code dst[i] = table[src[i] & 0xFF]}. Bounds are the caller's to check; both blocks may be the same. Internal. */
public interface TableKernel {
    /** Maps {@code length} raw bytes through a table of 256. */
    void run(byte[] table, byte[] src, int srcOffset, byte[] dst, int dstOffset, int length);
}
