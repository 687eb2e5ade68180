// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

/**
 * The definition, loop by loop. All but the one that increments are such that the JIT compiler turns them into vectors.
 */
public final class ScalarBins implements BinKernel {
    /** Values handled together: one for each lane. */
    private static final int CHUNK = BinTally.LANES;

    private static final int SIDE = BinTally.SIDE;

    /** Stands for the place of a small value. */
    private static final int SMALL = -1;

    /** Values counted together, each with a place for what is small. */
    private static final int GROUP = 4;

    @Override
    public void run(float[] src, int offset, int length, float inversePart, BinTally tally) {
        int smallsBefore = tally.smalls;
        for (int from = 0, n; from < length; from += n) {
            n = Math.min(CHUNK, length - from);
            // A copy, because the compiler cannot know that the caller's floats are none of ours.
            System.arraycopy(src, offset + from, tally.scaled, 0, n);
            scale(tally.scaled, tally.bins, n, inversePart);
            place(tally.bins, n);
            int candidates = count(tally.counts, tally.bins, n);
            if (candidates > 0) {
                handBack(src, offset + from, candidates, tally);
            }
            add(tally.scaled, n, tally.sums, tally.upper, tally.lower);
        }
        tally.endBlock(length, tally.smalls - smallsBefore);
    }

    private static void scale(float[] scaled, int[] bins, int length, float inversePart) {
        for (int i = 0; i < length; i++) {
            float t = scaled[i] * inversePart;
            scaled[i] = t;
            bins[i] = (int) t;
        }
    }

    /** Parts become places. A loop by itself, and minima of differences, so that JDK 17 makes vectors of it, too. */
    private static void place(int[] bins, int length) {
        for (int i = 0; i < length; i++) {
            int sign = bins[i] >> 31;
            int m = (bins[i] ^ sign) - sign;
            int eighths = (m >> 3) + 448 - m;
            int place = m + (eighths & (eighths >> 31));
            int wholes = (m >> 6) + 896 - place;
            place += wholes & (wholes >> 31);
            bins[i] = (place + (sign & SIDE)) | ((m - BinTally.FIRST) >> 31);
        }
    }

    /** Counts places and lists the indices of small values in their stead, by fours, for in most data they are rare. */
    private static int count(int[] counts, int[] bins, int length) {
        int found = 0;
        int i = 0;
        for (; i + GROUP <= length; i += GROUP) {
            int a = bins[i];
            int b = bins[i + 1];
            int c = bins[i + 2];
            int d = bins[i + 3];
            if ((a | b | c | d) >= 0) {
                counts[a]++;
                counts[b]++;
                counts[c]++;
                counts[d]++;
            } else {
                found = countOne(counts, a, bins, i, found);
                found = countOne(counts, b, bins, i + 1, found);
                found = countOne(counts, c, bins, i + 2, found);
                found = countOne(counts, d, bins, i + 3, found);
            }
        }
        for (; i < length; i++) {
            found = countOne(counts, bins[i], bins, i, found);
        }
        return found;
    }

    /** Without a branch, for after a ReLU it could not be predicted. */
    private static int countOne(int[] counts, int bin, int[] bins, int i, int found) {
        int isSmall = bin >>> 31;
        counts[bin + ((2 * SIDE + i % GROUP - SMALL) & -isSmall)]++;
        // The next index overwrites one that was not of a small value; those before i have been read.
        bins[found] = i;
        return found + isSmall;
    }

    /** Keeps the small values that are not zero, and takes them out of the chunk. */
    private static void handBack(float[] src, int offset, int candidates, BinTally tally) {
        int smalls = tally.smalls;
        for (int j = 0; j < candidates; j++) {
            int i = tally.bins[j];
            float value = src[offset + i];
            tally.scaled[i] = 0;
            tally.small[smalls] = value;
            // A zero is overwritten by the next.
            smalls += ((Float.floatToRawIntBits(value) << 1) | -(Float.floatToRawIntBits(value) << 1)) >>> 31;
        }
        tally.smalls = smalls;
    }

    private static void add(float[] scaled, int length, double[] sums, double[] upper, double[] lower) {
        for (int i = 0; i < length; i++) {
            double t = scaled[i];
            double square = t * t;
            double before = upper[i];
            double next = before + square;
            sums[i] += t;
            lower[i] += square - (next - before);
            upper[i] = next;
        }
    }
}
