package dev.octant.core.kernel;

import dev.octant.core.kernel.AffinePairTable.Side;
import dev.octant.core.kernel.AffinePairTable.Steps;

/** A gate by a cube, which has negative, positive and saturating slopes, on all pairs of two odd blocks. */
final class SlopeTrial implements Trial<PairKernel<SlopeTable>> {
    private final SlopeTable table;
    private final byte[] a = Trial.bytes(SIZE + 13);
    private final byte[] b = Trial.bytes(SIZE + 14);
    private final byte[] dst = new byte[SIZE + 13];

    private SlopeTrial(SlopeTable table) {
        this.table = table;
    }

    static SlopeTrial lines() {
        double[] slopes = slopes();
        byte[] pairs = PairTable.tabulate((left, right) -> code((float) slopes[left] * (right - 7)), false, true);
        return new SlopeTrial(
                SlopeTable.lines(pairs, slopes, new Side(true, 7, 1), steps(1)).orElseThrow());
    }

    static SlopeTrial quotients() {
        double[] slopes = slopes();
        byte[] pairs = PairTable.tabulate(
                (left, right) -> code((float) slopes[left] * ((right - 133) * 0.3f) / 0.7f), false, false);
        return new SlopeTrial(SlopeTable.quotients(pairs, slopes, new Side(false, 133, 0.3f), steps(0.7f))
                .orElseThrow());
    }

    private static double[] slopes() {
        double[] slopes = new double[256];
        for (int raw = 0; raw < 256; raw++) {
            slopes[raw] = Math.scalb(1.0 * raw * raw * raw, -18) - 3.37;
        }
        return slopes;
    }

    private static Steps steps(float divisor) {
        return new Steps(1, divisor, 0, -128, 127, -3);
    }

    private static int code(float steps) {
        return (int) Math.min(Math.max(Math.rint(steps) - 3, -128), 127);
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
