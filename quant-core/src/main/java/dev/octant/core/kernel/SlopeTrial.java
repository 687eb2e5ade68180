package dev.octant.core.kernel;

import dev.octant.core.kernel.AffinePairTable.Side;
import dev.octant.core.kernel.AffinePairTable.Steps;

/** A gate by a cube, which has negative, positive and saturating slopes, on all pairs of two odd blocks. */
final class SlopeTrial implements Trial<PairKernel<SlopeTable>> {
    private static final int BLOCK = 256;
    private static final int TAIL = 63;

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
        // Many short calls, and some that are all tail, so that the compiler notices soon: until then every vector is
        // an object.
        for (int start = 0; start < dst.length; start += BLOCK) {
            int n = Math.min(BLOCK, dst.length - start);
            kernel.run(table, a, start, b, start + 1, dst, start, n);
        }
        kernel.run(table, a, 0, b, 1, dst, 0, TAIL);
        kernel.run(table, a, 0, b, 1, dst, 0, TAIL);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
