package dev.octant.core.kernel;

/** Unsigned codes: the definition. The JIT does not vectorise the widening without a sign. */
final class ScalarUnsignedDequantize implements DequantizeKernel {
    @Override
    public void run(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, int zeroPoint) {
        float zero = zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i] & 0xFF, scale, zero);
        }
    }
}
