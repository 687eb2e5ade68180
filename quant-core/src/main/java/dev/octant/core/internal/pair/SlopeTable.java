// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import java.util.Optional;

/**
 * A function of two bytes that is a line in the second for each value of the first:
 *
 * <pre>
 * lines       entry(a, b) = clamp(rint(slope[a] * (b - rightZero)) + zero, low, high)
 * quotients   entry(a, b) = clamp(rint(slope[a] * ((b - rightZero) * rightScale) / divisor) + zero, low, high)
 * </pre>
 *
 * each operation a float's, ties to even. Gates are of this kind, though their rules round more often. The slopes are
 * found so that every entry is met; where there are no such floats there is no table. Lines are faster. Quotients
 * round where the rule does, which decides where scales are round numbers and so many results lie half way between
 * two codes. Internal.
 */
public final class SlopeTable extends PairTable {
    /** Roundings of a rule move a row by an ulp or two; what is further off is no line. */
    private static final int MOST_STEPS = 16;

    /** Byte k of all slopes from the lowest at {@code 256 k}, by the raw byte of the first operand. */
    final byte[] planes = new byte[Float.BYTES * 256];

    /** The slopes, by the raw byte of the first operand. */
    final float[] slopes = new float[256];

    final byte rightFlip;
    final float rightZero;

    /** What the right value is multiplied with; 1 where the rule of a line has no such factor. */
    final float rightScale;

    final float divisor;

    /** The ends of the range and the zero point, as bits of a float to which {@link #ROUNDER} has been added. */
    final int lowBits;

    final int highBits;
    final int zeroBits;

    private SlopeTable(byte[] pairs, Side right, Steps steps) {
        super(pairs);
        this.rightFlip = right.signed() ? 0 : UNSIGNED;
        this.rightZero = right.signed() ? right.zero() : right.zero() - 128;
        this.rightScale = right.scale();
        this.divisor = steps.divisor();
        this.lowBits = steps.lowBits();
        this.highBits = steps.highBits();
        this.zeroBits = steps.zeroBits();
    }

    /**
     * Lines, if there are any near {@code slopes} that give exactly {@code pairs}.
     *
     * @param slopes in steps of the result per code, by the raw byte of the first operand
     * @param right its scale plays no part
     * @param steps nor do its factor and divisor; it has no offset
     */
    public static Optional<SlopeTable> lines(byte[] pairs, double[] slopes, Side right, Steps steps) {
        return fit(new SlopeTable(pairs, new Side(right.signed(), right.zero(), 1), steps.dividedBy(1)), slopes);
    }

    /**
     * Quotients, if there are any near {@code slopes} that give exactly {@code pairs}.
     *
     * @param slopes the first factor, by the raw byte of the first operand
     * @param steps with a factor of 1 and no offset
     */
    public static Optional<SlopeTable> quotients(byte[] pairs, double[] slopes, Side right, Steps steps) {
        return fit(new SlopeTable(pairs, right, steps), slopes);
    }

    /** Whether a result is scaled and divided after the multiplication, as quotients are and lines are not. */
    boolean isDivided() {
        return rightScale != 1 || divisor != 1;
    }

    private static Optional<SlopeTable> fit(SlopeTable table, double[] slopes) {
        for (int a = 0; a < 256; a++) {
            if (!table.fitRow(a, (float) Math.min(Math.max(slopes[a], -Float.MAX_VALUE), Float.MAX_VALUE))) {
                return Optional.empty();
            }
        }
        return Optional.of(table);
    }

    private boolean fitRow(int a, float guess) {
        float slope = guess;
        int direction = 0;
        for (int step = 0; step <= MOST_STEPS; step++) {
            int turn = turn(a, slope);
            if (turn == 0) {
                slopes[a] = slope;
                int bits = Float.floatToRawIntBits(slope);
                for (int k = 0; k < Float.BYTES; k++) {
                    planes[(k << 8) | a] = (byte) (bits >> (8 * k));
                }
                return true;
            }
            if (turn == -direction) {
                return false; // one entry wants more and another less
            }
            direction = turn;
            slope = turn > 0 ? Math.nextUp(slope) : Math.nextDown(slope);
        }
        return false;
    }

    /** 0 if the slope gives the row of {@code a}, 1 if it must grow, -1 if it must fall. */
    private int turn(int a, float slope) {
        for (int b = 0; b < 256; b++) {
            float distance = ((byte) (b ^ rightFlip) - rightZero) * rightScale;
            byte entry = (byte) code(slope * distance / divisor, lowBits, highBits, zeroBits);
            byte wanted = pairs[(a << 8) | b];
            if (entry != wanted) {
                boolean more = order(wanted) > order(entry);
                return more == (distance > 0) ? 1 : -1;
            }
        }
        return 0;
    }

    /** Where a raw byte of the result stands among the codes from low to high, which may be signed or not. */
    private int order(byte raw) {
        return (raw - (lowBits - zeroBits)) & 0xFF;
    }
}
