// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/** One value at a time: the definition. */
public final class ScalarWiden implements WidenKernel {
    private final MiniFloat format;

    public ScalarWiden(MiniFloat format) {
        this.format = format;
    }

    @Override
    public void run(short[] src, int srcOffset, float[] dst, int dstOffset, int length) {
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = format.decode(src[srcOffset + i]);
        }
    }
}
