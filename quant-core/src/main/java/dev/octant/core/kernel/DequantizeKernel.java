package dev.octant.core.kernel;

/** Loops over {@link Affine#dequantize}. Internal: bounds are the caller's to check. */
public final class DequantizeKernel {
    private DequantizeKernel() {}

    /** Dequantizes {@code length} raw bytes with one set of parameters. */
    public static void run(
            byte[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            float scale,
            float zeroPoint,
            boolean signed) {
        if (signed) {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i], scale, zeroPoint);
            }
        } else {
            for (int i = 0; i < length; i++) {
                dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & 0xFF, scale, zeroPoint);
            }
        }
    }

    /** Dequantizes byte {@code i} with the parameters of channel {@code firstChannel + i}. */
    public static void perElement(
            byte[] src,
            int srcOffset,
            float[] dst,
            int dstOffset,
            int length,
            ChannelArrays channels,
            int firstChannel) {
        int mask = channels.signed ? -1 : 0xFF;
        for (int i = 0; i < length; i++) {
            int c = firstChannel + i;
            dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & mask, channels.scale[c], channels.zeroPoint[c]);
        }
    }
}
