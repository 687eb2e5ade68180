// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.fake;

import dev.octant.core.internal.affine.Affine;

/** The definition, in loops without a branch, which the JIT vectorises. */
public final class ScalarFake implements FakeKernel {
    @Override
    public void run(float[] src, int srcOffset, float[] dst, int dstOffset, int length, FakeGrid grid) {
        float scale = grid.scale();
        float inverse = grid.inverse();
        float low = grid.low();
        float high = grid.high();
        if (grid.divides()) {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.clippedSteps(src[srcOffset + i] / scale, low, high) * scale;
            }
        } else {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.clippedSteps(src[srcOffset + i] * inverse, low, high) * scale;
            }
        }
    }
}
