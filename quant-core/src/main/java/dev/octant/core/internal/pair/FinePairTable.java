// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.util.Optional;

/**
 * A sum or a product that is rounded half away from zero, in double:
 *
 * <pre>
 * v           = a b product + a left + b right + base            a and b as signed bytes
 * entry(a, b) = clamp(rint(v + sign(v) nudge) + zero, low, high)
 * </pre>
 *
 * Fixed-point arithmetic that rounds a number of steps first to a fraction with some bits and then to a whole number
 * is of this kind: what is within half of such a fraction below a tie has become a tie, and goes away from zero.
 * Internal.
 */
public final class FinePairTable extends PairTable {
    /** 1.5 * 2^52, as {@link PairTable#ROUNDER}. */
    static final double ROUNDER = 0x1.8p52;

    /**
     * Of the step, in the base: takes ties upwards, as the first of two roundings does; less than what lies beside a
     * tie.
     */
    private static final double BEYOND_TIE = 0x1p-33;

    final byte leftFlip;
    final byte rightFlip;
    final double product;
    final double left;
    final double right;
    final double base;
    final double nudge;
    final long lowBits;
    final long highBits;
    final long zeroBits;

    private FinePairTable(
            byte[] pairs,
            Side leftSide,
            Side rightSide,
            double product,
            double left,
            double right,
            double base,
            double nudge,
            Steps steps) {
        super(pairs);
        this.leftFlip = leftSide.signed() ? 0 : UNSIGNED;
        this.rightFlip = rightSide.signed() ? 0 : UNSIGNED;
        this.product = product;
        this.left = left;
        this.right = right;
        this.base = base;
        this.nudge = nudge;
        this.zeroBits = Double.doubleToRawLongBits(ROUNDER) - steps.zero();
        this.lowBits = zeroBits + steps.low();
        this.highBits = zeroBits + steps.high();
    }

    /**
     * {@code (a - leftZero) leftStep + (b - rightZero) rightStep}, if the codes are exactly {@code pairs}.
     *
     * @param left its scale and base play no part, nor do those of {@code right}
     * @param nudge half of the fraction to which the number of steps is rounded first; 0 if it is a whole number
     * @param steps with a factor and a divisor of 1 and no offset
     */
    public static Optional<FinePairTable> sum(
            byte[] pairs, Side left, double leftStep, Side right, double rightStep, double nudge, Steps steps) {
        double base = -centre(left) * leftStep - centre(right) * rightStep + BEYOND_TIE * Math.max(leftStep, rightStep);
        return exact(new FinePairTable(pairs, left, right, 0, leftStep, rightStep, base, nudge, steps));
    }

    /** {@code (a - leftZero) (b - rightZero) step}, if the codes are exactly {@code pairs}; the rest as for a sum. */
    public static Optional<FinePairTable> product(
            byte[] pairs, Side left, Side right, double step, double nudge, Steps steps) {
        double leftStep = -centre(right) * step;
        double rightStep = -centre(left) * step;
        double base = centre(left) * centre(right) * step + BEYOND_TIE * step;
        return exact(new FinePairTable(pairs, left, right, step, leftStep, rightStep, base, nudge, steps));
    }

    /** The zero point among signed bytes. */
    private static double centre(Side side) {
        return side.signed() ? side.zero() : side.zero() - 128;
    }

    private static Optional<FinePairTable> exact(FinePairTable table) {
        return table.isExact() ? Optional.of(table) : Optional.empty();
    }

    private boolean isExact() {
        for (int a = 0; a < 256; a++) {
            double p = (byte) (a ^ leftFlip);
            for (int b = 0; b < 256; b++) {
                double q = (byte) (b ^ rightFlip);
                double v = Math.fma(p, Math.fma(q, product, left), Math.fma(q, right, base));
                long bits = Double.doubleToRawLongBits(v + Math.copySign(nudge, v) + ROUNDER);
                if (Double.isNaN(v) || !gives(a, b, (int) (Math.min(Math.max(bits, lowBits), highBits) - zeroBits))) {
                    return false;
                }
            }
        }
        return true;
    }
}
