// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import java.util.Arrays;

/**
 * The CRC-32 of bytes that are read in parts, in any order and on any threads: known, and compared with the one that
 * the file states, as soon as every part was read once.
 *
 * <pre>
 * crc(a followed by b) = crc(a) * x^(8 * length(b)) mod P  xor  crc(b)
 * </pre>
 *
 * <p>over the polynomials of GF(2), P that of CRC-32. Memory: 13 bytes for each part. Thread safe. Source: zlib, {@code
 * crc32_combine}.
 */
final class PartedChecksum {
    /** P without its highest term, the lowest power in the highest bit. */
    private static final int POLYNOMIAL = 0xEDB88320;

    /** The polynomial 1. */
    private static final int ONE = 1 << 31;

    private final String place;
    private final int stated;
    private final int start;
    private final long[] lengths;
    private final int[] checksums;
    private final boolean[] known;
    private int missing;

    /**
     * The checksum of a start that was read, and of parts that follow each other.
     *
     * @param place what a refusal begins with
     * @param stated the checksum that the file states
     * @param start the checksum of the bytes before the first part
     * @param lengths bytes of each part
     */
    PartedChecksum(String place, long stated, long start, long[] lengths) {
        this.place = place;
        this.stated = (int) stated;
        this.start = (int) start;
        this.lengths = lengths.clone();
        checksums = new int[lengths.length];
        known = new boolean[lengths.length];
        missing = lengths.length;
    }

    /** Whether a part was read. */
    synchronized boolean isKnown(int part) {
        return known[part];
    }

    /**
     * A part was read.
     *
     * @throws FormatException if all parts were, and their checksum is not the stated one
     */
    synchronized void add(int part, long checksum) throws FormatException {
        checksums[part] = (int) checksum;
        missing -= known[part] ? 0 : 1;
        known[part] = true;
        if (missing > 0) {
            return;
        }
        int all = start;
        for (int i = 0; i < lengths.length; i++) {
            all = combined(all, checksums[i], lengths[i]);
        }
        if (all != stated) {
            // Of which part it was is not known: none is taken for good when they are read again.
            Arrays.fill(known, false);
            missing = known.length;
            throw mismatch(place, stated, all);
        }
    }

    static FormatException mismatch(String place, long stated, long found) {
        return new FormatException(String.format(
                "%s: data must have the checksum %08x that the zip states, was %08x",
                place, (int) stated, (int) found));
    }

    /** The checksum of bytes followed by {@code length} others. */
    static int combined(int first, int second, long length) {
        return product(power(length), first) ^ second;
    }

    /** x^(8 * bytes) mod P, by squaring. */
    private static int power(long bytes) {
        int power = ONE;
        int square = ONE >>> 8;
        for (long left = bytes; left > 0; left >>>= 1) {
            if ((left & 1) != 0) {
                power = product(square, power);
            }
            square = product(square, square);
        }
        return power;
    }

    /** The product of two polynomials mod P. */
    private static int product(int a, int b) {
        int sum = 0;
        int shifted = b;
        for (int bit = ONE; bit != 0; bit >>>= 1) {
            if ((a & bit) != 0) {
                sum ^= shifted;
            }
            shifted = (shifted & 1) != 0 ? (shifted >>> 1) ^ POLYNOMIAL : shifted >>> 1;
        }
        return sum;
    }
}
