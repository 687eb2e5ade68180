package dev.octant.core.kernel;

import dev.octant.core.kernel.AffinePairTable.Side;
import dev.octant.core.kernel.AffinePairTable.Steps;

/** Sums or products of a signed and an unsigned operand, some of which saturate. */
final class AffinePairTrial implements Trial<PairKernel<AffinePairTable>> {
    private static final float DIVISOR = 0.37f;
    private static final int BLOCK = 256;
    private static final int TAIL = 15;

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
