// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

@Timeout(60)
class ParallelRangesTest {
    private final ExecutorService pool = Executors.newFixedThreadPool(3);

    @AfterEach
    void shutDown() {
        pool.shutdownNow();
    }

    @Test
    void everyElementOnceAndOnlyWholeUnits() throws InterruptedException {
        for (int length = 0; length < 200; length++) {
            for (int parallelism = 1; parallelism <= 5; parallelism++) {
                for (int unit : new int[] {1, 7, 64}) {
                    int[] seen = new int[length];
                    AtomicInteger ranges = new AtomicInteger();
                    AtomicBoolean torn = new AtomicBoolean();
                    int end = length;
                    new ParallelRanges(pool, parallelism, unit).run(length, (from, n) -> {
                        ranges.incrementAndGet();
                        if (n < 1 || from % unit != 0 || ((from + n) % unit != 0 && from + n != end)) {
                            torn.set(true);
                        }
                        for (int i = from; i < from + n; i++) {
                            seen[i]++;
                        }
                    });
                    for (int count : seen) {
                        assertEquals(1, count);
                    }
                    assertFalse(torn.get());
                    assertEquals(Math.min(parallelism, (length + unit - 1) / unit), ranges.get());
                }
            }
        }
    }

    @Test
    void theLargestLengthDoesNotOverflow() throws InterruptedException {
        List<Integer> lengths = new ArrayList<>();
        new ParallelRanges(Runnable::run, 3, 64).run(Integer.MAX_VALUE, (from, n) -> lengths.add(n));
        assertEquals(3, lengths.size());
        assertEquals(Integer.MAX_VALUE, lengths.stream().mapToLong(n -> n).sum());
    }

