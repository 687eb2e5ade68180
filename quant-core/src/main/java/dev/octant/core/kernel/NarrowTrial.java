package dev.octant.core.kernel;

/** Finite values, with an odd tail. */
final class NarrowTrial implements Trial<NarrowKernel> {
    private final float[] src = Trial.floats(SIZE + 13, 100);
    private final short[] dst = new short[SIZE + 13];

    @Override
    public void run(NarrowKernel kernel) {
        kernel.run(src, 0, dst, 0, src.length);
    }

    @Override
    public short[] output() {
        return dst.clone();
    }
}
