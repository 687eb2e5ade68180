// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

/** The smallest and the largest of a block of floats, if all are finite. Bounds are the caller's to check. Internal. */
public interface EndsKernel {
    /** Writes the ends of a block and how many of its values are zero. */
    void run(float[] src, int offset, int length, Ends ends);

    /** Writes the ends of a block; the number of zeros is left to chance. */
    default void runWithoutZeros(float[] src, int offset, int length, Ends ends) {
        run(src, offset, length, ends);
    }
}
