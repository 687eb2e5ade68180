package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

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
        while (!callerIsDone.get() || caller.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        caller.interrupt();
        caller.join(50);
        assertTrue(caller.isAlive());
        helperMayEnd.countDown();
        caller.join();
        assertEquals(true, outcome.get());
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
