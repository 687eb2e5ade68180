// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import dev.octant.core.internal.choice.KernelChoice.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * Finds out whether a vector kernel is worth calling on this machine, by running it.
 *
 * <p>Which instructions a JVM really uses for a vector operation cannot be asked: a shape too wide, an operation that
 * its compiler does not know, or no optimising compiler at all make it some ten to thousand times slower than a
 * scalar loop. So a candidate must write the scalar loop's output and beat its time by {@value #CLEARLY} on a small
 * block.
 */
final class Probe<K> {
    private static final double CLEARLY = 1.25;

    /** A round is long enough for the clock and for the JIT compiler to notice. */
    private static final long ROUND_NANOS = 4_000_000;

    /** Rounds of each after which a clear winner is believed: both are then compiled. */
    private static final int LEAST_ROUNDS = 12;

    /**
     * Processor time of this thread for one candidate, the scalar loop's included. On a busy machine that is a long
     * while, but the compiler, which has to finish within it, waits as long.
     */
    private static final long BUDGET_NANOS = 3_000_000_000L;

    /** So many times as slow as the scalar loop is a kernel that is not compiled yet. */
    private static final double NOT_COMPILED = 4;

    /** What a run through reflection may cost beyond the work. */
    private static final long REFLECTION_NANOS = 3_000;

    private final K scalar;
    private final Trial<K> trial;
    private final List<String> candidates;
    private final LongSupplier nanos;
    private final LongSupplier processorNanos;

    /** A probe by the clocks of this machine. */
    Probe(K scalar, Trial<K> trial, List<String> candidates) {
        this(scalar, trial, candidates, System::nanoTime, Probe::processorNanos);
    }

    /** The same by other clocks: of time, and of this thread's processor time. */
    Probe(K scalar, Trial<K> trial, List<String> candidates, LongSupplier nanos, LongSupplier processorNanos) {
        this.scalar = scalar;
        this.trial = trial;
        this.candidates = candidates;
        this.nanos = nanos;
        this.processorNanos = processorNanos;
    }

    /** The first candidate that writes the same and is clearly faster, or else the scalar loop. */
    Verdict<K> judged() throws InterruptedException {
        List<String> refusals = new ArrayList<>();
        String compiler = VectorModule.whyNoCompiler();
        if (compiler != null) {
            return new Verdict<>(scalar, "scalar: " + compiler);
        }
        for (String name : candidates) {
            K kernel;
            try {
                kernel = load(name);
            } catch (UnusableKernelException e) {
                refusals.add(e.getMessage());
                continue;
            }
            double gain = gain(kernel);
            String figure = String.format(Locale.ROOT, "%.1f times as fast as the scalar loop", gain);
            if (gain >= CLEARLY) {
                settle(kernel);
                return new Verdict<>(kernel, name + ": the same output, " + figure);
            }
            refusals.add(name + " is only " + figure);
        }
        return new Verdict<>(scalar, "scalar: " + String.join("; ", new LinkedHashSet<>(refusals)));
    }

    /** The first candidate that writes the same, however slow. */
    Verdict<K> forced(String what) {
        List<String> refusals = new ArrayList<>();
        for (String name : candidates) {
            try {
                return new Verdict<>(load(name), name + ": " + VectorMode.PROPERTY + "=on");
            } catch (UnusableKernelException e) {
                refusals.add(e.getMessage());
            }
        }
        throw new IllegalStateException("vector kernel for " + what + " must be usable where " + VectorMode.PROPERTY
                + "=on, was not: " + String.join("; ", refusals));
    }

    private K load(String name) throws UnusableKernelException {
        K kernel = VectorModule.load(name, scalar);
        try {
            trial.run(scalar);
            Object expected = trial.output();
            trial.run(kernel);
            if (!Objects.deepEquals(expected, trial.output())) {
                throw new UnusableKernelException(name + " does not write what the scalar loop writes");
            }
        } catch (RuntimeException | LinkageError e) {
            throw new UnusableKernelException(name + " cannot run here (" + e + ")");
        }
        return kernel;
    }

    /** How many times as fast as the scalar loop, by the best rounds of both, taken in turns. */
    private double gain(K kernel) throws InterruptedException {
        long end = processorNanos.getAsLong() + BUDGET_NANOS;
        double bestScalar = Double.POSITIVE_INFINITY;
        double bestVector = Double.POSITIVE_INFINITY;
        int lastImproved = 0;
        for (int round = 0; processorNanos.getAsLong() - end < 0; round++) {
            double v = round(kernel);
            // Until the vector kernel is compiled it has all the time: it needs many runs to be noticed.
            boolean waiting = round >= LEAST_ROUNDS && v > NOT_COMPILED * bestScalar;
            double s = waiting ? bestScalar : round(scalar);
            if (s < 0.98 * bestScalar || v < 0.98 * bestVector) {
                lastImproved = round;
            }
            bestScalar = Math.min(bestScalar, s);
            bestVector = Math.min(bestVector, v);
            boolean settled = round >= LEAST_ROUNDS && round - lastImproved >= LEAST_ROUNDS / 2;
            // A slow candidate may only wait for its compilation, so it has its whole budget.
            if (settled && bestScalar >= CLEARLY * bestVector) {
                break;
            }
        }
        return bestScalar / bestVector;
    }

    /**
     * Calls the kernel in a way that the compiler cannot inline, until that is fast as well. What has been compiled
     * so far is the probe's own loop with the kernel in it; other callers would find a kernel that is still
     * interpreted, vector by vector.
     */
    private void settle(K kernel) throws InterruptedException {
        double inlined = round(kernel);
        K reflected = reflected(kernel);
        long end = processorNanos.getAsLong() + BUDGET_NANOS;
        while (round(reflected) > 2 * inlined + REFLECTION_NANOS && processorNanos.getAsLong() - end < 0) {
            // A round is the work.
        }
    }

    /** The kernel behind an indirection that stays one. */
    @SuppressWarnings("unchecked")
    private static <K> K reflected(K kernel) {
        Class<?> type = kernel.getClass();
        return (K) Proxy.newProxyInstance(
                type.getClassLoader(), type.getInterfaces(), (proxy, method, args) -> method.invoke(kernel, args));
    }

    /** A clock that stands while other threads have the processor, where the JVM has one. */
    static long processorNanos() {
        try {
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            if (threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled()) {
                return threads.getCurrentThreadCpuTime();
            }
        } catch (LinkageError e) {
            // A runtime image without java.management.
        }
        return System.nanoTime();
    }

    /** Nanoseconds per run over a round. */
    private double round(K kernel) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        trial.runOdd(kernel);
        long start = nanos.getAsLong();
        long elapsed;
        int runs = 0;
        do {
            trial.run(kernel);
            runs++;
            elapsed = nanos.getAsLong() - start;
        } while (elapsed < ROUND_NANOS);
        return (double) elapsed / runs;
    }
}
