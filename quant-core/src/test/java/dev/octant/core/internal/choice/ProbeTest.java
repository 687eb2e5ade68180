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
import java.lang.reflect.Proxy;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a probe believes of kernels that do the scalar loop's work in a fiftieth of its steps, in twenty times as many,
 * or not at all. Only a JVM that has the vector module loads kernels; {@code ProbeJarTest} has one.
 */
@Timeout(300)
class ProbeTest {
    private static final int PASSES = 50;
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
        long sum = 0;
        for (int pass = 0; pass < passes; pass++) {
            for (int value : block) {
                sum += value;
            }
        }
        return sum;
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
        private boolean reflected;

        SumTrial() {
            for (int i = 0; i < block.length; i++) {
                block[i] = i * i - 1000;
            }
        }

        @Override
        public void run(Sum kernel) {
            reflected |= Proxy.isProxyClass(kernel.getClass());
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
                List.of(kernels).stream().map(name -> "ProbeTest$" + name).toList());
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
        double figure = figure(verdict.reason());
        assertTrue(figure > 5 && figure < 1000, verdict.reason());
        assertTrue(trial.oddOfScalar >= 12 && trial.oddOfOthers >= 12, "rounds of each, which begin with odd blocks");
        assertTrue(trial.reflected, "called as others will call it");
    }

    /** It may only wait for its compilation, so it has its whole budget of this thread's time. */
    @Test
    void aSlowKernelIsRefusedAfterAWhile() throws InterruptedException {
        long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
        Verdict<Sum> verdict = probe("ManyPasses").judged();
        long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
        assertSame(scalar, verdict.kernel());
        assertTrue(verdict.reason().startsWith("scalar: ProbeTest$ManyPasses is only "), verdict.reason());
        assertTrue(figure(verdict.reason()) < 1, verdict.reason());
        assertTrue(nanos >= 3_000_000_000L, "took " + nanos);
        assertTrue(trial.oddOfScalar >= 12 && trial.oddOfOthers >= 12);
        assertFalse(trial.reflected);
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
    void autoIsTheKernelOnceItIsProved() throws InterruptedException {
        System.clearProperty(VectorMode.PROPERTY);
        KernelChoice<Sum> choice = new KernelChoice<>("sum", scalar, () -> trial, "ProbeTest$OnePass");
        assertSame(scalar, choice.scalar());
        assertEquals(List.of("ProbeTest$OnePass"), choice.candidates());
        assertEquals("sum", choice.name());
        assertSame(trial, choice.trial());
        choice.await();
        assertInstanceOf(OnePass.class, choice.current());
        assertSame(scalar, choice.scalar());
    }
}
