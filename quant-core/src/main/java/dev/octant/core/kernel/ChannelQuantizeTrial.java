package dev.octant.core.kernel;

/** Values of which some are beyond their channel's grid, with an odd tail. */
final class ChannelQuantizeTrial implements Trial<ChannelQuantizeKernel> {
    private final ChannelArrays channels = channels();
    private final float[] src = Trial.floats(SIZE + 13, 4);
    private final byte[] dst = new byte[SIZE + 13];

    static ChannelArrays channels() {
        ChannelArrays channels = new ChannelArrays(SIZE + 13, 0, 255);
        for (int c = 0; c < channels.length(); c++) {
            channels.set(c, 0.02f + c * 1e-5f, c % 100, c % 100);
        }
        return channels;
    }

    @Override
    public void run(ChannelQuantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, channels, 0);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
