// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.VectorKernels;
import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.table.ScalarTable;
import dev.octant.core.internal.table.TableKernel;
import dev.octant.core.internal.table.TableTrial;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(300)
class KernelChoiceTest {
    private String before;

    @BeforeEach
    void remember() {
        before = System.getProperty(VectorMode.PROPERTY);
        System.clearProperty(VectorMode.PROPERTY);
    }

    @AfterEach
    void restore() {
        if (before == null) {
            System.clearProperty(VectorMode.PROPERTY);
        } else {
            System.setProperty(VectorMode.PROPERTY, before);
        }
    }

    @Test
    void nothingIsTriedBeforeSomebodyAsks() {
        KernelChoice<TableKernel> choice = missing();
        assertFalse(choice.isBegun());
        assertFalse(choice.isDecided());
        assertEquals("scalar: not asked for yet", choice.reason());
        choice.current();
        assertTrue(choice.isBegun());
    }

    @Test
    void aKernelThatCannotBeLoadedLeavesTheScalarLoopAndSaysWhy() throws InterruptedException {
        KernelChoice<TableKernel> choice = missing();
        choice.await();
        assertSame(choice.scalar(), choice.current());
        assertTrue(choice.isDecided());
        assertTrue(choice.reason().startsWith("scalar: "), choice.reason());
        assertFalse(choice.reason().contains("being tried"), choice.reason());
    }

    @Test
    void offTriesNothing() {
        System.setProperty(VectorMode.PROPERTY, "off");
        KernelChoice<TableKernel> choice = missing();
        assertSame(choice.scalar(), choice.current());
        assertTrue(choice.isDecided());
        assertEquals("scalar: octant.vector=off", choice.reason());
    }

    @Test
    void onIsAnErrorWhereNoVectorKernelCanBeUsed() {
        System.setProperty(VectorMode.PROPERTY, "on");
        IllegalStateException e =
                assertThrows(IllegalStateException.class, () -> missing().current());
        assertTrue(
                e.getMessage().startsWith("vector kernel for table must be usable where octant.vector=on, was not: "),
                e.getMessage());
    }

    @Test
    void warmUpWaitsForWhatTheCallNeeds() throws InterruptedException {
        VectorKernels.warmUp(() -> Kernels.TABLE.current());
        assertTrue(Kernels.TABLE.isDecided());
    }

    /** A trial that cannot be made would leave the scalar loop without a word but its reason. */
    @Test
    void everyTrialCanBeMade() {
        for (KernelChoice<?> choice : Kernels.all()) {
            assertDoesNotThrow(choice::trial, choice.name());
        }
    }

    @Test
    void anotherWordIsAnError() {
        System.setProperty(VectorMode.PROPERTY, "yes");
        IllegalArgumentException e =
                assertThrows(IllegalArgumentException.class, () -> missing().current());
        assertEquals("system property octant.vector must be auto, on or off, was 'yes'", e.getMessage());
    }

    static List<Throwable> refusals() {
        return List.of(
                new OutOfMemoryError(
                        "unable to create native thread: possibly out of memory or process/resource limits"),
                new SecurityException("access denied"),
                new IllegalThreadStateException("the group is destroyed"),
                new StackOverflowError());
    }

    /** The limit on threads of a container, say, is no concern of somebody who quantizes. */
    @ParameterizedTest
    @MethodSource("refusals")
    void whereNoThreadCanBeStartedTheScalarLoopIsTheChoice(Throwable refusal) throws InterruptedException {
        ProbeThread refused = new ProbeThread(body -> new UnstartableThread(refusal));
        for (int i = 0; i < 2; i++) {
            KernelChoice<TableKernel> choice = missing(refused);
            assertSame(choice.scalar(), choice.current());
            choice.await();
            assertTrue(choice.isDecided());
            assertEquals("scalar: no thread could be started to try a vector kernel, " + refusal, choice.reason());
        }
    }

    @Test
    void aThreadThatCannotEvenBeMadeIsNoErrorEither() throws InterruptedException {
        KernelChoice<TableKernel> choice = missing(new ProbeThread(body -> {
            throw new SecurityException("no more threads");
        }));
        choice.await();
        assertEquals(
                "scalar: no thread could be started to try a vector kernel,"
                        + " java.lang.SecurityException: no more threads",
                choice.reason());
    }

    /** A probe that could not be run is not run later, when its choice is made; those after it are. */
    @Test
    void afterARefusalTheNextThreadIsTriedAgain() throws InterruptedException {
        AtomicInteger made = new AtomicInteger();
        ProbeThread first = new ProbeThread(body ->
                made.getAndIncrement() == 0 ? new UnstartableThread(new OutOfMemoryError()) : ProbeThread.daemon(body));
        AtomicInteger trials = new AtomicInteger();
        KernelChoice<TableKernel> refused = counted(first, trials);
        refused.await();
        assertEquals(0, trials.get());
        KernelChoice<TableKernel> tried = counted(first, trials);
        tried.await();
        assertEquals(1, trials.get());
        assertEquals(2, made.get());
        assertFalse(tried.reason().contains("no thread"), tried.reason());
    }

