// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octant.fixtures.MiniFloatOracle;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The conversion of all 2^32 floats to every type against the definition's staircase.
 *
 * <p>{@code -Doctant.exhaustive.type=E5M2} checks one type.
 */
@Tag("exhaustive")
class ExhaustiveConversionTest {
    private static final String SELECTED = System.getProperty("octant.exhaustive.type", "");
    private static final int THREADS = 2;
    private static final int FIRST_NAN = 0x7F800001;

    /** The magnitudes of one task; as many positive and negative floats. */
    private static final int TASK = 1 << 24;

    /** What a task found. */
    private record Findings(long checked, String firstWrong) {}

    @ParameterizedTest
    @EnumSource
    void everyFloatBecomesItsNearestValue(NarrowType type) throws Exception {
        assumeTrue(SELECTED.isEmpty() || SELECTED.equals(type.name()), "another type is selected");
        ExecutorService pool = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<Findings>> tasks = IntStream.range(0, Integer.MIN_VALUE / -TASK)
                    .mapToObj(task -> pool.submit(() -> check(type, task * TASK)))
                    .toList();
            long checked = 0;
            for (Future<Findings> task : tasks) {
                assertNull(task.get().firstWrong());
                checked += task.get().checked();
            }
            assertEquals(1L << 32, checked);
        } finally {
            pool.shutdownNow();
        }
    }

    private static Findings check(NarrowType type, int from) {
        MiniFloatOracle oracle = type.oracle();
        int[] firstBits = oracle.firstBits();
        int found = Arrays.binarySearch(firstBits, from);
        int step = found >= 0 ? found : -found - 2;
        int beyond = oracle.finiteCodes();
        float[] positive = new float[NarrowType.BLOCK];
        float[] negative = new float[NarrowType.BLOCK];
        NarrowType.Block codes = type.new Block();
        NarrowType.Block negativeCodes = type.new Block();
        long checked = 0;
        for (int block = 0; block < TASK; block += NarrowType.BLOCK) {
            for (int i = 0; i < NarrowType.BLOCK; i++) {
                positive[i] = Float.intBitsToFloat(from + block + i);
                negative[i] = Float.intBitsToFloat(from + block + i | Integer.MIN_VALUE);
            }
            codes.encode(positive);
            negativeCodes.encode(negative);
            for (int i = 0; i < NarrowType.BLOCK; i++) {
                int bits = from + block + i;
                while (step < beyond && bits >= firstBits[step + 1]) {
                    step++;
                }
                boolean right = bits < FIRST_NAN
                        ? type.agrees(codes.code(i), oracle.signed(step, false))
                                && type.agrees(negativeCodes.code(i), oracle.signed(step, true))
                        : Double.isNaN(oracle.value(codes.code(i)))
                                && Double.isNaN(oracle.value(negativeCodes.code(i)));
                if (!right) {
                    return new Findings(
                            checked,
                            positive[i] + " (" + Float.toHexString(positive[i]) + ") gave code " + codes.code(i)
                                    + " of " + type + " and its negative " + negativeCodes.code(i)
                                    + ", the definition says step " + step);
                }
                checked += 2;
            }
        }
        return new Findings(checked, null);
    }
}
