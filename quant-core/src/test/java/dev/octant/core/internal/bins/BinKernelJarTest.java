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

/** Vector kernels of the histogram beside the scalar loops. */
class BinKernelJarTest {
    private static final int LENGTHS = 300;
    private static final int OFFSETS = 64;

    private final Random random = new Random(1);

    @Test
    void everyLengthAndOffset() {
        float[] src = FloatEdges.ordinary(random, LENGTHS + OFFSETS);
        for (int i = 0; i < src.length; i += 3) {
            src[i] = BinCases.edge(random, 0x1p-8f);
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
                    src[i] = random.nextInt(5) == 0 ? BinCases.edge(random, width) : BinCases.value(random, width);
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
                assertEquals(0, exact.multiply(BigDecimal.valueOf(count)).compareTo(BinCases.sum(tally)));
                assertEquals(0, exact.pow(2).multiply(BigDecimal.valueOf(count)).compareTo(BinCases.squares(tally)));
            }
        }
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
