package dev.octant.core.kernel;

/** Unsigned codes: the definition. The JIT does not vectorise the widening without a sign. */
final class ScalarUnsignedChannelDequantize implements ChannelDequantizeKernel {
    @Override
    public void run(
            byte[] src, int srcOffset, float[] dst, int dstOffset, int length, ChannelArrays channels, int first) {
        float[] scale = channels.scale;
        float[] zero = channels.zero;
        for (int i = 0; i < length; i++) {
            int code = src[srcOffset + i] & 0xFF;
            dst[dstOffset + i] = Affine.dequantize(code, scale[first + i], zero[first + i]);
        }
    }
}
