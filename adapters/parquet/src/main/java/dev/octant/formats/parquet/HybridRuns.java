// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.io.IOException;
import java.util.Arrays;

/**
 * Whole numbers of few bits as Parquet stores levels and dictionary indices: runs of one number, and groups of 8
 * packed into bits, lowest first.
 *
 * <p>Numbers of a run beyond those that there are to be, or of bits that are not there, are refused; packed groups
 * may be filled up.
 *
 * <p>Source: {@code Encodings.md} of Apache Parquet, RLE.
 */
final class HybridRuns {
    private static final int GROUP = 8;

    private final Bytes bytes;
    private final int end;
    private final int bits;
    private final Place place;
    private int at;
    private long left;
    private long run;
    private boolean isPacked;
    private int number;
    private long packed;
    private int packedBits;

    /**
     * Reads numbers.
     *
     * @param bits of each, 0 to 32
     * @param count how many there are to be
     */
    HybridRuns(Bytes bytes, int bits, long count, Place place) {
        this.bytes = bytes;
        this.at = bytes.from();
        this.end = bytes.from() + bytes.length();
        this.bits = bits;
        this.left = count;
        this.place = place;
    }

    /** Writes the next numbers to {@code target[0 .. count)}; of 32 bits, they may be negative. */
    void read(int[] target, int count) throws IOException {
        for (int i = 0; i < count; ) {
            if (run == 0) {
                nextRun();
            }
            int to = i + (int) Math.min(run, count - i);
            run -= to - i;
            left -= to - i;
            if (isPacked) {
                for (; i < to; i++) {
                    target[i] = unpacked();
                }
            } else {
                Arrays.fill(target, i, to, number);
                i = to;
            }
        }
    }

    /**
     * How many of all numbers that are left are a given one. A run takes as long as one number, so that the time is
     * bounded by the bytes.
     *
     * @param most which none may be above
     */
    int count(int wanted, int most) throws IOException {
        int equal = 0;
        while (left > 0) {
            if (run == 0) {
                nextRun();
            }
            left -= run;
            if (isPacked) {
                for (; run > 0; run--) {
                    equal += atMost(unpacked(), most) == wanted ? 1 : 0;
                }
            } else if (run > 0) {
                equal += atMost(number, most) == wanted ? (int) run : 0;
                run = 0;
            }
        }
        return equal;
    }

    private int atMost(int level, int most) throws IOException {
        if (level > most) {
            throw place.refused("have levels of at most " + most, level);
        }
        return level;
    }

    private void nextRun() throws IOException {
        long head = 0;
        int shift = 0;
        byte next;
        do {
            next = next();
            head |= (long) (next & 0x7F) << shift;
            shift += 7;
        } while (next < 0 && shift < Integer.SIZE);
        if (next < 0 || head >>> Integer.SIZE != 0) {
            throw place.refused("have runs of at most 2^31 numbers", "with a longer one");
        }
        isPacked = (head & 1) != 0;
        long stated = head >>> 1;
        if (isPacked) {
            packed = 0;
            packedBits = 0;
            run = Math.min(stated * GROUP, left);
            // Some writers leave out the bytes of a last group that no number is in.
            if (run * bits > (long) (end - at) * Byte.SIZE) {
                throw cut();
            }
        } else {
            run = stated;
            if (run > left) {
                throw place.refused(
                        "have runs of at most the numbers of their page",
                        "with one of " + run + " where " + left + " are left");
            }
            number = 0;
            for (int bit = 0; bit < bits; bit += Byte.SIZE) {
                number |= (next() & 0xFF) << bit;
            }
            if (bits < Integer.SIZE && number >>> bits != 0) {
                throw place.refused("have numbers of " + bits + " bits", Integer.toUnsignedString(number));
            }
        }
    }

    private int unpacked() {
        while (packedBits < bits) {
            packed |= (bytes.array()[at++] & 0xFFL) << packedBits;
            packedBits += Byte.SIZE;
        }
        int value = (int) (packed & ((1L << bits) - 1));
        packed >>>= bits;
        packedBits -= bits;
        return value;
    }

    private byte next() throws IOException {
        if (at == end) {
            throw cut();
        }
        return bytes.array()[at++];
    }

    private IOException cut() {
        return place.refused("have runs for all its numbers", "with " + left + " more than are there");
    }
}
