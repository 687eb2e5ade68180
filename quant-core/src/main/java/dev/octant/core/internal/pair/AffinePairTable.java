// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import java.util.Optional;

/**
 * The sum or product of two affine operands:
 *
 * <pre>
 * left = (a - leftZero) * leftScale + leftBase         right = (b - rightZero) * rightScale + rightBase        fused
 * entry(a, b) = clamp(rint((left op right) * factor / divisor + offset) + zero, low, high)
 * each operation is a float's, ties to even
 * </pre>
 *
 * A factor or divisor of 1 and an offset or base of 0 change nothing. Internal.
 */
public final class AffinePairTable extends PairTable {
    final int leftMask;
    final float leftZero;
    final float leftScale;
    final float leftBase;
    final int rightMask;
    final float rightZero;
    final float rightScale;
    final float rightBase;
    final float factor;
    final float divisor;
    final float offset;
    final int lowBits;
    final int highBits;
    final int zeroBits;

    private AffinePairTable(byte[] pairs, Side left, Side right, Steps steps) {
        super(pairs);
        this.leftMask = mask(left.signed());
        this.leftZero = left.zero();
        this.leftScale = left.scale();
        this.leftBase = left.base();
        this.rightMask = mask(right.signed());
        this.rightZero = right.zero();
        this.rightScale = right.scale();
        this.rightBase = right.base();
        this.factor = steps.factor();
        this.divisor = steps.divisor();
        this.offset = steps.offset();
        this.lowBits = steps.lowBits();
        this.highBits = steps.highBits();
        this.zeroBits = steps.zeroBits();
    }

    /**
     * One operand: {@code (code - zero) * scale + base}.
     *
     * @param signed whether its raw bytes are read as signed numbers
     */
    public record Side(boolean signed, int zero, float scale, float base) {
        /** A multiple of the distance from a zero point. */
        public Side(boolean signed, int zero, float scale) {
            this(signed, zero, scale, 0);
        }
    }

    /** From the sum or product to the code. */
    public record Steps(float factor, float divisor, float offset, int low, int high, int zero) {
        /** The same with another lowest code. */
        public Steps from(int least) {
            return new Steps(factor, divisor, offset, least, high, zero);
        }

        /** The same with another divisor. */
        Steps dividedBy(float other) {
            return new Steps(factor, other, offset, low, high, zero);
        }

        /** The lowest code as the bits of a float to which {@link #ROUNDER} has been added. */
        int lowBits() {
            return ROUNDER_BITS + low - zero;
        }

        /** The highest code. */
        int highBits() {
            return ROUNDER_BITS + high - zero;
        }

        /** What is subtracted from those bits to have a code. */
        int zeroBits() {
            return ROUNDER_BITS - zero;
        }
    }

    /** Sums, if they are exactly {@code pairs}. */
    public static Optional<AffinePairTable> sums(byte[] pairs, Side left, Side right, Steps steps) {
        AffinePairTable table = new AffinePairTable(pairs, left, right, steps);
        return table.isExact(true) ? Optional.of(table) : Optional.empty();
    }

    /** Products, if they are exactly {@code pairs}. The bases must be 0. */
    public static Optional<AffinePairTable> products(byte[] pairs, Side left, Side right, Steps steps) {
        AffinePairTable table = new AffinePairTable(pairs, left, right, steps);
        return table.isExact(false) ? Optional.of(table) : Optional.empty();
    }

    private boolean isExact(boolean sum) {
        for (int a = 0; a < 256; a++) {
            float left = Math.fma(((byte) a & leftMask) - leftZero, leftScale, leftBase);
            for (int b = 0; b < 256; b++) {
                float right = Math.fma(((byte) b & rightMask) - rightZero, rightScale, rightBase);
                float steps = (sum ? left + right : left * right) * factor / divisor + offset;
                // The sign of a NaN is the processor's, and it decides what the clamp makes of it.
                if (Float.isNaN(steps) || !gives(a, b, code(steps, lowBits, highBits, zeroBits))) {
                    return false;
                }
            }
        }
        return true;
    }
}
