package dev.octant.core.kernel;

/** The parameters of every channel, laid out for loops in which the channel changes with each element. Internal. */
public final class ChannelArrays {
    final float[] scale;
    final int[] zeroPoint;
    final float[] low;
    final float[] high;
    final boolean signed;

    /** Room for the parameters of {@code channels} channels, all of one signedness. */
    public ChannelArrays(int channels, boolean signed) {
        this.scale = new float[channels];
        this.zeroPoint = new int[channels];
        this.low = new float[channels];
        this.high = new float[channels];
        this.signed = signed;
    }

    /** Sets one channel; {@code qmin} and {@code qmax} are codes. */
    public void set(int channel, float channelScale, int channelZeroPoint, int qmin, int qmax) {
        scale[channel] = channelScale;
        zeroPoint[channel] = channelZeroPoint;
        low[channel] = qmin - channelZeroPoint;
        high[channel] = qmax - channelZeroPoint;
    }
}
