// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.choice.Trial;

/** All codes, many times over, signed and not, with an odd tail, short rows, and a short block. */
public final class ChannelDequantizeTrial implements Trial<ChannelDequantizeKernel> {
    private final ChannelArrays signedChannels = ChannelQuantizeTrial.channels(-128);
    private final ChannelArrays unsignedChannels = ChannelQuantizeTrial.channels(0);
    private final byte[] src = Trial.bytes(SIZE + 13);
    private final float[] signed = new float[SIZE + 13];
    private final float[] unsigned = new float[SIZE + 13];

    @Override
    public void run(ChannelDequantizeKernel kernel) {
        kernel.run(src, 0, signed, 0, src.length, signedChannels, 0);
        kernel.run(src, 0, unsigned, 0, src.length, unsignedChannels, 0);
        for (int start = 0; start < ROWS_END; start += ROW) {
            kernel.run(src, start, unsigned, start, ROW, unsignedChannels, start);
        }
    }

    @Override
    public void runOdd(ChannelDequantizeKernel kernel) {
        kernel.run(src, 0, unsigned, 0, 64, unsignedChannels, 0);
    }

    @Override
    public float[][] output() {
        return new float[][] {signed.clone(), unsigned.clone()};
    }
}
