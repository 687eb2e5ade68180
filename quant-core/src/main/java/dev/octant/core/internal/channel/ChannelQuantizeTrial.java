// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

import dev.octant.core.internal.choice.Trial;

/**
 * Values of which some are beyond their channel's grid, with an odd tail, and short rows; and a short block with a
 * NaN.
 */
public final class ChannelQuantizeTrial implements Trial<ChannelQuantizeKernel> {
    private final ChannelArrays channels = channels(0);
    private final float[] src = Trial.floats(SIZE + 13, 4);
    private final float[] few = Trial.floats(64, 4);
    private final byte[] dst = new byte[SIZE + 13];

    public ChannelQuantizeTrial() {
        few[17] = Float.NaN;
    }

    /** As many as elements, each with parameters of its own. */
    static ChannelArrays channels(int qmin) {
        ChannelArrays channels = new ChannelArrays(SIZE + 13, qmin, qmin + 255);
        for (int c = 0; c < channels.length(); c++) {
            channels.set(c, 0.02f + c * 1e-5f, c % 100, c % 100);
        }
        return channels;
    }

    @Override
    public void run(ChannelQuantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, channels, 0);
        for (int start = 0; start < ROWS_END; start += ROW) {
            kernel.run(src, start, dst, start, ROW, channels, start);
        }
    }

    @Override
    public void runOdd(ChannelQuantizeKernel kernel) {
        kernel.run(few, 0, dst, 0, few.length, channels, 0);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
