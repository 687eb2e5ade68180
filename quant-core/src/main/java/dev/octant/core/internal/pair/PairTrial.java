// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.choice.Trial;
import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.util.List;

/**
 * A function of two operands on all pairs of two odd blocks, some of which saturate: once for every way that a kernel
 * has through its arithmetic.
 */
public final class PairTrial<T extends PairTable> implements Trial<PairKernel<T>> {
    private static final int BLOCK = 256;
    private static final int LONGEST_TAIL = 63;
    private static final int SHORT_TAIL = 7;

    private final List<T> tables;
    private final byte[] a = Trial.bytes(SIZE + 13);
    private final byte[] b = Trial.bytes(SIZE + 14);
    private final byte[][] dst;

    private PairTrial(List<T> tables) {
        this.tables = tables;
        this.dst = new byte[tables.size()][SIZE + 13];
    }

    public static PairTrial<AffinePairTable> sums() {
        Side left = new Side(true, 5, 0.31f);
        Side right = new Side(false, 133, 0.23f);
        byte[] divided = signedByUnsigned((p, q) -> ((p - 5f) * 0.31f + (q - 133f) * 0.23f) / 0.37f);
        byte[] multiplied = signedByUnsigned((p, q) -> ((p - 5f) * 0.31f + (q - 133f) * 0.23f) * 2.9f);
        return new PairTrial<>(List.of(
                AffinePairTable.sums(divided, left, right, steps(1, 0.37f)).orElseThrow(),
                AffinePairTable.sums(multiplied, left, right, steps(2.9f, 1)).orElseThrow()));
    }

    public static PairTrial<AffinePairTable> products() {
        Side left = new Side(true, 5, 0.031f);
        Side right = new Side(false, 133, 0.23f);
        byte[] divided = signedByUnsigned((p, q) -> (p - 5f) * 0.031f * ((q - 133f) * 0.23f) / 0.37f);
        byte[] multiplied = signedByUnsigned((p, q) -> (p - 5f) * 0.031f * ((q - 133f) * 0.23f) * 2.9f);
        return new PairTrial<>(List.of(
                AffinePairTable.products(divided, left, right, steps(1, 0.37f)).orElseThrow(),
                AffinePairTable.products(multiplied, left, right, steps(2.9f, 1))
                        .orElseThrow()));
    }

    public static PairTrial<FusedSumTable> fusedSums() {
        byte[] pairs = signedByUnsigned((p, q) -> Math.fma(p, 0.83f, Math.fma(q, 0.62f, -70.3f)));
        return new PairTrial<>(List.of(FusedSumTable.of(pairs, true, 0.83f, false, 0.62f, -70.3f, steps(1, 1))
                .orElseThrow()));
    }

    public static PairTrial<WholeSumTable> wholeSums() {
        byte[] pairs = signedByUnsigned(
                (p, q) -> (float) Math.floor((1.7e6 * (p - 5) + 1.3e6 * (q - 133) + (1 << 20)) * 0x1p-21));
        return new PairTrial<>(List.of(
                WholeSumTable.of(pairs, new Side(true, 5, 1.7e6f), new Side(false, 133, 1.3e6f), 21, steps(1, 1))
                        .orElseThrow()));
    }

    public static PairTrial<FinePairTable> finePairs() {
        byte[] pairs = signedByUnsigned((p, q) -> (float) ((p - 5) * 0.01303 * (q - 133)));
        return new PairTrial<>(List.of(
                FinePairTable.product(pairs, new Side(true, 5, 1), new Side(false, 133, 1), 0.01303, 0, steps(1, 1))
                        .orElseThrow()));
    }

    public static PairTrial<SlopeTable> slopes() {
        double[] slopes = new double[256];
        for (int raw = 0; raw < 256; raw++) {
            // A gate by a cube, which has negative, positive and saturating slopes.
            slopes[raw] = Math.scalb(1.0 * raw * raw * raw, -18) - 3.37;
        }
        byte[] lines = PairTable.tabulate((left, right) -> code((float) slopes[left] * (right - 7)), false, true);
        byte[] quotients = PairTable.tabulate(
                (left, right) -> code((float) slopes[left] * ((right - 133) * 0.3f) / 0.7f), false, false);
        return new PairTrial<>(List.of(
                SlopeTable.lines(lines, slopes, new Side(true, 7, 1), steps(1, 1))
                        .orElseThrow(),
                SlopeTable.quotients(quotients, slopes, new Side(false, 133, 0.3f), steps(1, 0.7f))
                        .orElseThrow()));
    }

    /** From two codes to steps of the result. */
    @FunctionalInterface
    private interface StepsOfCodes {
        float of(int left, int right);
    }

    private static byte[] signedByUnsigned(StepsOfCodes steps) {
        return PairTable.tabulate((p, q) -> code(steps.of(p, q)), true, false);
    }

    private static Steps steps(float factor, float divisor) {
        return new Steps(factor, divisor, 0, -128, 127, -3);
    }

    private static int code(float steps) {
        return (int) Math.min(Math.max(Math.rint(steps) - 3, -128), 127);
    }

    @Override
    public void run(PairKernel<T> kernel) {
        for (int t = 0; t < dst.length; t++) {
            T table = tables.get(t);
            // Many short calls, and some that are all tail, so that the compiler notices soon: until then every
            // vector is an object.
            for (int start = 0; start < a.length; start += BLOCK) {
                int n = Math.min(BLOCK, a.length - start);
                kernel.run(table, a, start, b, start + 1, dst[t], start, n);
            }
            kernel.run(table, a, 0, b, 1, dst[t], 0, LONGEST_TAIL);
            kernel.run(table, a, 0, b, 1, dst[t], 0, SHORT_TAIL);
        }
    }

    @Override
    public byte[][] output() {
        byte[][] copies = new byte[dst.length][];
        for (int t = 0; t < dst.length; t++) {
            copies[t] = dst[t].clone();
        }
        return copies;
    }
}
