// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * The gradient of fake quantization to its input: {@code dx = dy} where {@link FakeGrid#inRange} is 1, else 0. The
 * destination's block may be one of the sources'. Bounds are the caller's to check. Internal.
 */
public interface PassKernel {
    /** Writes {@code length} gradients. */
    void run(float[] x, int xOffset, float[] dy, int dyOffset, float[] dx, int dxOffset, int length, FakeGrid grid);
}
