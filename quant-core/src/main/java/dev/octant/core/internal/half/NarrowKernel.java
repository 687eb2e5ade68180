// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/** Floats as the nearest values of 16 bits, over a block. Bounds are the caller's to check. Internal. */
public interface NarrowKernel {
    /** Narrows {@code length} values. */
    void run(float[] src, int srcOffset, short[] dst, int dstOffset, int length);
}
