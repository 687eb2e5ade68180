// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The errors that the float32 spellings state, measured: on every 1,009th float in the ordinary build, on all 2^32 with
 * {@code -Pexhaustive}, where {@code -Doctant.spellings=MLAS_EXP,SLEEF_TANH} picks some.
 */
class FloatSpellingTest {
    private static final int THREADS = 2;
    private static final int CHUNKS = 1 << 12;

    /** The largest error seen, and where. */
    private record Worst(double error, float at) {
        Worst max(Worst that) {
            return that.error > error ? that : this;
        }
    }

    @ParameterizedTest
    @EnumSource
    void everyThousandthFloat(FloatSpelling spelling) {
        // Prime to 2^32, so all exponents and low bits occur.
        check(spelling, part(spelling, Integer.MIN_VALUE, 1L << 32, 1009));
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @MethodSource("chosen")
    void everyFloat(FloatSpelling spelling) throws Exception {
        long start = System.nanoTime();
        long length = (1L << 32) / CHUNKS;
        try (Pool pool = new Pool()) {
            Worst worst = pool.pool
                    .submit(() -> IntStream.range(0, CHUNKS)
                            .parallel()
                            .mapToObj(i -> part(spelling, Integer.MIN_VALUE + i * length, length, 1))
                            .reduce(new Worst(0, 0), Worst::max))
                    .get();
            System.out.printf(
                    Locale.ROOT,
                    "%s: %.4f ulp at %s (%08x), %s s%n",
                    spelling,
                    worst.error,
                    worst.at,
                    Float.floatToRawIntBits(worst.at),
                    (System.nanoTime() - start) / 1_000_000_000);
            check(spelling, worst);
        }
    }

    static Stream<FloatSpelling> chosen() {
        String names = System.getProperty("octant.spellings", "");
        return names.isBlank()
                ? Stream.of(FloatSpelling.values())
                : Arrays.stream(names.split(",")).map(name -> FloatSpelling.valueOf(name.strip()));
    }

    private static void check(FloatSpelling spelling, Worst worst) {
        assertTrue(
                worst.error <= spelling.bound(),
                () -> spelling + " must be within " + spelling.bound() + " ulp, was " + worst.error + " at "
                        + worst.at);
    }

    private static Worst part(FloatSpelling spelling, long first, long length, int stride) {
        double error = 0;
        float at = 0;
        for (long bits = first; bits < first + length; bits += stride) {
            float x = Float.intBitsToFloat((int) bits);
            if (Float.isFinite(x)) {
                double e = spelling.error(x);
                if (e > error) {
                    error = e;
                    at = x;
                }
            }
        }
        return new Worst(error, at);
    }

    /** Threads of our own: the common pool has as many as the machine has processors. */
    private static final class Pool implements AutoCloseable {
        private final ForkJoinPool pool = new ForkJoinPool(THREADS);

        @Override
        public void close() {
            pool.shutdown();
        }
    }
}
