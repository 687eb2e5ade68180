// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

/**
 * {@link FakeGrid#inRange} and {@link FakeGrid#local} over a block; that of {@code d} may be one with {@code x}. Bounds
 * are the caller's to check. Internal.
 */
public interface LocalKernel {
    /** Writes {@code length} marks and derivatives. */
    void run(float[] x, int xOffset, byte[] mask, int maskOffset, float[] d, int dOffset, int length, FakeGrid grid);
}
