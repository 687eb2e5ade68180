// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.choice.KernelChoice.Verdict;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a probe believes of kernels that take a fiftieth of the scalar loop's time, twenty times as long, or that do
 * something else. Time is what the kernels say they took, so nothing here depends on the machine. Only a JVM that has
 * the vector module loads kernels; {@code ProbeJarTest} has one.
 */
class ProbeTest {
    /** What a pass takes, in nanoseconds of {@link #now}. */
    private static final long PASS_NANOS = 1000;

    private static final int PASSES = 50;

    /** The clock: every pass moves it on. */
    private static long now;

    private static final String INFO = "java.vm.info";

    private final String mode = System.getProperty(VectorMode.PROPERTY);
    private final String info = System.getProperty(INFO);

    /** The kind of kernel. */
    interface Sum {
        long of(int[] block);
    }

    /** The scalar loop: one pass after the other. */
    static final class Passes implements Sum {
        @Override
        public long of(int[] block) {
            return passes(block, PASSES);
        }
    }

    private static long passes(int[] block, int passes) {
        now += passes * PASS_NANOS;
        long sum = 0;
        for (int value : block) {
            sum += value;
        }
        return passes * sum;
    }

    /** All in one pass. */
    static final class OnePass implements Sum {
        @Override
        public long of(int[] block) {
            return PASSES * passes(block, 1);
        }
    }

    /** The same, each pass twenty times. */
    static final class ManyPasses implements Sum {
        @Override
        public long of(int[] block) {
            return passes(block, 20 * PASSES) / 20;
        }
    }

    /** Slow until a second is over, as a kernel is that waits to be compiled; then all in one pass. */
    static final class Late implements Sum {
        @Override
        public long of(int[] block) {
            return now < 1_000_000_000 ? passes(block, 20 * PASSES) / 20 : PASSES * passes(block, 1);
        }
    }

    /** A little faster than the scalar loop: not worth while. */
    static final class FewerPasses implements Sum {
        @Override
        public long of(int[] block) {
            return passes(block, PASSES - 8) / (PASSES - 8) * PASSES;
        }
    }

    /** Fast, and another sum. */
    static final class Wrong implements Sum {
        @Override
        public long of(int[] block) {
            return PASSES * passes(block, 1) + 1;
        }
    }

    /** As a kernel whose operations this JVM does not know. */
    static final class Throws implements Sum {
        @Override
        public long of(int[] block) {
            throw new UnsupportedOperationException("no such shape");
        }
    }

    /** As a kernel of another version of the module. */
    static final class Unlinked implements Sum {
        @Override
        public long of(int[] block) {
            throw new NoSuchMethodError("gone");
        }
    }

    /** As a kernel that refuses vectors narrower than its own. */
    static final class Refuses implements Sum {
        Refuses() {
            throw new IllegalStateException("vectors have 128 bits");
        }

        @Override
        public long of(int[] block) {
            return 0;
        }
    }

    /** As nothing that can be made. */
    abstract static class Unmade implements Sum {}

    /** What a run of {@link Scripted} takes in a round, or one of the scalar loop that is compared with it. */
    private static LongUnaryOperator kernelNanos;

    private static LongUnaryOperator scalarNanos;

    /** Rounds begun since the last test. */
    private static int kernelRounds;

    private static int scalarRounds;

    /** Takes what its test says. */
    static final class Scripted implements Sum {
        @Override
        public long of(int[] block) {
            return PASSES * scripted(block, kernelNanos.applyAsLong(kernelRounds));
        }
    }

    /** The same in the place of the scalar loop. */
    static final class ScriptedScalar implements Sum {
        @Override
        public long of(int[] block) {
            return PASSES * scripted(block, scalarNanos.applyAsLong(scalarRounds));
        }
    }

    private static long scripted(int[] block, long nanos) {
        now += nanos - PASS_NANOS;
        return passes(block, 1);
    }

    /** A block of all sizes; counts what it is given. */
    private static final class SumTrial implements Trial<Sum> {
        private final int[] block = new int[1024];
        private long sum;
        private int oddOfScalar;
        private int oddOfOthers;
        private int reflected;
        private int callsUntilCompiled = 100;
        private long interpretedNanos = 1_000_000;

