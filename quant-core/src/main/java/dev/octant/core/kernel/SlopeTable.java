package dev.octant.core.kernel;

import java.util.Optional;

/**
 * A function of two bytes that is a line in the second for each value of the first:
 *
 * <pre>
 * entry(a, b) = clamp(rint(slope[a] * (b - rightZero)) + zero, low, high)          one float product, ties to even
 * </pre>
 *
 * Products and gates are of this kind, though their rules round more often. The slopes are found so that every entry is met;
 * where there are no such floats there is no table. Internal.
 */
public final class SlopeTable extends PairTable {
    /** Roundings of a rule move a row by an ulp or two; what is further off is no line. */
    private static final int MOST_STEPS = 16;

    /** Byte k of all slopes from the lowest at {@code 256 k}, by the raw byte of the first operand. */
    final byte[] planes = new byte[Float.BYTES * 256];

    final byte rightFlip;
    final float rightZero;

    /** The ends of the range and the zero point, as bits of a float to which {@link #ROUNDER} has been added. */
    final int lowBits;

    final int highBits;
    final int zeroBits;

    private SlopeTable(byte[] pairs, boolean rightSigned, int rightZero, int low, int high, int zero) {
        super(pairs);
        this.rightFlip = rightSigned ? 0 : UNSIGNED;
        this.rightZero = rightSigned ? rightZero : rightZero - 128;
        this.lowBits = ROUNDER_BITS + low - zero;
        this.highBits = ROUNDER_BITS + high - zero;
        this.zeroBits = ROUNDER_BITS - zero;
    }

    /**
     * The table whose slopes give exactly {@code pairs}, if there is one near {@code slopes}.
     *
     * @param slopes by the raw byte of the first operand
     */
    public static Optional<SlopeTable> fit(
            byte[] pairs, double[] slopes, boolean rightSigned, int rightZero, int low, int high, int zero) {
        SlopeTable table = new SlopeTable(pairs, rightSigned, rightZero, low, high, zero);
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
            float distance = (byte) (b ^ rightFlip) - rightZero;
            int bits = Float.floatToRawIntBits(slope * distance + ROUNDER);
            byte entry = (byte) (Math.min(Math.max(bits, lowBits), highBits) - zeroBits);
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
