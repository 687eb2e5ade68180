package dev.octant.formats.parquet;

import java.io.IOException;

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
            int length = (int) Math.min(run, count - i);
            for (int to = i + length; i < to; i++) {
                target[i] = isPacked ? unpacked() : number;
            }
            run -= length;
            left -= length;
        }
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
