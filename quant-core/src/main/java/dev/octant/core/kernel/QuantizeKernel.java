package dev.octant.core.kernel;

/** Loops over {@link Affine#quantize}. Internal: bounds are the caller's to check. */
public final class QuantizeKernel {
    private QuantizeKernel() {}

    /** Quantizes {@code length} values with one set of parameters; {@code qmin} and {@code qmax} are codes. */
    public static void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax) {
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) Affine.quantize(src[srcOffset + i], scale, low, high, zeroPoint);
        }
    }

    /** Quantizes value {@code i} with the parameters of channel {@code firstChannel + i}. */
    public static void perElement(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            ChannelArrays channels,
            int firstChannel) {
        for (int i = 0; i < length; i++) {
            int c = firstChannel + i;
            dst[dstOffset + i] = (byte) Affine.quantize(
                    src[srcOffset + i], channels.scale[c], channels.low[c], channels.high[c], channels.zeroPoint[c]);
        }
    }
}
