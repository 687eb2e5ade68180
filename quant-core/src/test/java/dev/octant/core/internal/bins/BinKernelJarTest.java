// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.bins;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.core.internal.FloatEdges;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.Twins;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Vector kernels of the histogram beside the scalar loops, and those beside the definition. */
class BinKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(1);

    @Test
    void everyLengthAndOffset() {
        float[] src = FloatEdges.ordinary(random, LENGTHS + OFFSETS);
        for (int i = 0; i < src.length; i += 3) {
            src[i] = edge(0x1p-8f);
        }
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    check(kernel, src, offset, length, 0x1p-8f);
                }
            }
        }
    }

    /** From the narrowest bins of normal floats to the widest, where values vanish when they are scaled. */
    @Test
    void everyWidth() {
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (int exponent = -126; exponent <= 117; exponent++) {
                float width = Math.scalb(1f, exponent);
                float[] src = new float[BinTally.LONGEST];
                for (int i = 0; i < src.length; i++) {
                    src[i] = random.nextInt(5) == 0 ? edge(width) : value(width);
                }
                check(kernel, src, 0, src.length, width);
            }
        }
    }

    /** The longest mantissas in every lane. */
    @Test
    void sumsStayExact() {
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (float value :
                    new float[] {2048 - 0x1p-13f, 0x1p-23f - 2, 2 - 0x1p-23f, 1 + 0x1p-23f, -1024 - 0x1p-13f}) {
                float[] src = new float[BinTally.LONGEST];
                Arrays.fill(src, value);
                check(kernel, src, 0, src.length, 1);
            }
        }
    }

    /** More values than lanes hold exactly, and of odd lengths, so that lanes are unevenly full. */
    @Test
    void sumsOfManyBlocksStayExact() {
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (float value : new float[] {2048 - 0x1p-13f, 2 - 0x1p-23f, -1024 - 0x1p-13f}) {
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
                assertEquals(count, tally.count((int) value));
                assertEquals(
                        0,
                        exact.multiply(BigDecimal.valueOf(count))
                                .compareTo(scaled(new BigDecimal(tally.sum()), BinTally.SUM_BITS)));
                assertEquals(0, exact.pow(2).multiply(BigDecimal.valueOf(count)).compareTo(squares(tally)));
            }
        }
    }

    @Test
    void theDefinitionIsWhatItSays() {
        for (int trial = 0; trial < 200; trial++) {
            float[] src = new float[random.nextInt(600)];
            int[] counts = new int[2 * BinTally.BINS];
            BigDecimal sum = BigDecimal.ZERO;
            BigDecimal squares = BigDecimal.ZERO;
            int zeros = 0;
            int smalls = 0;
            for (int i = 0; i < src.length; i++) {
                src[i] = random.nextInt(5) == 0 ? edge(1) : value(1);
                if (Math.abs(src[i]) >= 1) {
                    counts[BinTally.BINS + (int) src[i]]++;
                    sum = sum.add(new BigDecimal(src[i]));
                    squares = squares.add(new BigDecimal(src[i]).pow(2));
                } else if (src[i] == 0) {
                    zeros++;
                } else {
                    smalls++;
                }
            }
            BinTally tally = new BinTally();
            Kernels.BINS.scalar().run(src, 0, src.length, 1, tally);
            for (int k = 1; k < BinTally.BINS; k++) {
                assertEquals(counts[BinTally.BINS + k], tally.count(k));
                assertEquals(counts[BinTally.BINS - k], tally.count(-k));
            }
            assertEquals(zeros, tally.zeros());
            assertEquals(smalls, tally.smalls());
            assertEquals(0, sum.compareTo(scaled(new BigDecimal(tally.sum()), BinTally.SUM_BITS)));
            assertEquals(0, squares.compareTo(squares(tally)));
        }
    }

    private static BigDecimal squares(BinTally tally) {
        return scaled(new BigDecimal(tally.upperSquares()), BinTally.UPPER_BITS)
                .add(scaled(new BigDecimal(tally.lowerSquares()), BinTally.LOWER_BITS));
    }

    private static BigDecimal scaled(BigDecimal units, int bits) {
        return units.divide(BigDecimal.valueOf(2).pow(bits));
    }

    /** Of any exponent below 2048 widths. */
    private float value(float width) {
        float value = Math.scalb(1 + random.nextInt(1 << 23) * 0x1p-23f, random.nextInt(13) - 2);
        return (random.nextBoolean() ? -1 : 1) * value * width;
    }

    /** An end of a bin or a neighbour of it, a zero, or a value far below. */
    private float edge(float width) {
        float end = (random.nextInt(4095) - 2047) * width;
        return switch (random.nextInt(6)) {
            case 0 -> end;
            case 1 -> Math.nextDown(end);
            case 2 -> Math.nextUp(end);
            case 3 -> random.nextBoolean() ? 0f : -0f;
            case 4 -> Float.intBitsToFloat(random.nextInt(0x0080_0000) | (random.nextInt() & 0x8000_0000));
            default -> Math.nextDown(width);
        };
    }

    private static void check(BinKernel kernel, float[] src, int offset, int length, float width) {
        BinTally expected = new BinTally();
        Kernels.BINS.scalar().run(src, offset, length, 1 / width, expected);
        BinTally actual = new BinTally();
        kernel.run(src, offset, length, 1 / width, actual);
        assertEquals(
                BinTrial.outcome(expected),
                BinTrial.outcome(actual),
                () -> kernel.getClass().getSimpleName() + ", length " + length + ", width " + width);
    }
}
