package dev.octant.core.kernel;

/** A gate by a cube, which has negative, positive and saturating slopes, on all pairs of two odd blocks. */
final class SlopeTrial implements Trial<PairKernel<SlopeTable>> {
    private final SlopeTable table;
    private final byte[] a = Trial.bytes(SIZE + 13);
    private final byte[] b = Trial.bytes(SIZE + 14);
    private final byte[] dst = new byte[SIZE + 13];

    SlopeTrial() {
        double[] slopes = new double[256];
        for (int raw = 0; raw < 256; raw++) {
            slopes[raw] = Math.scalb(1.0 * raw * raw * raw, -18) - 3.37;
        }
        byte[] pairs = PairTable.tabulate(
                (left, right) -> (int) Math.min(Math.max(Math.rint((float) slopes[left] * (right - 7)) - 3, -128), 127),
                false,
                true);
        table = SlopeTable.fit(pairs, slopes, true, 7, -128, 127, -3).orElseThrow();
    }

    @Override
    public void run(PairKernel<SlopeTable> kernel) {
        kernel.run(table, a, 0, b, 1, dst, 0, dst.length);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
