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
            src[i] = BinCases.edge(random, 0x1p-14f);
        }
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (int length = 0; length <= LENGTHS; length++) {
                for (int offset = 0; offset <= OFFSETS; offset++) {
                    check(kernel, src, offset, length, 0x1p-14f);
                }
            }
        }
    }

    /** From the narrowest parts whose inverse is a float to the widest, where values vanish when they are scaled. */
    @Test
    void everyWidth() {
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (int exponent = -127; exponent <= 111; exponent++) {
                float part = Math.scalb(1f, exponent);
                float[] src = new float[BinTally.LONGEST];
                for (int i = 0; i < src.length; i++) {
                    src[i] = random.nextInt(5) == 0 ? BinCases.edge(random, part) : BinCases.value(random, part);
                }
                check(kernel, src, 0, src.length, part);
            }
        }
    }

    /** The longest mantissas in every lane. */
    @Test
    void sumsStayExact() {
        for (BinKernel kernel : Twins.of(Kernels.BINS)) {
            for (float value :
                    new float[] {0x1p17f - 0x1p-7f, 0x1p-16f - 256, 128 - 0x1p-17f, 64 + 0x1p-17f, -65536 - 0x1p-7f}) {
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
            for (float value : new float[] {0x1p17f - 0x1p-7f, 128 - 0x1p-17f, -65536 - 0x1p-7f}) {
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
        }
    }

    private static void check(BinKernel kernel, float[] src, int offset, int length, float part) {
        BinTally expected = new BinTally();
        Kernels.BINS.scalar().run(src, offset, length, 1 / part, expected);
        BinTally actual = new BinTally();
        kernel.run(src, offset, length, 1 / part, actual);
        assertEquals(
                BinTrial.outcome(expected),
                BinTrial.outcome(actual),
                () -> kernel.getClass().getSimpleName() + ", length " + length + ", part " + part);
    }
}