        SumTrial() {
            for (int i = 0; i < block.length; i++) {
                block[i] = i * i - 1000;
            }
        }

        @Override
        public void run(Sum kernel) {
            if (Proxy.isProxyClass(kernel.getClass())) {
                reflected++;
                // Interpreted, until it was called often enough.
                now += reflected < callsUntilCompiled ? interpretedNanos : 0;
            }
            sum = kernel.of(block);
        }

        @Override
        public void runOdd(Sum kernel) {
            if (kernel instanceof Passes || kernel instanceof ScriptedScalar) {
                scalarRounds++;
                oddOfScalar++;
            } else {
                kernelRounds++;
                oddOfOthers++;
            }
        }

        @Override
        public Long output() {
            return sum;
        }
    }

    private final SumTrial trial = new SumTrial();
    private final Passes scalar = new Passes();

    /** What a probe does is told by its clocks, whatever compiles this JVM's code. */
    @BeforeEach
    void aJvmWithTheModuleAndACompiler() {
        System.setProperty(INFO, "mixed mode, sharing");
        Assumptions.assumeTrue(Runtime.version().feature() >= 25, "vector kernels need JDK 25");
        Assumptions.assumeTrue(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(), "the module was not asked for");
    }

    @AfterEach
    void restore() {
        restore(VectorMode.PROPERTY, mode);
        restore(INFO, info);
    }

    private static void restore(String property, String value) {
        if (value == null) {
            System.clearProperty(property);
        } else {
            System.setProperty(property, value);
        }
    }

    private Probe<Sum> probe(String... kernels) {
        return new Probe<>(
                scalar,
                trial,
                List.of(kernels).stream().map(name -> "ProbeTest$" + name).toList(),
                () -> now,
                () -> now);
    }

    private static double figure(String reason) {
        return Double.parseDouble(reason.replaceAll(".* (\\d+\\.\\d) times as fast as the scalar loop.*", "$1"));
    }

    /** Those before it write something else, or cannot be run; those behind it are not tried. */
    @Test
    void theFirstThatWritesTheSameAndIsClearlyFaster() throws InterruptedException {
        Verdict<Sum> verdict = probe("Missing", "Wrong", "Throws", "Refuses", "OnePass", "Unlinked")
                .judged();
        assertInstanceOf(OnePass.class, verdict.kernel());
        assertTrue(verdict.reason().startsWith("ProbeTest$OnePass: the same output, "), verdict.reason());
        assertEquals(50, figure(verdict.reason()));
        assertEquals(13, trial.oddOfScalar, "rounds of each, which begin with odd blocks");
        assertTrue(trial.reflected >= 100, "called as others will call it, until that is fast: " + trial.reflected);
    }

    /** It may only wait for its compilation, so it has its whole budget of time, and after twelve rounds all of it. */
    @Test
    void aSlowKernelIsRefusedAfterItsBudget() throws InterruptedException {
        long before = now;
        Verdict<Sum> verdict = probe("ManyPasses").judged();
        assertSame(scalar, verdict.kernel());
        assertEquals("scalar: ProbeTest$ManyPasses is only 0.1 times as fast as the scalar loop", verdict.reason());
        assertTrue(now - before >= 3_000_000_000L && now - before < 3_010_000_000L, "took " + (now - before));
        assertEquals(12, trial.oddOfScalar);
        // Rounds of 4 ms: in the first twelve of both, then of the kernel alone.
        assertEquals((3000 - 12 * 4) / 4, trial.oddOfOthers);
        assertEquals(0, trial.reflected);
    }

    @Test
    void aKernelThatIsCompiledLateIsFound() throws InterruptedException {
        now = 0;
        Verdict<Sum> verdict = probe("Late").judged();
        assertInstanceOf(Late.class, verdict.kernel());
        assertEquals(50, figure(verdict.reason()));
        assertTrue(now < 2_000_000_000L, "took " + now);
    }

    @Test
    void aLittleFasterIsNotEnough() throws InterruptedException {
        Verdict<Sum> verdict = probe("FewerPasses").judged();
        assertSame(scalar, verdict.kernel());
        assertEquals(1.2, figure(verdict.reason()));
    }

