// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The scalar loops of the histogram, and what a tally keeps of them, beside exact sums one value at a time. */
class ScalarBinsTest {
    private final Random random = new Random(15);
    private final ScalarBins kernel = new ScalarBins();

    /** The same by the definition. */
    private static final class Plain {
        private final int[] counts = new int[2 * BinTally.SIDE];
        private BigDecimal sum = BigDecimal.ZERO;
        private BigDecimal squares = BigDecimal.ZERO;
        private long zeros;
        private final List<Float> small = new ArrayList<>();

        void add(float[] src, int offset, int length, float part) {
            for (int i = offset; i < offset + length; i++) {
                BigDecimal t = new BigDecimal(src[i]).divide(new BigDecimal(part));
                if (Math.abs(t.intValue()) >= 64) {
                    counts[BinCases.place(t)]++;
                    sum = sum.add(t);
                    squares = squares.add(t.multiply(t));
                } else if (src[i] == 0) {
                    zeros++;
                } else {
                    small.add(src[i]);
                }
            }
        }

        void assertIs(BinTally tally) {
            for (int place = 0; place < counts.length; place++) {
                assertEquals(counts[place], tally.count(place), "place " + place);
            }
            assertEquals(zeros, tally.zeros());
            assertEquals(small.size(), tally.smalls());
            for (int i = 0; i < small.size(); i++) {
                assertEquals(small.get(i), tally.small()[i]);
            }
            assertEquals(0, sum.compareTo(BinCases.sum(tally)));
            assertEquals(0, squares.compareTo(BinCases.squares(tally)));
            assertTrue(tally.lowerSquares() >= 0 && tally.lowerSquares() < 1L << 36);
        }
    }

    private float[] values(int length, float part) {
        float[] src = new float[length];
        for (int i = 0; i < length; i++) {
            src[i] = random.nextInt(5) == 0 ? BinCases.edge(random, part) : BinCases.value(random, part);
        }
        return src;
    }

    @ParameterizedTest
    @ValueSource(floats = {0x1p-127f, 0x1p-8f, 1, 0x1p100f})
    void everyValueIsInItsBinOrHandedBack(float part) {
        for (int trial = 0; trial < 60; trial++) {
            int length = trial < 20 ? trial : random.nextInt(1200);
            int offset = random.nextInt(5);
            float[] src = values(offset + length + 3, part);
            Plain plain = new Plain();
            plain.add(src, offset, length, part);
            BinTally tally = new BinTally();
            kernel.run(src, offset, length, 1 / part, tally);
            plain.assertIs(tally);
        }
    }

    /** Zeros alone, as a ReLU leaves them, and values of one place. */
    @Test
    void blocksOfOneValue() {
        for (float value : new float[] {0, -0f, 63.5f, 64, -1024.5f, 511.5f, 512, -4096, 0x1p17f - 0x1p-7f, -64}) {
            for (int length : new int[] {1, 2, 3, 4, 5, 255, 256, 257, 4096}) {
                float[] src = new float[length];
                Arrays.fill(src, value);
                Plain plain = new Plain();
                plain.add(src, 0, length, 1);
                BinTally tally = new BinTally();
                kernel.run(src, 0, length, 1, tally);
                plain.assertIs(tally);
            }
        }
    }

    /** Whoever asks in between changes nothing; nor does it matter that small values are dropped. */
    @Test
    void blockAfterBlock() {
        Plain plain = new Plain();
        BinTally tally = new BinTally();
        for (int block = 0; block < 40; block++) {
            float[] src = values(300, 1);
            plain.add(src, 0, 300, 1);
            kernel.run(src, 0, 300, 1, tally);
            if (block % 3 == 0) {
                plain.assertIs(tally);
            }
            if (block % 5 == 0) {
                tally.dropSmall();
                plain.small.clear();
            }
        }
        plain.assertIs(tally);
    }

    /** More values than the lanes hold exactly; of odd lengths, so that the lanes are unevenly full. */
    @ParameterizedTest
    @ValueSource(floats = {0x1p17f - 0x1p-7f, 128 - 0x1p-17f, 0x1p-17f - 128, -65536 - 0x1p-7f})
    void sumsOfManyBlocksStayExact(float value) {
        float[] src = new float[BinTally.LONGEST];
        Arrays.fill(src, value);
        BinTally tally = new BinTally();
        long count = 0;
        for (int block = 0; block < 200; block++) {
            int length = BinTally.LONGEST - block;
            kernel.run(src, 0, length, 1, tally);
            count += length;
        }
        BigDecimal exact = new BigDecimal(value);
        assertEquals(count, BinCases.count(tally, value));
        assertEquals(0, exact.multiply(BigDecimal.valueOf(count)).compareTo(BinCases.sum(tally)));
        assertEquals(0, exact.pow(2).multiply(BigDecimal.valueOf(count)).compareTo(BinCases.squares(tally)));
    }

