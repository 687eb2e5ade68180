// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.Kernels;
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

/** Tables of two operands made from rules in double, for every kind of arithmetic. */
final class PairCases {
    private static final int SETS = 50;

    private final Random random;

    PairCases(Random random) {
        this.random = random;
    }

    /** One rule. */
    static final class Case<T extends PairTable> {
        private final byte[] pairs;
        private final Function<byte[], Optional<T>> fit;

        /**
         * @param pairs its entries
         * @param fit the table of the arithmetic, if that gives exactly the entries it is called with
         */
        Case(byte[] pairs, Function<byte[], Optional<T>> fit) {
            this.pairs = pairs;
            this.fit = fit;
        }

        byte[] pairs() {
            return pairs;
        }

        Optional<T> fit(byte[] entries) {
            return fit.apply(entries);
        }

        T table() {
            return fit(pairs).orElseThrow();
        }
    }

    /** Kernels of one kind, and rules of which each has a table for them. */
    record Kind<T extends PairTable>(KernelChoice<PairKernel<T>> choice, List<Case<T>> cases) {
        List<T> tables() {
            return cases.stream().map(Case::table).toList();
        }
    }

    Kind<SlopeTable> lines() {
        return new Kind<>(Kernels.SLOPES, tables(p -> {
            double[] slopes = slopes(p, p.right.scale() / p.steps.divisor());
            byte[] pairs = p.pairs((a, b) -> p.code(slopes[a & 0xFF] * (b - p.right.zero())));
            return new Case<>(pairs, entries -> SlopeTable.lines(entries, slopes, p.right, p.steps));
        }));
    }

    Kind<SlopeTable> quotients() {
        return new Kind<>(Kernels.SLOPES, tables(p -> {
            double[] slopes = slopes(p, 1);
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) (slopes[a & 0xFF] * ((b - p.right.zero()) * p.right.scale())) / p.steps.divisor()));
            return new Case<>(pairs, entries -> SlopeTable.quotients(entries, slopes, p.right, p.steps));
        }));
    }

    Kind<AffinePairTable> sums() {
        return new Kind<>(Kernels.SUMS, tables(p -> {
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) ((double) p.left(a) + p.right(b)) * p.steps.factor() / p.steps.divisor()
                            + p.steps.offset()));
            return new Case<>(pairs, entries -> AffinePairTable.sums(entries, p.left, p.right, p.steps));
        }));
    }

    Kind<AffinePairTable> products() {
        return new Kind<>(Kernels.PRODUCTS, tables(p -> {
            byte[] pairs = p.pairs((a, b) ->
                    p.code((float) ((double) p.left(a) * p.right(b)) * p.steps.factor() / p.steps.divisor()
                            + p.steps.offset()));
            return new Case<>(pairs, entries -> AffinePairTable.products(entries, p.left, p.right, p.steps));
        }));
    }

    /** Each fused operation exact before it is rounded. */
    Kind<FusedSumTable> fusedSums() {
        return new Kind<>(Kernels.FUSED_SUMS, tables(p -> {
            float left = p.left.scale() / p.steps.divisor();
            float right = p.right.scale() / p.steps.divisor();
            float base = -(p.left.zero() * left + p.right.zero() * right);
            float[] rights = new float[512];
            for (int b = -128; b < 256; b++) {
                rights[b + 128] = rounded(b, right, base);
            }
            byte[] pairs = p.pairs((a, b) -> p.code(rounded(a, left, rights[b + 128])));
            return new Case<>(
                    pairs,
                    entries ->
                            FusedSumTable.of(entries, p.left.signed(), left, p.right.signed(), right, base, p.steps));
        }));
    }

    private static float rounded(int a, float scale, float base) {
        return new BigDecimal(scale)
                .multiply(BigDecimal.valueOf(a))
                .add(new BigDecimal(base))
                .floatValue();
    }

    /** Half a step goes up, also below zero. */
    Kind<WholeSumTable> wholeSums() {
        return new Kind<>(Kernels.WHOLE_SUMS, tables(p -> {
            int shift = 1 + random.nextInt(21);
            Side left = whole(p.left, p.steps.divisor(), shift);
            Side right = whole(p.right, p.steps.divisor(), shift);
            byte[] pairs = p.pairs((a, b) -> p.code(Math.floor(Math.scalb(
                            (a - left.zero()) * (double) left.scale() + (b - right.zero()) * (double) right.scale(),
                            -shift)
                    + 0.5)));
            return new Case<>(pairs, entries -> WholeSumTable.of(entries, left, right, shift, p.steps));
        }));
    }

    private static Side whole(Side side, float divisor, int shift) {
        float multiplier = Math.min(Math.scalb(side.scale() / divisor, shift), 1 << 21);
        return new Side(side.signed(), side.zero(), (float) Math.rint(multiplier));
    }

    /** Rounded to a fraction of some bits, half up, and then half away from zero: in whole numbers. */
    Kind<FinePairTable> fineProducts() {
        return new Kind<>(Kernels.FINE_PAIRS, tables(p -> {
            int bits = random.nextInt(12);
            int multiplier = multiplier();
            byte[] pairs = p.pairs((a, b) -> {
                long distances = (long) (a - p.left.zero()) * (b - p.right.zero());
                return p.code(twice(distances * multiplier, bits));
            });
            double step = Math.scalb((double) multiplier, -20 - bits);
            return new Case<>(
                    pairs, entries -> FinePairTable.product(entries, p.left, p.right, step, nudge(bits), p.steps));
        }));
    }

    /** The same of sums. */
    Kind<FinePairTable> fineSums() {
        return new Kind<>(Kernels.FINE_PAIRS, tables(p -> {
            int bits = random.nextInt(12);
            int multiplier = multiplier();
            int other = multiplier - multiplier / 3;
            byte[] pairs = p.pairs((a, b) -> {
                long left = (long) (a - p.left.zero()) * multiplier;
                long right = (long) (b - p.right.zero()) * other;
                return p.code(twice(left + right, bits));
            });
            double step = Math.scalb((double) multiplier, -20 - bits);
            double otherStep = Math.scalb((double) other, -20 - bits);
            return new Case<>(
                    pairs,
                    entries -> FinePairTable.sum(entries, p.left, step, p.right, otherStep, nudge(bits), p.steps));
        }));
    }

    /** Some with few bits, whose products often lie half way between two fractions. */
    private int multiplier() {
        return random.nextInt(3) == 0 ? 3 << (16 + random.nextInt(3)) : 1 + random.nextInt(1 << 20);
    }

    /** Half of a fraction. */
    static double nudge(int bits) {
        return bits == 0 ? 0 : Math.scalb(0.5, -bits);
    }

    /** {@code product} 2^-20 with some bits behind the point, and then whole. */
    static int twice(long product, int bits) {
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
    private <T extends PairTable> List<Case<T>> tables(Function<Parameters, Case<T>> rule) {
        List<Case<T>> cases = new ArrayList<>();
        for (int set = 0; set < SETS; set++) {
            Case<T> one = rule.apply(parameters(set));
            if (one.fit(one.pairs).isPresent()) {
                cases.add(one);
            }
        }
        assertTrue(cases.size() >= SETS * 3 / 4, "only " + cases.size());
        return cases;
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
}
