// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.util.Optional;

/**
 * A sum by two fused operations, {@code entry(a, b) = clamp(rint(a * leftScale + (b * rightScale + base)) + zero,
 * low, high)}: floats, each product and its addition rounded once, ties to even. Internal.
 */
public final class FusedSumTable extends PairTable {
    final int leftMask;
    final float leftScale;
    final int rightMask;
    final float rightScale;
    final float base;
    final int lowBits;
    final int highBits;
    final int zeroBits;

    private FusedSumTable(
            byte[] pairs,
            boolean leftSigned,
            float leftScale,
            boolean rightSigned,
            float rightScale,
            float base,
            Steps steps) {
        super(pairs);
        this.leftMask = mask(leftSigned);
        this.leftScale = leftScale;
        this.rightMask = mask(rightSigned);
        this.rightScale = rightScale;
        this.base = base;
        this.lowBits = steps.lowBits();
        this.highBits = steps.highBits();
        this.zeroBits = steps.zeroBits();
    }

    /**
     * These sums, if they are exactly {@code pairs}.
     *
     * @param steps with a factor and a divisor of 1 and no offset
     */
    public static Optional<FusedSumTable> of(
            byte[] pairs,
            boolean leftSigned,
            float leftScale,
            boolean rightSigned,
            float rightScale,
            float base,
            Steps steps) {
        FusedSumTable table = new FusedSumTable(pairs, leftSigned, leftScale, rightSigned, rightScale, base, steps);
        return table.isExact() ? Optional.of(table) : Optional.empty();
    }

    private boolean isExact() {
        float[] rights = new float[256];
        for (int b = 0; b < 256; b++) {
            rights[b] = Math.fma((byte) b & rightMask, rightScale, base);
        }
        for (int a = 0; a < 256; a++) {
            float left = (byte) a & leftMask;
            for (int b = 0; b < 256; b++) {
                float steps = Math.fma(left, leftScale, rights[b]);
                if (Float.isNaN(steps) || !gives(a, b, code(steps, lowBits, highBits, zeroBits))) {
                    return false;
                }
            }
        }
        return true;
    }
}
