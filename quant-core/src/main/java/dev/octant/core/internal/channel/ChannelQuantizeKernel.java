// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.affine.QuantizeKernel;

/** {@link QuantizeKernel} where the channel changes with each element. Bounds are the caller's to check. Internal. */
public interface ChannelQuantizeKernel {
    /** Quantizes value {@code i} with the parameters at {@code first + i}. */
    void run(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, ChannelArrays channels, int first);
}
