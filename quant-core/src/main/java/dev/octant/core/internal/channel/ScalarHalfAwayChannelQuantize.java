// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.Affine;

/** By division, half away from zero: the definition of TensorFlow Lite, in a loop that the JIT vectorises. */
public final class ScalarHalfAwayChannelQuantize implements ChannelQuantizeKernel {
    @Override
    public void run(
            float[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        float[] scale = channels.scale;
        float[] low = channels.low;
        float[] high = channels.high;
        float[] zero = channels.zero;
        for (int i = 0; i < length; i++) {
            int c = first + i;
            float steps = src[srcOffset + i] / scale[c];
            dst[dstOffset + i] = (byte) (Affine.clippedHalfAway(steps, low[c], high[c]) + (int) zero[c]);
        }
        channels.replaceNan(src, srcOffset, dst, dstOffset, length, first);
    }
}
