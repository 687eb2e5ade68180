// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.internal.exact;

import dev.octant.observers.Blocks;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Adds floats and their squares without rounding, in a fixed amount of memory.
 *
 * <p>Mantissas of equal sign and exponent are added as whole numbers; only {@link #sums()} shifts them together. The
 * square of a mantissa has 48 bits, so a long holds the squares of 2^15 values; after every block the upper half of
 * each total is carried over.
 */
public final class ExactSummation {
    /** Sign and exponent of a float: 9 bits. */
    private static final int OCTAVES = 512;

    /** Longs held, whatever was added. */
    public static final int LONGS = 3 * OCTAVES;

    /** After 2^38 values a total of 24-bit mantissas stays below 2^62. */
    private static final long SPILL = 1L << 38;

    private final long most;
    private final long[] mantissas = new long[OCTAVES];
    private final long[] squaresLow = new long[OCTAVES];
    private final long[] squaresHigh = new long[OCTAVES];
    private long added;
    private ExactSums spilled = ExactSums.ZERO;

    public ExactSummation() {
        this(SPILL);
    }

    /** A summation that moves its totals after {@code most} values, so that a test need not add 2^38. */
    ExactSummation(long most) {
        this.most = most;
    }

    /** Adds at most {@link Blocks#SIZE} values; what is not finite is left out. */
    public void add(float[] values, int from, int to) {
        for (int i = from; i < to; i++) {
            int bits = Float.floatToRawIntBits(values[i]);
            int octave = bits >>> 23;
            long mantissa = mantissa(bits);
            mantissas[octave] += mantissa;
            squaresLow[octave] += mantissa * mantissa;
        }
        for (int octave = 0; octave < OCTAVES; octave++) {
            squaresHigh[octave] += squaresLow[octave] >>> 32;
            squaresLow[octave] &= 0xFFFF_FFFFL;
        }
        added += to - from;
        if (added >= most) {
            spill();
        }
    }

    /** Adds finished sums. */
    public void add(ExactSums other) {
        spilled = spilled.plus(other);
    }

    /** The 24 bits before a float's exponent; the leading one is implied unless the exponent is 0. */
    public static int mantissa(int bits) {
        return (bits & 0x7F_FFFF) | Math.min(bits & 0x7F80_0000, 0x80_0000);
    }

    /** How many values the totals hold: fewer than the most that they may. */
    long added() {
        return added;
    }

    /** Moves the totals to where they cannot overflow. */
    public void spill() {
        startFrom(sums());
    }

    /** Forgets all sums. */
    public void clear() {
        startFrom(ExactSums.ZERO);
    }

    private void startFrom(ExactSums sums) {
        spilled = sums;
        Arrays.fill(mantissas, 0);
        Arrays.fill(squaresLow, 0);
        Arrays.fill(squaresHigh, 0);
        added = 0;
    }

    public ExactSums sums() {
        BigInteger sum = spilled.sum();
        BigInteger squares = spilled.squares();
        for (int octave = 0; octave < OCTAVES; octave++) {
            int exponent = octave & 0xFF;
            if (exponent == 0xFF || mantissas[octave] == 0) { // infinities and NaN, or nothing
                continue;
            }
            int shift = Math.max(exponent, 1) - 1;
            long signed = octave < 256 ? mantissas[octave] : -mantissas[octave];
            sum = sum.add(BigInteger.valueOf(signed).shiftLeft(shift));
            squares = squares.add(BigInteger.valueOf(squaresHigh[octave])
                    .shiftLeft(32)
                    .add(BigInteger.valueOf(squaresLow[octave]))
                    .shiftLeft(2 * shift));
        }
        return new ExactSums(sum, squares);
    }
}
