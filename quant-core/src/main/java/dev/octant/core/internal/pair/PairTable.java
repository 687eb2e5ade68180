// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import java.util.function.IntBinaryOperator;

/**
 * A function of two raw bytes in 65,536 entries, {@code pairs[(a & 0xFF) << 8 | b & 0xFF]}: what every kernel of two
 * operands writes. Subclasses add the arithmetic by which a vector kernel finds the same entries. Internal.
 */
public class PairTable {
    /**
     * 1.5 * 2^23: adding it rounds half to even, and the sum's bits are ordered as the sums are, infinities included.
     */
    static final float ROUNDER = 12582912f;

    /** The bits of {@link #ROUNDER}. */
    static final int ROUNDER_BITS = 0x4B400000;

    /** A byte read as signed after this is XOR-ed in is an unsigned one less 128. */
    public static final byte UNSIGNED = (byte) 0x80;

    final byte[] pairs;

    PairTable(byte[] pairs) {
        this.pairs = pairs;
    }

    /** A table as it is, for which there is no arithmetic. */
    public static PairTable of(byte[] pairs) {
        return new PairTable(pairs);
    }

    /** The entries of a function of codes. */
    public static byte[] tabulate(IntBinaryOperator codes, boolean leftSigned, boolean rightSigned) {
        byte[] pairs = new byte[1 << 16];
        for (int a = 0; a < 256; a++) {
            int left = leftSigned ? (byte) a : a;
            for (int b = 0; b < 256; b++) {
                pairs[(a << 8) | b] = (byte) codes.applyAsInt(left, rightSigned ? (byte) b : b);
            }
        }
        return pairs;
    }

    /** What a raw byte widened with its sign is AND-ed with to be the code. */
    static int mask(boolean signed) {
        return signed ? -1 : 0xFF;
    }

    /**
     * {@code clamp(rint(steps))}, the ends and the zero point as bits of a float to which {@link #ROUNDER} has been
     * added.
     */
    static int code(float steps, int lowBits, int highBits, int zeroBits) {
        int bits = Float.floatToRawIntBits(steps + ROUNDER);
        return Math.min(Math.max(bits, lowBits), highBits) - zeroBits;
    }

    /** Whether a code is the entry for two raw bytes. */
    final boolean gives(int a, int b, int code) {
        return (byte) code == pairs[(a << 8) | b];
    }

    /** The entry for two raw bytes. */
    final byte entry(byte a, byte b) {
        return pairs[((a & 0xFF) << 8) | (b & 0xFF)];
    }
}