    @Test
    void theResultDoesNotDependOnTheCut() throws InterruptedException {
        Random random = new Random(1);
        float[] values = new float[10_007];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.UINT8, 0.03f, 100));
        byte[] expected = new byte[values.length];
        quantizer.quantize(values, 0, expected, 0, values.length);
        for (int parallelism = 1; parallelism <= 4; parallelism++) {
            byte[] actual = new byte[values.length];
            new ParallelRanges(pool, parallelism, 64)
                    .run(values.length, (from, n) -> quantizer.quantize(values, from, actual, from, n));
            assertArrayEquals(expected, actual);
        }
    }

    @Test
    void theLineOfThePage() throws Exception {
        Executor executor = pool;
        float[] values = {0.1f, -3, 70, 0, Float.NaN};
        TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.INT8, 0.5f, 3));
        byte[] codes = new byte[values.length];
        new ParallelRanges(executor, 2, 64)
                .run(values.length, (from, n) -> quantizer.quantize(values, from, codes, from, n));
        assertArrayEquals(quantizer.quantize(values).codes(), codes);
        String source = Files.readString(Path.of("src/test/java/dev/octant/core/ParallelRangesTest.java"));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(Path.of("../docs/performance.md")));
        assertTrue(block.find());
        assertTrue(source.replaceAll("\\s+", "").contains(block.group(1).replaceAll("\\s+", "")), block::group);
        assertFalse(block.find());
    }

    @Test
    void otherThreadsHelp() throws InterruptedException {
        CountDownLatch both = new CountDownLatch(2);
        new ParallelRanges(pool, 2, 1).run(2, (from, n) -> {
            both.countDown();
            waitFor(both);
        });
        assertEquals(0, both.getCount());
    }

    @Test
    void anExecutorThatRejectsOrNeverRunsLeavesTheWorkToTheCaller() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        ParallelRanges.RangeTask task = (from, n) -> done.addAndGet(n);
        new ParallelRanges(
                        command -> {
                            throw new RejectedExecutionException();
                        },
                        4,
                        1)
                .run(10, task);
        new ParallelRanges(command -> {}, 4, 1).run(10, task);
        assertEquals(20, done.get());
    }

    @Test
    void whatATaskThrowsIsThrownOnAndTheRestLeftOut() {
        IllegalStateException failure = new IllegalStateException("first");
        List<Integer> begun = new ArrayList<>();
        ParallelRanges ranges = new ParallelRanges(command -> {}, 4, 1);
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> ranges.run(4, (from, n) -> {
                    begun.add(from);
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertEquals(List.of(0), begun);
    }

    @Test
    void twoFailuresAreOneWithTheOtherSuppressed() {
        CountDownLatch both = new CountDownLatch(2);
        AssertionError thrown = assertThrows(
                AssertionError.class,
                () -> new ParallelRanges(pool, 2, 1).run(2, (from, n) -> {
                    both.countDown();
                    waitFor(both);
                    throw new AssertionError("range at " + from);
                }));
        assertEquals("range at 0", thrown.getMessage());
        assertEquals(1, thrown.getSuppressed().length);
        assertEquals("range at 1", thrown.getSuppressed()[0].getMessage());
    }

    @Test
    void anInterruptedCallerWaitsForWhatHasBegun() throws InterruptedException {
        CountDownLatch helperRuns = new CountDownLatch(1);
        CountDownLatch helperMayEnd = new CountDownLatch(1);
        AtomicBoolean callerIsDone = new AtomicBoolean();
        AtomicBoolean helperEnded = new AtomicBoolean();
        AtomicReference<Object> outcome = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            Thread self = Thread.currentThread();
            try {
                new ParallelRanges(pool, 2, 1).run(2, (from, n) -> {
                    if (Thread.currentThread() == self) {
                        waitFor(helperRuns);
                        callerIsDone.set(true);
                    } else {
                        helperRuns.countDown();
                        waitFor(helperMayEnd);
                        helperEnded.set(true);
                    }
                });
            } catch (InterruptedException e) {
                outcome.set(helperEnded.get());
            }
        });
        caller.start();
        waitFor(helperRuns);
        waitUntil(() -> callerIsDone.get() && caller.getState() == Thread.State.WAITING);
        caller.interrupt();
        caller.join(50);
        assertTrue(caller.isAlive());
        helperMayEnd.countDown();
        caller.join();
        assertEquals(true, outcome.get());
    }

    static List<Throwable> failuresOfExecutors() {
        return List.of(
                new IllegalStateException("pool is closed"),
                new NullPointerException(),
                new OutOfMemoryError("unable to create native thread"),
                new AssertionError("broken"),
                new IOException("sneaked out"));
    }

    /** The executor has begun to help before it throws. */
    @ParameterizedTest
    @MethodSource("failuresOfExecutors")
    void anExecutorThatThrowsWhileItHelpsIsWaitedFor(Throwable failure) {
        Thread caller = Thread.currentThread();
        AtomicInteger begun = new AtomicInteger();
        AtomicBoolean helperEnded = new AtomicBoolean();
        AtomicBoolean executorThrows = new AtomicBoolean();
        CountDownLatch helperBegan = new CountDownLatch(1);
        Executor broken = command -> {
            pool.execute(command);
            waitFor(helperBegan);
            executorThrows.set(true);
            throw ParallelRangesTest.<RuntimeException>sneaked(failure);
        };
        Throwable thrown = assertThrows(
                Throwable.class,
                () -> new ParallelRanges(broken, 4, 1).run(4, (from, n) -> {
                    begun.incrementAndGet();
                    helperBegan.countDown();
                    waitUntil(() -> executorThrows.get() && caller.getState() == Thread.State.WAITING);
                    helperEnded.set(true);
                }));
        assertTrue(helperEnded.get());
        assertSame(failure, thrown);
        assertEquals(1, begun.get(), "ranges not begun are left out");
    }

    /** The executor has put the helper into its queue before it throws. */
    @ParameterizedTest
    @MethodSource("failuresOfExecutors")
    void aHelperThatStartsAfterTheCallDoesNothing(Throwable failure) {
        List<Runnable> queue = new ArrayList<>();
        AtomicInteger begun = new AtomicInteger();
        Executor broken = command -> {
            queue.add(command);
            throw ParallelRangesTest.<RuntimeException>sneaked(failure);
        };
        ParallelRanges ranges = new ParallelRanges(broken, 4, 1);
        assertSame(failure, assertThrows(Throwable.class, () -> ranges.run(4, (from, n) -> begun.incrementAndGet())));
        queue.forEach(Runnable::run);
        assertEquals(0, begun.get());
    }

    @Test
    void aHelperThatTheExecutorKeepsBackDoesNothingLater() throws InterruptedException {
        List<Runnable> queue = new ArrayList<>();
        AtomicInteger begun = new AtomicInteger();
        new ParallelRanges(queue::add, 4, 1).run(4, (from, n) -> begun.incrementAndGet());
        assertEquals(4, begun.get());
        assertEquals(3, queue.size());
        queue.forEach(Runnable::run);
        assertEquals(4, begun.get());
    }

    /** On the calling thread, and then it throws. */
    @Test
    void anExecutorThatThrowsAfterItHasDoneAllIsStillAFailure() {
        IllegalStateException failure = new IllegalStateException();
        AtomicInteger done = new AtomicInteger();
        Executor broken = command -> {
            command.run();
            throw failure;
        };
        ParallelRanges ranges = new ParallelRanges(broken, 3, 1);
        assertSame(
                failure,
                assertThrows(IllegalStateException.class, () -> ranges.run(10, (from, n) -> done.addAndGet(n))));
        assertEquals(10, done.get());
        assertEquals(0, failure.getSuppressed().length);
    }

    @Test
    void whatRangesThrowIsSuppressedWhenTheExecutorThrowsToo() {
        IllegalStateException ofExecutor = new IllegalStateException("of the executor");
        Executor broken = command -> {
            command.run();
            throw ofExecutor;
        };
        ParallelRanges ranges = new ParallelRanges(broken, 3, 1);
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> ranges.run(3, (from, n) -> {
                    throw new ArithmeticException("of range " + from);
                }));
        assertSame(ofExecutor, thrown);
        assertEquals(1, thrown.getSuppressed().length);
        assertEquals("of range 0", thrown.getSuppressed()[0].getMessage());
    }

    /** Kotlin and Lombok let a task throw what Java's compiler would not. */
    @Test
    void aCheckedExceptionIsThrownOnAsItIs() {
        IOException failure = new IOException("disk");
        ParallelRanges ranges = new ParallelRanges(Runnable::run, 2, 1);
        Throwable thrown = assertThrows(
                Throwable.class,
                () -> ranges.run(2, (from, n) -> {
                    throw ParallelRangesTest.<RuntimeException>sneaked(failure);
                }));
        assertSame(failure, thrown);
    }

    @Test
    void oneExceptionThrownByAllRangesIsNotSuppressedByItself() {
        CountDownLatch both = new CountDownLatch(2);
        IllegalStateException failure = new IllegalStateException();
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> new ParallelRanges(pool, 2, 1).run(2, (from, n) -> {
                    both.countDown();
                    waitFor(both);
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertEquals(0, thrown.getSuppressed().length);
    }

    @Test
    void anInterruptedThreadThatNeedsNobodyDoesTheWorkAndStaysInterrupted() throws InterruptedException {
        AtomicInteger done = new AtomicInteger();
        Thread.currentThread().interrupt();
        try {
            new ParallelRanges(pool, 1, 1).run(10, (from, n) -> done.addAndGet(n));
            new ParallelRanges(command -> {}, 4, 1).run(10, (from, n) -> done.addAndGet(n));
            new ParallelRanges(Runnable::run, 4, 1).run(10, (from, n) -> done.addAndGet(n));
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(30, done.get());
    }

    /** Interrupted before the call, it waits all the same for the helper to end. */
    @Test
    void anInterruptedThreadThatHasToWaitThrowsWhenTheHelpersHaveEnded() {
        AtomicBoolean helperEnded = new AtomicBoolean();
        Thread self = Thread.currentThread();
        self.interrupt();
        assertThrows(InterruptedException.class, () -> runWithHelper(self, () -> helperEnded.set(true)));
        assertTrue(helperEnded.get());
        assertFalse(Thread.interrupted(), "the exception takes the flag's place");
    }

    @Test
    void whatARangeThrowsComesBeforeAnInterruptThatIsKept() {
        IllegalStateException failure = new IllegalStateException();
        Thread self = Thread.currentThread();
        self.interrupt();
        IllegalStateException thrown = assertThrows(
                IllegalStateException.class,
                () -> runWithHelper(self, () -> {
                    throw failure;
                }));
        assertSame(failure, thrown);
        assertTrue(Thread.interrupted());
    }

    /**
     * Two ranges: one of the calling thread, and one of a helper that ends in {@code end} when the caller waits for
     * it.
     */
    private void runWithHelper(Thread self, Runnable end) throws InterruptedException {
        CountDownLatch helperBegan = new CountDownLatch(1);
        new ParallelRanges(pool, 2, 1).run(2, (from, n) -> {
            if (Thread.currentThread() == self) {
                waitUntil(() -> helperBegan.getCount() == 0);
            } else {
                helperBegan.countDown();
                waitUntil(() -> self.getState() == Thread.State.WAITING);
                end.run();
            }
        });
    }

    /**
     * Or until this test is over, which ends its threads. Does not park: that is how a thread looks that waits for
     * others.
     */
    private void waitUntil(BooleanSupplier condition) {
        while (!condition.getAsBoolean() && !pool.isShutdown()) {
            Thread.onSpinWait();
        }
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E sneaked(Throwable failure) throws E {
        throw (E) failure;
    }

    @Test
    void badArgumentsAreRefused() {
        assertEquals(
                "parallelism must be positive, was 0",
                assertThrows(IllegalArgumentException.class, () -> new ParallelRanges(pool, 0, 1))
                        .getMessage());
        assertEquals(
                "unit must be positive, was 0",
                assertThrows(IllegalArgumentException.class, () -> new ParallelRanges(pool, 1, 0))
                        .getMessage());
        assertEquals(
                "length must not be negative, was -1",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ParallelRanges(pool, 1, 1).run(-1, (from, n) -> {}))
                        .getMessage());
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
