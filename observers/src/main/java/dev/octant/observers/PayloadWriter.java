// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.math.BigInteger;
import java.util.Arrays;

/** Writes numbers of any size in as few bytes as they need: seven bits each, the lowest first. */
final class PayloadWriter {
    /** The most bytes of one number: 63 bits, seven in each. */
    private static final int MOST_NUMBER_BYTES = 9;

    /** An array of its own, not a stream, which locks for every byte: a summary has thousands. */
    private byte[] bytes = new byte[1 << 10];

    private int length;

    /** Room for so many bytes more. */
    private void reserve(int more) {
        if (more > bytes.length - length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + more, 2 * bytes.length));
        }
    }

    /** A number that is not negative. */
    void number(long value) {
        reserve(MOST_NUMBER_BYTES);
        long rest = value;
        for (; rest > 0x7F; rest >>>= 7) {
            bytes[length++] = (byte) ((rest & 0x7F) | 0x80);
        }
        bytes[length++] = (byte) rest;
    }

    void bits(float value) {
        reserve(Float.BYTES);
        int bits = Float.floatToIntBits(value);
        for (int shift = 24; shift >= 0; shift -= 8) {
            bytes[length++] = (byte) (bits >>> shift);
        }
    }

    void integer(BigInteger value) {
        byte[] all = value.toByteArray();
        number(all.length);
        reserve(all.length);
        System.arraycopy(all, 0, bytes, length, all.length);
        length += all.length;
    }

    void counts(ValueCounts counts) {
        number(counts.count());
        number(counts.zeros());
        number(counts.nan());
        number(counts.positiveInfinities());
        number(counts.negativeInfinities());
        bits(counts.min());
        bits(counts.max());
    }

    /** How many are not 0, then each with the number of zeros before it. */
    void sparse(SparseCounts counts) {
        long[] filled = {0};
        counts.forEach((place, count) -> filled[0]++);
        number(filled[0]);
        int[] next = {0};
        counts.forEach((place, count) -> {
            number(place - next[0]);
            number(count);
            next[0] = place + 1;
        });
    }

    byte[] bytes() {
        return Arrays.copyOf(bytes, length);
    }
}
