package dev.octant.core.kernel;

/** Signed codes. The JIT vectorises this loop as well as it can be done, so there is no other form of it. Internal. */
public final class SignedDequantize implements DequantizeKernel {
    @Override
    public void run(byte[] src, int srcOffset, float[] dst, int dstOffset, int length, float scale, int zeroPoint) {
        float zero = zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = Affine.dequantize(src[srcOffset + i], scale, zero);
        }
    }
}
