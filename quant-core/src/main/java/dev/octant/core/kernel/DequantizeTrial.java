package dev.octant.core.kernel;

/** All codes, many times over, with an odd tail. */
final class DequantizeTrial implements Trial<DequantizeKernel> {
    private final byte[] src = Trial.bytes(SIZE + 13);
    private final float[] dst = new float[SIZE + 13];

    @Override
    public void run(DequantizeKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length, 0.03f, 5);
    }

    @Override
    public float[] output() {
        return dst.clone();
    }
}
