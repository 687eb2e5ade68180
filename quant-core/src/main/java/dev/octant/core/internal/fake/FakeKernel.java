// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/** {@link FakeGrid#fake} over a block; the two blocks may be one. Bounds are the caller's to check. Internal. */
public interface FakeKernel {
    /** Replaces {@code length} values. */
    void run(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid);
}
