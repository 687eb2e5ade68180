// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.affine;

/** By division, half to even: the definition of ONNX. The loop has no branch, so the JIT vectorises it. */
public final class ScalarQuantize implements QuantizeKernel {
    @Override
    public void run(
            float[] src,
            int srcOffset,
            byte[] dst,
            int dstOffset,
            int length,
            float scale,
            int zeroPoint,
            int qmin,
            int qmax,
            int nan) {
        float low = qmin - zeroPoint;
        float high = qmax - zeroPoint;
        for (int i = 0; i < length; i++) {
            dst[dstOffset + i] = (byte) Affine.quantize(src[srcOffset + i], scale, low, high, zeroPoint);
        }
        Affine.replaceNan(src, srcOffset, dst, dstOffset, length, zeroPoint, nan);
    }
}
