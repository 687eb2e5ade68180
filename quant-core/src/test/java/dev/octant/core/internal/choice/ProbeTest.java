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
import java.lang.reflect.Proxy;
import java.util.List;
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

    /** A block of all sizes; counts what it is given. */
    private static final class SumTrial implements Trial<Sum> {
        private final int[] block = new int[1024];
        private long sum;
        private int oddOfScalar;
        private int oddOfOthers;
        private int reflected;

        SumTrial() {
            for (int i = 0; i < block.length; i++) {
                block[i] = i * i - 1000;
            }
        }

        @Override
        public void run(Sum kernel) {
            if (Proxy.isProxyClass(kernel.getClass())) {
                reflected++;
                // Interpreted, until it was called a hundred times.
                now += reflected < 100 ? 1_000_000 : 0;
            }
            sum = kernel.of(block);
        }

        @Override
        public void runOdd(Sum kernel) {
            if (kernel instanceof Passes) {
                oddOfScalar++;
            } else {
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

    @BeforeEach
    void needsTheModule() {
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
        assertTrue(trial.oddOfOthers > 700, "rounds: " + trial.oddOfOthers);
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
        System.setProperty(INFO, "mixed mode, sharing");
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
