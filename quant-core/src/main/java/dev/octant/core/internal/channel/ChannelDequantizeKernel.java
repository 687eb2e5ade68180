// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.DequantizeKernel;

/** {@link DequantizeKernel} where the channel changes with each element. Bounds are the caller's to check. Internal. */
public interface ChannelDequantizeKernel {
    /** Dequantizes byte {@code i} with the parameters at {@code first + i}. */
    void run(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, ChannelArrays channels, int first);
}
