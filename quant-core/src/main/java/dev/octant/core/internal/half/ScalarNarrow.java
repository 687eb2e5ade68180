// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.half;

/** One value at a time: the definition. Values beyond the largest become infinity. */
public final class ScalarNarrow implements NarrowKernel {
    private final MiniFloat format;

    public ScalarNarrow(MiniFloat format) {
        this.format = format;
    }

    @Override
    public void run(float[] src, int srcOffset, short[] dst, int dstOffset, int length) {
        int infinity = format.infinity();
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (short) format.encode(src[srcOffset + i], infinity, infinity);
        }
    }
}
