// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.util.Optional;

/**
 * A sum in whole numbers of 32 bits,
 *
 * <pre>
 * entry(a, b) = clamp(floor(((a - leftZero) * leftScale + (b - rightZero) * rightScale) / 2^shift + 1/2) + zero,
 *                     low, high)
 * </pre>
 *
 * with whole scales: half a step goes up. Internal.
 */
public final class WholeSumTable extends PairTable {
    final int leftMask;
    final int leftScale;
    final int rightMask;
    final int rightScale;

    /** What the zero points leave of the products, and half a step. */
    final int base;

    final int shift;
    final int low;
    final int high;
    final int zero;

    private WholeSumTable(byte[] pairs, Side left, Side right, int base, int shift, Steps steps) {
        super(pairs);
        this.leftMask = mask(left.signed());
        this.leftScale = (int) left.scale();
        this.rightMask = mask(right.signed());
        this.rightScale = (int) right.scale();
        this.base = base;
        this.shift = shift;
        this.low = steps.low() - steps.zero();
        this.high = steps.high() - steps.zero();
        this.zero = steps.zero();
    }

    /**
     * These sums, if they are exactly {@code pairs} and no number exceeds 32 bits.
     *
     * @param left with a whole scale, as {@code right}
     * @param shift 1 to 31
     * @param steps with a factor and a divisor of 1 and no offset
     */
    public static Optional<WholeSumTable> of(byte[] pairs, Side left, Side right, int shift, Steps steps) {
        long base = (1L << (shift - 1)) - left.zero() * (long) left.scale() - right.zero() * (long) right.scale();
        // With 255 times both scales nothing between leaves the range either.
        double most = Math.abs((double) base) + 255.0 * (Math.abs(left.scale()) + (double) Math.abs(right.scale()));
        if (most > Integer.MAX_VALUE) {
            return Optional.empty();
        }
        WholeSumTable table = new WholeSumTable(pairs, left, right, (int) base, shift, steps);
        return table.isExact() ? Optional.of(table) : Optional.empty();
    }

    private boolean isExact() {
        for (int a = 0; a < 256; a++) {
            int left = ((byte) a & leftMask) * leftScale + base;
            for (int b = 0; b < 256; b++) {
                int steps = (((byte) b & rightMask) * rightScale + left) >> shift;
                if (!gives(a, b, Math.min(Math.max(steps, low), high) + zero)) {
                    return false;
                }
            }
        }
        return true;
    }
}
