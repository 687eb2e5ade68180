package dev.octant.core.kernel;

import java.util.Optional;

/**
 * The sum or product of two affine operands:
 *
 * <pre>
 * left = (a - leftZero) * leftScale          right = (b - rightZero) * rightScale
 * entry(a, b) = clamp(rint((left op right) * factor / divisor + offset) + zero, low, high)      each operation a float's, ties to even
 * </pre>
 *
 * A factor or divisor of 1 and an offset of 0 change nothing. Internal.
 */
public final class AffinePairTable extends PairTable {
    final byte leftFlip;
    final float leftZero;
    final float leftScale;
    final byte rightFlip;
    final float rightZero;
    final float rightScale;
    final float factor;
    final float divisor;
    final float offset;
    final int lowBits;
    final int highBits;
    final int zeroBits;

    private AffinePairTable(byte[] pairs, Side left, Side right, Steps steps) {
        super(pairs);
        this.leftFlip = left.signed() ? 0 : UNSIGNED;
        this.leftZero = left.signed() ? left.zero() : left.zero() - 128;
        this.leftScale = left.scale();
        this.rightFlip = right.signed() ? 0 : UNSIGNED;
        this.rightZero = right.signed() ? right.zero() : right.zero() - 128;
        this.rightScale = right.scale();
        this.factor = steps.factor();
        this.divisor = steps.divisor();
        this.offset = steps.offset();
        this.lowBits = ROUNDER_BITS + steps.low() - steps.zero();
        this.highBits = ROUNDER_BITS + steps.high() - steps.zero();
        this.zeroBits = ROUNDER_BITS - steps.zero();
    }

    /**
     * One operand.
     *
     * @param signed whether its raw bytes are read as signed numbers
     */
    public record Side(boolean signed, int zero, float scale) {}

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
    }

    /** Sums, if they are exactly {@code pairs}. */
    public static Optional<AffinePairTable> sums(byte[] pairs, Side left, Side right, Steps steps) {
        AffinePairTable table = new AffinePairTable(pairs, left, right, steps);
        return table.isExact(true) ? Optional.of(table) : Optional.empty();
    }

    /** Products, if they are exactly {@code pairs}. */
    public static Optional<AffinePairTable> products(byte[] pairs, Side left, Side right, Steps steps) {
        AffinePairTable table = new AffinePairTable(pairs, left, right, steps);
        return table.isExact(false) ? Optional.of(table) : Optional.empty();
    }

    private boolean isExact(boolean sum) {
        for (int a = 0; a < 256; a++) {
            float left = ((byte) (a ^ leftFlip) - leftZero) * leftScale;
            for (int b = 0; b < 256; b++) {
                float right = ((byte) (b ^ rightFlip) - rightZero) * rightScale;
                float steps = (sum ? left + right : left * right) * factor / divisor + offset;
                int bits = Float.floatToRawIntBits(steps + ROUNDER);
                byte entry = (byte) (Math.min(Math.max(bits, lowBits), highBits) - zeroBits);
                // The sign of a NaN is the processor's, and it decides what the clamp makes of it.
                if (entry != pairs[(a << 8) | b] || Float.isNaN(steps)) {
                    return false;
                }
            }
        }
        return true;
    }
}
