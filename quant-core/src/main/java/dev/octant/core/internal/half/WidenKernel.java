// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/** Values of 16 bits as floats, over a block. Bounds are the caller's to check. Internal. */
public interface WidenKernel {
    /** Widens {@code length} values. */
    void run(short[] src, int srcOffset, float[] dst, int dstOffset, int length);
}
