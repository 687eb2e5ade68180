// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Reads what {@link PayloadWriter} wrote; anything else ends in one sentence. */
final class PayloadReader {
    /** The longest sum: 2^63 squares of the largest float, in units of 2^-298, and a sign, have 618 bits. */
    private static final int MOST_INTEGER_BYTES = 80;

    private static final String ONE_WAY = "must be written the one way it can be";

    private final String name;
    private final ByteBuffer in;

    /** Turns the payload into a value. */
    @FunctionalInterface
    interface Parser<T> {
        T parse(PayloadReader payload) throws SummaryFormatException;
    }

    PayloadReader(String name, byte[] bytes) {
        this.name = name;
        in = ByteBuffer.wrap(bytes);
    }

    boolean isAtEnd() {
        return !in.hasRemaining();
    }

    void require(boolean sound, String rule) throws SummaryFormatException {
        if (!sound) {
            throw new SummaryFormatException(name + " " + rule + ", was not");
        }
    }

    /** The value parsed; what its own checks refuse is refused here. */
    <T> T parse(Parser<T> parser) throws SummaryFormatException {
        try {
            return parser.parse(this);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new SummaryFormatException(name + " must be sound: " + e.getMessage(), e);
        }
    }

    private int next() throws SummaryFormatException {
        require(in.hasRemaining(), "must hold all its numbers");
        return in.get() & 0xFF;
    }

    long number() throws SummaryFormatException {
        long value = 0;
        for (int shift = 0; shift < 63; shift += 7) {
            int read = next();
            value |= (long) (read & 0x7F) << shift;
            if (read < 0x80) {
                require(read > 0 || shift == 0, ONE_WAY);
                return value;
            }
        }
        throw new SummaryFormatException(name + " must have numbers below 2^63, was more");
    }

    float bits() throws SummaryFormatException {
        int bits = 0;
        for (int i = 0; i < 4; i++) {
            bits = (bits << 8) | next();
        }
        return Float.intBitsToFloat(bits);
    }

    BigInteger integer() throws SummaryFormatException {
        long length = number();
        require(length >= 1 && length <= MOST_INTEGER_BYTES, "must have sums of 1 to 80 bytes");
        byte[] value = new byte[(int) length];
        for (int i = 0; i < value.length; i++) {
            value[i] = (byte) next();
        }
        BigInteger integer = new BigInteger(value);
        require(integer.toByteArray().length == value.length, ONE_WAY);
        return integer;
    }

    /** Whether the bits read are those that are written: there is one NaN, and no -0. */
    private static boolean isWritten(float read, float end) {
        return Float.floatToRawIntBits(read) == Float.floatToIntBits(end);
    }

    ValueCounts counts() throws SummaryFormatException {
        long count = number();
        long zeros = number();
        long nan = number();
        long positiveInfinities = number();
        long negativeInfinities = number();
        // The constructor's own check may rely on a total that does not wrap.
        long kinds = Math.addExact(Math.addExact(zeros, nan), Math.addExact(positiveInfinities, negativeInfinities));
        require(kinds <= count, "must count every value once");
        float min = bits();
        float max = bits();
        ValueCounts counts = new ValueCounts(count, zeros, nan, positiveInfinities, negativeInfinities, min, max);
        require(isWritten(min, counts.min()) && isWritten(max, counts.max()), ONE_WAY);
        return counts;
    }

    /** Receives counts. */
    @FunctionalInterface
    interface CountSink {
        void add(int place, long count) throws SummaryFormatException;
    }

    /** At most {@code length} counts, none 0, whose total fits a long. */
    void sparse(int length, CountSink sink) throws SummaryFormatException {
        long filled = number();
        long place = 0;
        long total = 0;
        for (long i = 0; i < filled; i++) {
            long gap = number();
            require(gap < length - place, "must have its counts in place");
            place += gap;
            long count = number();
            require(count > 0, "must leave out counts of 0");
            total = Math.addExact(total, count);
            sink.add((int) place++, count);
        }
    }
}