    /** As many large values as make 54 bits of a sum, with some whose last bit is that of the unit. */
    @Test
    void sumsThatNoDoubleHoldsAreTakenOutInTime() {
        float[] src = new float[BinTally.LONGEST];
        Arrays.fill(src, 0x1p17f - 0x1p-7f);
        src[5] = 64 + 0x1p-17f;
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (float value : src) {
            sum = sum.add(new BigDecimal(value));
            squares = squares.add(new BigDecimal(value).pow(2));
        }
        int blocks = 301;
        BinTally tally = new BinTally();
        for (int block = 0; block < blocks; block++) {
            kernel.run(src, 0, src.length, 1, tally);
        }
        assertEquals(0, sum.multiply(BigDecimal.valueOf(blocks)).compareTo(BinCases.sum(tally)));
        assertEquals(0, squares.multiply(BigDecimal.valueOf(blocks)).compareTo(BinCases.squares(tally)));
    }

    /** Each sum is there without the others having been asked for. */
    @Test
    void sumsInAnyOrder() {
        float[] src = values(2000, 1);
        BinTally tally = new BinTally();
        kernel.run(src, 0, 2000, 1, tally);
        long sum = tally.sum();
        long upper = tally.upperSquares();
        long lower = tally.lowerSquares();
        assertTrue(sum != 0 && upper != 0 && lower != 0);
        BinTally upperFirst = new BinTally();
        kernel.run(src, 0, 2000, 1, upperFirst);
        assertEquals(upper, upperFirst.upperSquares());
        BinTally lowerFirst = new BinTally();
        kernel.run(src, 0, 2000, 1, lowerFirst);
        assertEquals(lower, lowerFirst.lowerSquares());
    }

    /** A vector kernel counts every other value in an array of its own. */
    @Test
    void bothArraysOfCountsCount() {
        BinTally tally = new BinTally();
        for (int place : new int[] {64, 2943, BinTally.SIDE + 64, BinTally.SIDE + 2943}) {
            tally.counts[place] = 5 + place % 2;
            tally.otherCounts[place] = 2;
        }
        for (int i = 0; i < BinTally.PLACES; i++) {
            tally.counts[2 * BinTally.SIDE + i] = 3;
            tally.otherCounts[2 * BinTally.SIDE + i] = 1;
        }
        tally.otherCounts[70] = 4;
        assertEquals(4, tally.count(70));
        assertEquals(0, tally.count(BinTally.SIDE + 70));
        tally.endBlock(92, 10);
        assertEquals(7, tally.count(64));
        assertEquals(8, tally.count(2943));
        assertEquals(7, tally.count(BinTally.SIDE + 64));
        assertEquals(8, tally.count(BinTally.SIDE + 2943));
        assertEquals(4 * 16 - 10, tally.zeros());
        assertFalse(tally.isEmpty(64, 65));
        assertTrue(tally.isEmpty(65, 70));
        assertFalse(tally.isEmpty(65, 71));
        long[] sums = {1, 1, 1, 1};
        tally.addTo(sums, 1, 64, 72, 2);
        assertArrayEquals(new long[] {1, 8, 5, 1}, sums);
        tally.addTo(sums, 0, 2943, 2944, 0);
        assertArrayEquals(new long[] {9, 8, 5, 1}, sums);
        tally.clear();
        assertEquals(0, tally.count(64));
        assertEquals(0, tally.zeros());
    }

    @Test
    void placesAreThoseOfTheWidths() {
        for (int parts = BinTally.FIRST; parts < 1 << BinTally.END_DIGITS; parts++) {
            assertEquals(BinCases.place(BigDecimal.valueOf(parts)), BinTally.place(parts));
        }
        assertEquals(BinTally.FIRST, BinTally.place(1 << BinTally.FIRST_DIGITS));
        assertEquals(BinTally.SIDE, BinTally.place(1 << BinTally.END_DIGITS));
    }

    @Test
    void clearForgetsAllButTheSmallValues() {
        BinTally tally = new BinTally();
        float[] before = values(3000, 1);
        kernel.run(before, 0, 3000, 1, tally);
        int smalls = tally.smalls();
        tally.clear();
        assertEquals(smalls, tally.smalls());
        tally.dropSmall();
        new Plain().assertIs(tally);
        float[] src = values(1000, 1);
        Plain plain = new Plain();
        plain.add(src, 0, 1000, 1);
        kernel.run(src, 0, 1000, 1, tally);
        plain.assertIs(tally);
        tally.sum(); // out of the lanes
        tally.clear();
        tally.dropSmall();
        new Plain().assertIs(tally);
    }

    /** There is room for one block of small values more, unless it says so. */
    @Test
    void fullIsWhatHasNoRoomForAnotherBlock() {
        BinTally tally = new BinTally();
        float[] src = new float[BinTally.LONGEST];
        Arrays.fill(src, 63.25f);
        assertFalse(tally.isFull());
        kernel.run(src, 0, 1024, 1, tally);
        assertFalse(tally.isFull());
        kernel.run(src, 0, 1, 1, tally);
        assertTrue(tally.isFull());
        tally.dropSmall();
        assertFalse(tally.isFull());
        assertEquals(0, tally.smalls());
    }

    @Test
    void bytesAreThoseOfItsArrays() {
        assertEquals(BinTally.BYTES, new BinTally().bytes());
        assertEquals(
                4 * (2 * 5904 + 1088) + 4 * (1088 + 1024 + 4096 + 16 + 80) + 8 * 3 * 256,
                new BinTally().bytes(),
                "counts twice and bins; values, small ones and rest; three sums by lane");
    }
}
