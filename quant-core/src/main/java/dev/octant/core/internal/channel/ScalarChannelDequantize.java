// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.Affine;

/** The definition. The JIT does not vectorise it, since it cannot tell one array of floats from another. */
public final class ScalarChannelDequantize implements ChannelDequantizeKernel {
    @Override
    public void run(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        float[] scale = channels.scale;
        float[] zero = channels.zero;
        int mask = channels.signed() ? -1 : 0xFF;
        for (int i = 0; i < length; i++) {
            int c = first + i;
            dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & mask, scale[c], zero[c]);
        }
    }
}