    private Verdict<Sum> scripted(LongUnaryOperator ofScalar, LongUnaryOperator ofKernel) throws InterruptedException {
        scalarNanos = ofScalar;
        kernelNanos = ofKernel;
        scalarRounds = 0;
        kernelRounds = 0;
        return new Probe<>(new ScriptedScalar(), trial, List.of("ProbeTest$Scripted"), () -> now, () -> now).judged();
    }

    /** Rounds of each until the kernel is believed. */
    private int roundsUntilBelieved(LongUnaryOperator ofScalar, LongUnaryOperator ofKernel)
            throws InterruptedException {
        Verdict<Sum> verdict = scripted(ofScalar, ofKernel);
        assertInstanceOf(Scripted.class, verdict.kernel());
        return scalarRounds;
    }

    /** Twelve rounds, and six after the last in which either became faster by more than 2 %. */
    @Test
    void whoStillBecomesFasterIsWaitedFor() throws InterruptedException {
        assertEquals(13, roundsUntilBelieved(round -> 50_000, round -> 1_000));
        assertEquals(17, roundsUntilBelieved(round -> 50_000, round -> round <= 10 ? 1_000 : 900));
        assertEquals(17, roundsUntilBelieved(round -> round <= 10 ? 50_000 : 45_000, round -> 1_000));
        assertEquals(13, roundsUntilBelieved(round -> 50_000, round -> round <= 5 ? 1_000 : 900));
        assertEquals(14, roundsUntilBelieved(round -> 50_000, round -> round <= 7 ? 1_000 : 900));
        // No more than 2 %, and slower ones, change nothing.
        assertEquals(13, roundsUntilBelieved(round -> 50_000, round -> round <= 10 ? 50_000 / 50 : 49_000 / 50));
        assertEquals(13, roundsUntilBelieved(round -> round <= 10 ? 50_000 : 49_000, round -> 1_000));
        assertEquals(13, roundsUntilBelieved(round -> 50_000, round -> round <= 10 ? 1_000 : 2_000));
    }

    @Test
    void exactlyClearlyFasterIsEnough() throws InterruptedException {
        assertEquals(13, roundsUntilBelieved(round -> 50_000, round -> 40_000));
        assertSame(
                ScriptedScalar.class,
                scripted(round -> 50_000, round -> 40_001).kernel().getClass());
    }

    /** Up to four times as slow, the scalar loop is timed beside it. */
    @Test
    void whatIsNotTooSlowIsNotWaitedFor() throws InterruptedException {
        scripted(round -> 50_000, round -> 200_000);
        assertEquals(3000 / 8, scalarRounds);
        assertEquals(3000 / 8, kernelRounds);
        scripted(round -> 50_000, round -> 250_000);
        assertEquals(12, scalarRounds);
    }

    /** Called in a way that is not inlined, a run may take twice as long and 3 us more. */
    @Test
    void aKernelIsCalledUntilOthersFindItFast() throws InterruptedException {
        trial.callsUntilCompiled = Integer.MAX_VALUE;
        trial.interpretedNanos = 4_000;
        scripted(round -> 50_000, round -> 1_000);
        assertEquals(13 + 1 + 1, kernelRounds);
        trial.interpretedNanos = 999_000;
        long before = now;
        scripted(round -> 50_000, round -> 1_000);
        // Rounds of 4 ms until the budget is spent.
        assertEquals(13 + 1 + 750, kernelRounds);
        assertTrue(now - before > 3_000_000_000L);
    }

