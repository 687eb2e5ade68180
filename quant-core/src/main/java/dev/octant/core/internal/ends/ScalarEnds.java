// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.ends;

/** One float at a time: the definition. */
public final class ScalarEnds implements EndsKernel {
    @Override
    public void run(float[] src, int offset, int length, Ends ends) {
        runWithoutZeros(src, offset, length, ends);
        boolean none = ends.low() > 0 || ends.high() < 0;
        ends.countZeros(none ? 0 : zeros(src, offset, length));
    }

    @Override
    public void runWithoutZeros(float[] src, int offset, int length, Ends ends) {
        float low = Float.POSITIVE_INFINITY;
        float high = Float.NEGATIVE_INFINITY;
        for (int i = offset; i < offset + length; i++) {
            low = Math.min(low, src[i]);
            high = Math.max(high, src[i]);
        }
        ends.become(low, high);
    }

    /** Without a branch, for after a ReLU it could not be predicted. */
    private static int zeros(float[] src, int offset, int length) {
        int zeros = 0;
        for (int i = offset; i < offset + length; i++) {
            zeros += ((Float.floatToRawIntBits(src[i]) & 0x7FFF_FFFF) - 1) >>> 31;
        }
        return zeros;
    }
}
