package dev.octant.core.kernel;

/** All codes, many times over, with an odd tail. */
final class ChannelDequantizeTrial implements Trial<ChannelDequantizeKernel> {
    private final ChannelArrays channels = ChannelQuantizeTrial.channels();
    private final byte[] src = Trial.bytes(SIZE + 13);
    private final float[] dst = new float[SIZE + 13];

    @Override
    public void run(ChannelDequantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, channels, 0);
    }

    @Override
    public float[] output() {
        return dst.clone();
    }
}