    @Test
    void oneThreadRunsWhatIsThereAndEnds() throws InterruptedException {
        List<Thread> threads = new ArrayList<>();
        ProbeThread prober = new ProbeThread(body -> {
            threads.add(ProbeThread.daemon(body));
            return threads.get(threads.size() - 1);
        });
        KernelChoice<TableKernel> one = missing(prober);
        KernelChoice<TableKernel> two = missing(prober);
        one.current();
        two.current();
        one.await();
        two.await();
        assertEquals(1, threads.size());
        threads.get(0).join(); // or this test does not end
        missing(prober).await();
        assertEquals(2, threads.size());
    }

    /** Whatever a probe throws, who waits for it goes on, and so do the probes behind it. */
    @Test
    void aProbeThatThrowsIsAChoice() throws InterruptedException {
        ProbeThread prober = new ProbeThread(ProbeThread::daemon);
        KernelChoice<TableKernel> broken = new KernelChoice<>(
                prober,
                "table",
                new ScalarTable(),
                () -> {
                    throw new StackOverflowError("deep");
                },
                "NoSuchKernel");
        KernelChoice<TableKernel> next = missing(prober);
        broken.current();
        next.current();
        broken.await();
        next.await();
        assertSame(broken.scalar(), broken.current());
        assertEquals("scalar: trying a vector kernel failed, java.lang.StackOverflowError: deep", broken.reason());
    }

    @Test
    void aRunnableThatThrowsDoesNotStopTheOthers() throws InterruptedException {
        ProbeThread prober = new ProbeThread(ProbeThread::daemon);
        CountDownLatch ran = new CountDownLatch(1);
        prober.startNow();
        prober.submit(() -> {
            throw new AssertionError("of a probe");
        });
        prober.submit(ran::countDown);
        ran.await(); // or this test does not end
        assertEquals(0, ran.getCount());
    }

    /** An interrupt ends the wait; it is the first probe's to see. */
    @Test
    void anInterruptOfTheThreadIsKept() throws InterruptedException {
        ProbeThread prober = new ProbeThread(body -> ProbeThread.daemon(() -> {
            Thread.currentThread().interrupt();
            body.run();
        }));
        CountDownLatch ran = new CountDownLatch(1);
        AtomicReference<Boolean> interrupted = new AtomicReference<>();
        prober.submit(() -> {
            interrupted.set(Thread.interrupted());
            ran.countDown();
        });
        ran.await(); // or this test does not end
        assertEquals(true, interrupted.get());
    }

    @Test
    void aChoiceTellsWhatItChoosesFrom() {
        KernelChoice<TableKernel> choice = missing();
        assertEquals("table", choice.name());
        assertEquals(List.of("NoSuchKernel"), choice.candidates());
        assertNotSame(choice.trial(), choice.trial());
    }

    /** The thread that first calls a kernel may belong to an application that a server unloads. */
    @Test
    void theProbeThreadTakesNothingFromItsCaller() throws InterruptedException, IOException {
        InheritableThreadLocal<String> local = new InheritableThreadLocal<>();
        Thread caller = Thread.currentThread();
        ClassLoader usual = caller.getContextClassLoader();
        try (URLClassLoader application = new URLClassLoader(new URL[0])) {
            caller.setContextClassLoader(application);
            local.set("of the caller");
            AtomicReference<String> inherited = new AtomicReference<>("none yet");
            Thread thread = ProbeThread.daemon(() -> inherited.set(local.get()));
            assertSame(ClassLoader.getSystemClassLoader(), thread.getContextClassLoader());
            assertTrue(thread.isDaemon());
            thread.start();
            thread.join();
            assertNull(inherited.get());
        } finally {
            caller.setContextClassLoader(usual);
            local.remove();
        }
    }

    /** As a JVM that may have no more threads. */
    private static final class UnstartableThread extends Thread {
        private final Throwable refusal;

        UnstartableThread(Throwable refusal) {
            this.refusal = refusal;
        }

        @Override
        public synchronized void start() {
            if (refusal instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) refusal;
        }
    }

    private static KernelChoice<TableKernel> counted(ProbeThread prober, AtomicInteger trials) {
        return new KernelChoice<>(
                prober,
                "table",
                new ScalarTable(),
                () -> {
                    trials.incrementAndGet();
                    return new TableTrial();
                },
                "NoSuchKernel");
    }

    private static KernelChoice<TableKernel> missing(ProbeThread prober) {
        return new KernelChoice<>(prober, "table", new ScalarTable(), TableTrial::new, "NoSuchKernel");
    }

    private static KernelChoice<TableKernel> missing() {
        return new KernelChoice<>("table", new ScalarTable(), TableTrial::new, "NoSuchKernel");
    }
}
