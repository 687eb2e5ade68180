// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;

/** Writes numbers of any size in as few bytes as they need: seven bits each, the lowest first. */
final class PayloadWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** A number that is not negative. */
    void number(long value) {
        long rest = value;
        for (; rest > 0x7F; rest >>>= 7) {
            out.write((int) ((rest & 0x7F) | 0x80));
        }
        out.write((int) rest);
    }

    void bits(float value) {
        int bits = Float.floatToIntBits(value);
        for (int shift = 24; shift >= 0; shift -= 8) {
            out.write(bits >>> shift);
        }
    }

    void integer(BigInteger value) {
        byte[] bytes = value.toByteArray();
        number(bytes.length);
        out.writeBytes(bytes);
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
        return out.toByteArray();
    }
}
