// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.channel;

/**
 * The parameters of every channel, laid out for loops in which the channel changes with each element: all channels in
 * order, and where they are few again and again, so that one call of a kernel has something to do. Internal.
 */
public final class ChannelArrays {
    /** Elements of one kernel call, at least, if the tensor has them. */
    private static final int SPAN = 1024;

    final float[] scale;
    final int[] zeroPoint;

    /** The zero points once more: the JIT vectorises no loop that mixes loads of floats and ints. */
    final float[] zero;

    /** The lowest and the highest code of all channels. */
    final int qmin;

    final int qmax;

    /** The same less the zero point. */
    final float[] low;

    final float[] high;
    private final int[] nan;
    private final int channels;
    private boolean nanIsZeroPoint = true;

    /** Room for the parameters of {@code channels} channels; {@code qmin} and {@code qmax} are codes. */
    public ChannelArrays(int channels, int qmin, int qmax) {
        this.qmin = qmin;
        this.qmax = qmax;
        this.channels = channels;
        int length = channels * Math.max(1, SPAN / channels);
        this.scale = new float[length];
        this.zeroPoint = new int[length];
        this.zero = new float[length];
        this.low = new float[length];
        this.high = new float[length];
        this.nan = new int[length];
    }

    /** Sets one channel; {@code nanCode} is the code of NaN. */
    public void set(int channel, float channelScale, int channelZeroPoint, int nanCode) {
        for (int c = channel; c < scale.length; c += channels) {
            scale[c] = channelScale;
            zeroPoint[c] = channelZeroPoint;
            zero[c] = channelZeroPoint;
            low[c] = qmin - channelZeroPoint;
            high[c] = qmax - channelZeroPoint;
            nan[c] = nanCode;
        }
        nanIsZeroPoint &= nanCode == channelZeroPoint;
    }

    /** After how many elements the arrays begin again: a multiple of the channels. */
    public int length() {
        return scale.length;
    }

    /** Whether raw bytes are read as signed numbers. */
    boolean signed() {
        return qmin < 0;
    }

    /** Puts the code of NaN in its places, which hold the zero point. */
    void replaceNan(float[] src, int srcOffset, byte[] dst, int dstOffset, int length, int first) {
        if (nanIsZeroPoint) {
            return;
        }
        for (int i = 0; i < length; i++) {
            if (Float.isNaN(src[srcOffset + i])) {
                dst[dstOffset + i] = (byte) nan[first + i];
            }
        }
    }
}