    /** Beside the time of this thread, not of the machine. */
    @Test
    void theClockStandsWhileOthersHaveTheProcessor() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        Assumptions.assumeTrue(threads.isCurrentThreadCpuTimeSupported() && threads.isThreadCpuTimeEnabled());
        long before = threads.getCurrentThreadCpuTime();
        long between = Probe.processorNanos();
        long after = threads.getCurrentThreadCpuTime();
        assertTrue(before <= between && between <= after, before + ", " + between + ", " + after);
    }

    /** Twice the same refusal is said once. */
    @Test
    void whereNoneCanBeUsedEachSaysWhy() throws InterruptedException {
        Verdict<Sum> verdict = probe("Wrong", "Throws", "Unlinked", "Refuses", "Unmade", "Missing", "Absent")
                .judged();
        assertSame(scalar, verdict.kernel());
        assertEquals(
                "scalar: ProbeTest$Wrong does not write what the scalar loop writes; "
                        + "ProbeTest$Throws cannot run here (java.lang.UnsupportedOperationException: no such shape); "
                        + "ProbeTest$Unlinked cannot run here (java.lang.NoSuchMethodError: gone); "
                        + "ProbeTest$Refuses cannot run here (vectors have 128 bits); "
                        + "ProbeTest$Unmade cannot run here (null); "
                        + "vector kernels are in the packaged jar only",
                verdict.reason());
        assertEquals(0, trial.oddOfOthers, "none was timed");
    }

    @Test
    void forcedIsTheFirstThatWritesTheSame() {
        Verdict<Sum> verdict =
                probe("Missing", "Wrong", "ManyPasses", "OnePass").forced("sum");
        assertInstanceOf(ManyPasses.class, verdict.kernel());
        assertEquals("ProbeTest$ManyPasses: octant.vector=on", verdict.reason());
        IllegalStateException e = assertThrows(
                IllegalStateException.class, () -> probe("Missing", "Wrong").forced("sum"));
        assertEquals(
                "vector kernel for sum must be usable where octant.vector=on, was not: "
                        + "vector kernels are in the packaged jar only; ProbeTest$Wrong does not write"
                        + " what the scalar loop writes",
                e.getMessage());
    }

    @Test
    void anInterruptEndsTheProbe() {
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> probe("OnePass").judged());
        assertFalse(Thread.interrupted());
    }

    @ParameterizedTest
    @CsvSource({"'Interpreted mode, sharing', interpreted", "'mixed mode, emulated-client', emulated-client"})
    void withoutAnOptimisingCompilerNothingIsTried(String vm, String word) throws InterruptedException {
        System.setProperty(INFO, vm);
        Verdict<Sum> verdict = probe("OnePass").judged();
        assertSame(scalar, verdict.kernel());
        assertTrue(verdict.reason().startsWith("scalar: the JVM runs without its optimising compiler ("));
        assertTrue(verdict.reason().contains(word));
        assertEquals(0, trial.oddOfOthers);
    }

    @Test
    void anOrdinaryJvmHasACompiler() {
        assertNull(VectorModule.whyNoCompiler());
    }

    @Test
    void onIsTheKernelFromTheFirstCallOn() {
        System.setProperty(VectorMode.PROPERTY, "on");
        KernelChoice<Sum> choice = new KernelChoice<>("sum", scalar, () -> trial, "ProbeTest$ManyPasses");
        assertInstanceOf(ManyPasses.class, choice.current());
        assertTrue(choice.isDecided());
        assertEquals("ProbeTest$ManyPasses: octant.vector=on", choice.reason());
    }

    /** Who asks while another makes the choice gets the same one, when it is made. */
    @Test
    void twoThreadsThatAskAtOneTimeGetOneKernel() throws InterruptedException {
        System.setProperty(VectorMode.PROPERTY, "on");
        AtomicReference<KernelChoice<Sum>> choice = new AtomicReference<>();
        AtomicReference<Sum> second = new AtomicReference<>();
        Thread other = new Thread(() -> second.set(choice.get().current()));
        AtomicInteger trials = new AtomicInteger();
        choice.set(new KernelChoice<>(
                "sum",
                scalar,
                () -> {
                    trials.incrementAndGet();
                    other.start();
                    while (other.isAlive() && other.getState() != Thread.State.BLOCKED) {
                        Thread.onSpinWait();
                    }
                    return trial;
                },
                "ProbeTest$OnePass"));
        Sum first = choice.get().current();
        other.join();
        assertInstanceOf(OnePass.class, first);
        assertSame(first, second.get());
        assertEquals(1, trials.get());
    }

    @Test
    void autoIsDecidedByTheClocksOfThisMachine() throws InterruptedException {
        System.clearProperty(VectorMode.PROPERTY);
        KernelChoice<Sum> choice = new KernelChoice<>("sum", scalar, () -> trial, "ProbeTest$OnePass");
        assertSame(scalar, choice.scalar());
        assertEquals(List.of("ProbeTest$OnePass"), choice.candidates());
        assertEquals("sum", choice.name());
        assertSame(trial, choice.trial());
        choice.await();
        assertTrue(choice.isDecided());
        assertTrue(choice.current() == scalar || choice.current() instanceof OnePass);
    }
}
