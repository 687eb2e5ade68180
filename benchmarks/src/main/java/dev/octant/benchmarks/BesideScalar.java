// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.core.internal.choice.VectorMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How fast the chosen kernels are beside the scalar loops, in one JVM with whatever flags it was started.
 *
 * <pre>
 * java FLAGS -cp .. dev.octant.benchmarks.BesideScalar
 * </pre>
 *
 * <p>The library is loaded twice: once as it is, once with {@code octant.vector=off}. Their calls on the same data
 * are timed in turns, so that both meet the same noise; the best rounds count. Prints a line per work and a summary.
 * The exit code is 1 if some work is slower than {@value #LEAST} times the scalar loops, 2 for arguments.
 */
public final class BesideScalar {
    /** Below this a vector kernel should not have been chosen. */
    private static final double LEAST = 0.9;

    private static final int ATTEMPTS = 3;
    private static final long ROUND_NANOS = 5_000_000;

    /** Rounds without a change after which the best are believed. */
    private static final int SETTLED = 60;

    private static final long BUDGET_NANOS = 5_000_000_000L;

    private BesideScalar() {}

    public static void main(String[] arguments) throws ReflectiveOperationException {
        if (arguments.length > 0) {
            System.err.println("arguments must be none, were " + String.join(" ", arguments));
            System.exit(2);
        }
        List<Pair> pairs = new ArrayList<>(List.of(Pair.load()));
        pairs.get(0).chosen().choices().forEach(System.out::println);

        List<Work> works = Work.matching("").filter(Work::isHot).toList();
        double least = Double.POSITIVE_INFINITY;
        Work slowest = null;
        for (Work work : works) {
            double gain = gain(work, pairs);
            System.out.printf(
                    Locale.ROOT, "%-48s %6.2f x scalar%s%n", work.title(), gain, gain < LEAST ? " TOO SLOW" : "");
            if (gain < least) {
                least = gain;
                slowest = work;
            }
        }
        List<String> choices = pairs.get(0).chosen().choices();
        long vector = choices.stream()
                .filter(choice -> !choice.contains(": scalar: "))
                .count();
        System.out.printf(
                Locale.ROOT,
                "summary: %s of %s | %.2f (%s)%n",
                vector,
                choices.size(),
                least,
                slowest == null ? "" : slowest.title());
        System.exit(least < LEAST ? 1 : 0);
    }

    /** The library twice. */
    private record Pair(Bodies.Loaded chosen, Bodies.Loaded scalar) {
        static Pair load() throws ReflectiveOperationException {
            System.setProperty(VectorMode.PROPERTY, "off");
            Bodies.Loaded scalar = Bodies.load();
            System.clearProperty(VectorMode.PROPERTY);
            return new Pair(Bodies.load(), scalar);
        }
    }

    /**
     * How many times as fast the chosen kernels are. If they seem slow, the library is loaded once more: the JIT
     * compiler does not compile a loop in the same way every time, the same scalar loop beside itself included.
     */
    private static double gain(Work work, List<Pair> pairs) throws ReflectiveOperationException {
        double gain = 0;
        for (int attempt = 0; attempt < ATTEMPTS && gain < LEAST; attempt++) {
            if (attempt == pairs.size()) {
                pairs.add(Pair.load());
            }
            Pair pair = pairs.get(attempt);
            gain = Math.max(gain, gain(pair.chosen().call(work), pair.scalar().call(work)));
        }
        return gain;
    }

    /**
     * By the best rounds of both, taken in turns until neither becomes faster any more: the JIT compiler is then
     * done.
     */
    private static double gain(Runnable call, Runnable scalar) {
        long end = System.nanoTime() + BUDGET_NANOS;
        double bestCall = Double.POSITIVE_INFINITY;
        double bestScalar = Double.POSITIVE_INFINITY;
        int unchanged = 0;
        while (unchanged < SETTLED && System.nanoTime() - end < 0) {
            double c = round(call);
            double s = round(scalar);
            unchanged = c < 0.98 * bestCall || s < 0.98 * bestScalar ? 0 : unchanged + 1;
            bestCall = Math.min(bestCall, c);
            bestScalar = Math.min(bestScalar, s);
        }
        return bestScalar / bestCall;
    }

    /** Nanoseconds per call. */
    private static double round(Runnable call) {
        long start = System.nanoTime();
        long elapsed;
        int calls = 0;
        do {
            call.run();
            calls++;
            elapsed = System.nanoTime() - start;
        } while (elapsed < ROUND_NANOS);
        return (double) elapsed / calls;
    }
}
