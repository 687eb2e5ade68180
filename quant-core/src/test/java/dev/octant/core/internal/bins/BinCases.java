// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import java.math.BigDecimal;
import java.util.Random;

/** Values at which places change, and the sums of a tally as numbers. */
final class BinCases {
    private BinCases() {}

    /** Of any exponent below 2^17 parts. */
    static float value(Random random, float part) {
        float value = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(19) - 2);
        return (random.nextBoolean() ? -1 : 1) * value * part;
    }

    /** An end of a place or a neighbour of it, a zero, or a value far below. */
    static float edge(Random random, float part) {
        int reach = 512 << (4 * random.nextInt(3));
        float end = (random.nextInt(2 * reach - 1) - reach + 1) * part;
        return switch (random.nextInt(6)) {
            case 0 -> end;
            case 1 -> Math.nextDown(end);
            case 2 -> Math.nextUp(end);
            case 3 -> random.nextBoolean() ? 0f : -0f;
            case 4 -> Float.intBitsToFloat(random.nextInt(0x0080_0000) | (random.nextInt() & 0x8000_0000));
            default -> Math.nextDown(64 * part);
        };
    }

    /** The place of a value that is not small, by the widths of places; the negative ones come second. */
    static int place(BigDecimal parts) {
        int m = parts.abs().intValue();
        int place = m < 512 ? m : m < 4096 ? 512 + (m - 512) / 8 : 960 + (m - 4096) / 64;
        return parts.signum() < 0 ? 2944 + place : place;
    }

    /** How many values lie in the place of a value. */
    static int count(BinTally tally, float value) {
        return tally.count(place(new BigDecimal(value)));
    }

    /** The sum of what lies in places, in parts. */
    static BigDecimal sum(BinTally tally) {
        return scaled(new BigDecimal(tally.sum()), BinTally.SUM_BITS);
    }

    /** The sum of their squares. */
    static BigDecimal squares(BinTally tally) {
        return scaled(new BigDecimal(tally.upperSquares()), BinTally.UPPER_BITS)
                .add(scaled(new BigDecimal(tally.lowerSquares()), BinTally.LOWER_BITS));
    }

    private static BigDecimal scaled(BigDecimal units, int bits) {
        return units.multiply(new BigDecimal(Math.scalb(1.0, -bits)));
    }
}
