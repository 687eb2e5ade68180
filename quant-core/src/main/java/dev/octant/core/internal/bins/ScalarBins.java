// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

/**
 * The definition, loop by loop. All but the one that increments are such that the JIT compiler turns them into vectors.
 */
public final class ScalarBins implements BinKernel {
    /** Values handled together: one for each lane. */
    private static final int CHUNK = BinTally.LANES;

    private static final int BINS = BinTally.BINS;

    /** Values counted together, each with a place for what is of bin 0. */
    private static final int GROUP = 4;

    @Override
    public void run(float[] src, int offset, int length, float inverseWidth, BinTally tally) {
        int smallsBefore = tally.smalls;
        for (int from = 0, n; from < length; from += n) {
            n = Math.min(CHUNK, length - from);
            // A copy, because the compiler cannot know that the caller's floats are none of ours.
            System.arraycopy(src, offset + from, tally.scaled, 0, n);
            scale(tally.scaled, tally.bins, n, inverseWidth);
            int candidates = count(tally.counts, tally.bins, n);
            if (candidates > 0) {
                handBack(src, offset + from, candidates, tally);
            }
            add(tally.scaled, n, tally.sums, tally.upper, tally.lower);
        }
        tally.endBlock(length, tally.smalls - smallsBefore);
    }

    private static void scale(float[] scaled, int[] bins, int length, float inverseWidth) {
        for (int i = 0; i < length; i++) {
            float t = scaled[i] * inverseWidth;
            scaled[i] = t;
            bins[i] = (int) t;
        }
    }

    /** Counts bins and lists the indices of bin 0 in their stead, by fours, for in most data that bin is rare. */
    private static int count(int[] counts, int[] bins, int length) {
        int found = 0;
        int i = 0;
        for (; i + GROUP <= length; i += GROUP) {
            int a = bins[i];
            int b = bins[i + 1];
            int c = bins[i + 2];
            int d = bins[i + 3];
            // 44 bits may wrap to 0 without a zero among them: then nothing is found.
            if (a * b * c * d != 0) {
                counts[BINS + a]++;
                counts[BINS + b]++;
                counts[BINS + c]++;
                counts[BINS + d]++;
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
        int inBinZero = ((bin | -bin) >>> 31) ^ 1;
        counts[BINS + bin + ((BINS + i % GROUP) & -inBinZero)]++;
        // The next index overwrites one that was not of bin 0; those before i have been read.
        bins[found] = i;
        return found + inBinZero;
    }

    /** Keeps the values of bin 0 that are not zero, and takes them out of the chunk. */
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
