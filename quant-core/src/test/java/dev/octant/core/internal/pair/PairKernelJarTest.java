// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** Vector kernels of two operands beside the table of all pairs. */
class PairKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;
    private static final int SETS = 50;

    private final Random random = new Random(7);

    /** Kernels of one kind, and tables for them that were made from rules in double. */
    private record Kind<T extends PairTable>(KernelChoice<PairKernel<T>> choice, List<T> tables) {}

    @Test
    void linesAreTheTable() {
        check(lines());
    }

    @Test
    void quotientsAreTheTable() {
        check(quotients());
    }

    @Test
    void sumsAreTheTable() {
        check(sums());
    }

    @Test
    void productsAreTheTable() {
        check(products());
    }

    @Test
    void fusedSumsAreTheTable() {
        check(fusedSums());
    }

    @Test
    void wholeSumsAreTheTable() {
        check(wholeSums());
    }

    @Test
    void finePairsAreTheTable() {
        check(finePairs());
    }

    private <T extends PairTable> void check(Kind<T> kind) {
        everyPair(kind);
        everyLengthAndOffset(kind);
        inPlaceOfEitherOperandAndOfBoth(kind);
    }

    private <T extends PairTable> void everyPair(Kind<T> kind) {
        byte[] a = new byte[1 << 16];
        byte[] b = new byte[1 << 16];
        for (int i = 0; i < a.length; i++) {
            a[i] = (byte) (i >> 8);
            b[i] = (byte) (i + (i >> 8)); // so that every pair meets other lanes
        }
        byte[] expected = new byte[a.length];
        byte[] actual = new byte[a.length];
        for (PairKernel<T> kernel : Twins.of(kind.choice)) {
            for (T table : kind.tables) {
                kind.choice.scalar().run(table, a, 0, b, 0, expected, 0, a.length);
                kernel.run(table, a, 0, b, 0, actual, 0, a.length);
                assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    private <T extends PairTable> void everyLengthAndOffset(Kind<T> kind) {
        T table = kind.tables.get(0);
        byte[] a = bytes(LENGTHS + OFFSETS);
        byte[] b = bytes(LENGTHS + OFFSETS);
        byte[] untouched = bytes(LENGTHS + OFFSETS);
        for (PairKernel<T> kernel : Twins.of(kind.choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    int bOffset = (offset * 7) % (OFFSETS + 1);
                    byte[] expected = untouched.clone();
                    kind.choice.scalar().run(table, a, offset, b, bOffset, expected, OFFSETS - offset, length);
                    byte[] actual = untouched.clone();
                    kernel.run(table, a, offset, b, bOffset, actual, OFFSETS - offset, length);
                    assertArrayEquals(expected, actual, () -> kernel.getClass().getSimpleName());
                }
            }
        }
    }

    private <T extends PairTable> void inPlaceOfEitherOperandAndOfBoth(Kind<T> kind) {
        T table = kind.tables.get(0);
        for (PairKernel<T> kernel : Twins.of(kind.choice)) {
            for (int length = 0; length <= LENGTHS; length++) {
                byte[] a = bytes(LENGTHS);
                byte[] b = bytes(LENGTHS);
                byte[] expected = a.clone();
                kind.choice.scalar().run(table, a, 0, b, 0, expected, 0, length);
                byte[] left = a.clone();
                kernel.run(table, left, 0, b, 0, left, 0, length);
                assertArrayEquals(expected, left, () -> kernel.getClass().getSimpleName());
                byte[] right = b.clone();
                kernel.run(table, a, 0, right, 0, right, 0, length);
                System.arraycopy(b, length, expected, length, LENGTHS - length);
                assertArrayEquals(expected, right, () -> kernel.getClass().getSimpleName());
                byte[] both = a.clone();
                kernel.run(table, both, 0, both, 0, both, 0, length);
                System.arraycopy(a, 0, expected, 0, LENGTHS);
                kind.choice.scalar().run(table, a, 0, a, 0, expected, 0, length);
                assertArrayEquals(expected, both, () -> kernel.getClass().getSimpleName());
            }
        }
    }

    private Kind<SlopeTable> lines() {
        return new Kind<>(Kernels.LINES, tables(p -> {
            double[] slopes = slopes(p, p.right.scale() / p.steps.divisor());
            byte[] pairs = p.pairs((a, b) -> p.code(slopes[a & 0xFF] * (b - p.right.zero())));
            return SlopeTable.lines(pairs, slopes, p.right, p.steps);
        }));
    }

    private Kind<SlopeTable> quotients() {
        return new Kind<>(Kernels.QUOTIENTS, tables(p -> {
            double[] slopes = slopes(p, 1);
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) (slopes[a & 0xFF] * ((b - p.right.zero()) * p.right.scale())) / p.steps.divisor()));
            return SlopeTable.quotients(pairs, slopes, p.right, p.steps);
        }));
    }

    private Kind<AffinePairTable> sums() {
        return new Kind<>(Kernels.SUMS, tables(p -> {
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) ((double) p.left(a) + p.right(b)) * p.steps.factor() / p.steps.divisor()
                            + p.steps.offset()));
            return AffinePairTable.sums(pairs, p.left, p.right, p.steps);
        }));
    }

    private Kind<AffinePairTable> products() {
        return new Kind<>(Kernels.PRODUCTS, tables(p -> {
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) ((double) p.left(a) * p.right(b)) * p.steps.factor() / p.steps.divisor()
                            + p.steps.offset()));
            return AffinePairTable.products(pairs, p.left, p.right, p.steps);
        }));
    }

    /** Each fused operation exact before it is rounded. */
    private Kind<FusedSumTable> fusedSums() {
        return new Kind<>(Kernels.FUSED_SUMS, tables(p -> {
            float left = p.left.scale() / p.steps.divisor();
            float right = p.right.scale() / p.steps.divisor();
            float base = -(p.left.zero() * left + p.right.zero() * right);
            float[] rights = new float[512];
            for (int b = -128; b < 256; b++) {
                rights[b + 128] = rounded(b, right, base);
            }
            byte[] pairs = p.pairs((a, b) -> p.code(rounded(a, left, rights[b + 128])));
            return FusedSumTable.of(pairs, p.left.signed(), left, p.right.signed(), right, base, p.steps);
        }));
    }

    private static float rounded(int a, float scale, float base) {
        return new BigDecimal(scale)
                .multiply(BigDecimal.valueOf(a))
                .add(new BigDecimal(base))
                .floatValue();
    }

    /** Half a step goes up, also below zero. */
    private Kind<WholeSumTable> wholeSums() {
        return new Kind<>(Kernels.WHOLE_SUMS, tables(p -> {
            int shift = 1 + random.nextInt(21);
            Side left = whole(p.left, p.steps.divisor(), shift);
            Side right = whole(p.right, p.steps.divisor(), shift);
            byte[] pairs = p.pairs((a, b) -> p.code(Math.floor(Math.scalb(
                            (a - left.zero()) * (double) left.scale() + (b - right.zero()) * (double) right.scale(),
                            -shift)
                    + 0.5)));
            return WholeSumTable.of(pairs, left, right, shift, p.steps);
        }));
    }

    private static Side whole(Side side, float divisor, int shift) {
        float multiplier = Math.min(Math.scalb(side.scale() / divisor, shift), 1 << 21);
        return new Side(side.signed(), side.zero(), (float) Math.rint(multiplier));
    }

    /** Rounded to a fraction of some bits, half up, and then half away from zero: in whole numbers. */
    private Kind<FinePairTable> finePairs() {
        return new Kind<>(Kernels.FINE_PAIRS, tables(p -> {
            int bits = random.nextInt(12);
            int multiplier = 1 + random.nextInt(1 << 20);
            int other = multiplier - multiplier / 3;
            double step = Math.scalb((double) multiplier, -20 - bits);
            double otherStep = Math.scalb((double) other, -20 - bits);
            double nudge = bits == 0 ? 0 : Math.scalb(0.5, -bits);
            if (random.nextBoolean()) {
                byte[] pairs = p.pairs((a, b) -> {
                    long distances = (long) (a - p.left.zero()) * (b - p.right.zero());
                    return p.code(twice(distances * multiplier, bits));
                });
                return FinePairTable.product(pairs, p.left, p.right, step, nudge, p.steps);
            }
            byte[] pairs = p.pairs((a, b) -> {
                long left = (long) (a - p.left.zero()) * multiplier;
                long right = (long) (b - p.right.zero()) * other;
                return p.code(twice(left + right, bits));
            });
            return FinePairTable.sum(pairs, p.left, step, p.right, otherStep, nudge, p.steps);
        }));
    }

    private static int twice(long product, int bits) {
        long once = (product + (1 << 19)) >> 20;
        long half = (1L << bits) >> 1;
        return (int) (once < 0 ? -((-once + half) >> bits) : (once + half) >> bits);
    }

    /** SiLU of the first operand, and so slopes of both signs. */
    private static double[] slopes(Parameters p, double step) {
        double[] slopes = new double[256];
        for (int raw = 0; raw < 256; raw++) {
            float x = p.left(p.left.signed() ? (byte) raw : raw);
            slopes[raw] = x / (1 + Math.exp(-x)) * step;
        }
        return slopes;
    }

    /** Most parameters must have a table, or the kernels would not be tried. */
    private <T> List<T> tables(Function<Parameters, Optional<T>> fit) {
        List<T> tables = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            fit.apply(parameters(set)).ifPresent(tables::add);
        }
        assertTrue(tables.size() >= SETS * 3 / 4, "only " + tables.size());
        return tables;
    }

    private record Parameters(Side left, Side right, Steps steps) {
        float left(int code) {
            return (code - left.zero()) * left.scale();
        }

        float right(int code) {
            return (code - right.zero()) * right.scale();
        }

        int code(double steps) {
            return (int) Math.min(Math.max(Math.rint(steps) + this.steps.zero(), this.steps.low()), this.steps.high());
        }

        byte[] pairs(IntBinaryOperator codes) {
            return PairTable.tabulate(codes, left.signed(), right.signed());
        }
    }

    /** Every signedness, zero points at both ends, scales from far below to far above the result's. */
    private Parameters parameters(int set) {
        boolean signed = random.nextBoolean();
        int low = signed ? -128 : 0;
        int zero = set % 5 == 0 ? low : low + random.nextInt(256);
        // What follows a ReLU begins at its zero point.
        int least = set % 3 == 0 ? zero : low;
        return new Parameters(
                side(set),
                side(set + 1),
                new Steps(set % 4 < 2 ? 1 : 1.7f, scale(), set % 2 == 0 ? 0 : 1, least, low + 255, zero));
    }

    private Side side(int set) {
        boolean signed = random.nextBoolean();
        int low = signed ? -128 : 0;
        return new Side(signed, set % 7 == 0 ? low + 255 : low + random.nextInt(256), scale());
    }

    private float scale() {
        return (float) Math.pow(10, -2.5 + 2 * random.nextDouble());
    }

    private byte[] bytes(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }
}
