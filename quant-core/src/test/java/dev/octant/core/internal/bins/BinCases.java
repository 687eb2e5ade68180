// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import java.math.BigDecimal;
import java.util.Random;

/** Values at which bins change, and the sums of a tally as numbers. */
final class BinCases {
    private BinCases() {}

    /** Of any exponent below 2048 widths. */
    static float value(Random random, float width) {
        float value = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(13) - 2);
        return (random.nextBoolean() ? -1 : 1) * value * width;
    }

    /** An end of a bin or a neighbour of it, a zero, or a value far below. */
    static float edge(Random random, float width) {
        float end = (random.nextInt(4095) - 2047) * width;
        return switch (random.nextInt(6)) {
            case 0 -> end;
            case 1 -> Math.nextDown(end);
            case 2 -> Math.nextUp(end);
            case 3 -> random.nextBoolean() ? 0f : -0f;
            case 4 -> Float.intBitsToFloat(random.nextInt(0x0080_0000) | (random.nextInt() & 0x8000_0000));
            default -> Math.nextDown(width);
        };
    }

    /** The sum of what lies in bins, in widths. */
    static BigDecimal sum(BinTally tally) {
        return scaled(new BigDecimal(tally.sum()), BinTally.SUM_BITS);
    }

    /** The sum of their squares. */
    static BigDecimal squares(BinTally tally) {
        return scaled(new BigDecimal(tally.upperSquares()), BinTally.UPPER_BITS)
                .add(scaled(new BigDecimal(tally.lowerSquares()), BinTally.LOWER_BITS));
    }

    private static BigDecimal scaled(BigDecimal units, int bits) {
        return units.divide(BigDecimal.valueOf(2).pow(bits));
    }
}
