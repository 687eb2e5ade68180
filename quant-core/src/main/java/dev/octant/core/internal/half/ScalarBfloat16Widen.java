// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/** The definition, which is a shift. */
public final class ScalarBfloat16Widen implements WidenKernel {
    @Override
    public void run(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = Float.intBitsToFloat(src[srcOffset + i] << 16);
        }
    }
}
