package dev.octant.core.kernel;

import dev.octant.core.kernel.AffinePairTable.Side;
import dev.octant.core.kernel.AffinePairTable.Steps;

/** Sums or products of a signed and an unsigned operand, some of which saturate. */
final class AffinePairTrial implements Trial<PairKernel<AffinePairTable>> {
    private static final float DIVISOR = 0.37f;

    private final AffinePairTable table;
    private final byte[] a = Trial.bytes(SIZE + 13);
    private final byte[] b = Trial.bytes(SIZE + 14);
    private final byte[] dst = new byte[SIZE + 13];

    private AffinePairTrial(AffinePairTable table) {
        this.table = table;
    }

    static AffinePairTrial sums() {
        Side left = new Side(true, 5, 0.31f);
        Side right = new Side(false, 133, 0.23f);
        byte[] pairs = PairTable.tabulate((p, q) -> code((p - 5f) * 0.31f + (q - 133f) * 0.23f), true, false);
        return new AffinePairTrial(
                AffinePairTable.sums(pairs, left, right, steps()).orElseThrow());
    }

    static AffinePairTrial products() {
        Side left = new Side(true, 5, 0.031f);
        Side right = new Side(false, 133, 0.23f);
        byte[] pairs = PairTable.tabulate((p, q) -> code((p - 5f) * 0.031f * ((q - 133f) * 0.23f)), true, false);
        return new AffinePairTrial(
                AffinePairTable.products(pairs, left, right, steps()).orElseThrow());
    }

    private static Steps steps() {
        return new Steps(1, DIVISOR, 0, -128, 127, -9);
    }

    private static int code(float real) {
        return Affine.quantize(real, DIVISOR, -119, 136, -9);
    }

    @Override
    public void run(PairKernel<AffinePairTable> kernel) {
        kernel.run(table, a, 0, b, 1, dst, 0, dst.length);
    }

    @Override
    public byte[] output() {
        return dst.clone();
    }
}
