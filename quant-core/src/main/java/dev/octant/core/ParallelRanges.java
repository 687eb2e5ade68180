// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import dev.octant.core.internal.text.Given;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.commons.lang3.Validate;

/**
 * Runs work on a large array in ranges, on several threads of the caller's.
 *
 * <pre>
 * new ParallelRanges(executor, 4, 64).run(length, (from, n) -&gt;
 *         quantizer.quantize(values, from, codes, from, n));
 * </pre>
 *
 * <p>No call of these libraries uses more threads than it was called on: most end before another thread wakes up. On
 * arrays of some megabytes a second thread may pay. Runs over files, in the module calibration, have threads of their
 * own.
 *
 * <p>Shapes: {@code [0, length)} is cut into at most {@code parallelism} ranges of nearly equal length; each begins
 * at a multiple of {@code unit}, and only the last may end elsewhere. For a {@link ChannelQuantizer} the unit is a
 * multiple of its layout's period. Element-wise work gives the same result for every cut.
 *
 * <p>The calling thread works as well, and takes every range that no other thread has begun. So the work is done even
 * if the executor is busy, or rejects it with a {@link RejectedExecutionException}, and calls may be nested. A helper
 * that the executor starts later does nothing.
 *
 * <p>Errors: if ranges throw, what the first of them in the array threw is thrown on, with the others' as suppressed;
 * ranges not yet begun are left out. It is the same object, a checked exception too, if the task has found a way to
 * throw one. Whatever else the executor throws is treated as if a range before all others had thrown it. In every
 * case {@link #run} returns or throws only when nothing works on the arrays any more.
 *
 * <p>Interruption: the calling thread's is noticed only while it waits for ranges that others have begun; it waits to
 * the end of them, then throws {@link InterruptedException}. If ranges have thrown, that is thrown instead, and the
 * thread stays interrupted. Where nothing has to be waited for, as on one thread, an interrupted thread does the work
 * and stays interrupted.
 *
 * <p>Immutable and thread safe.
 *
 * @param executor whose threads help
 * @param parallelism the most ranges, and so threads, the calling one included; positive
 * @param unit elements that must not be torn apart; positive, 64 keeps the threads' cache lines apart
 */
public record ParallelRanges(Executor executor, int parallelism, int unit) {
    public ParallelRanges {
        Validate.notNull(executor, "executor must be given, was null");
        Validate.isTrue(parallelism > 0, "parallelism must be positive, was %s", parallelism);
        Validate.isTrue(unit > 0, "unit must be positive, was %s", unit);
    }

    /** Work on a part of an array; must not depend on what other parts' work does. */
    @FunctionalInterface
    public interface RangeTask {
        /** Works on {@code length} elements, at least one, from {@code from} on. */
        void run(int from, int length);
    }

    /**
     * Runs {@code task} on every range and waits for it. A length of 0 runs nothing.
     *
     * @throws InterruptedException if the calling thread is interrupted, before or while it waits for other threads;
     *     some ranges may not have been run
     */
    public void run(int length, RangeTask task) throws InterruptedException {
        Given.require("task", task);
        Validate.isTrue(length >= 0, "length must not be negative, was %s", length);
        int ranges = (int) Math.min(parallelism, ((long) length + unit - 1) / unit);
        if (ranges > 0) {
            new Run(length, ranges, task).all();
        }
    }

    /** One call of {@link #run}. */
    private final class Run {
        private final int length;
        private final int ranges;
        private final RangeTask task;
        private final AtomicInteger begun = new AtomicInteger();
        private final CountDownLatch open;

        /** By range; written before the latch is counted down. */
        private final Throwable[] failures;

        private volatile boolean stopped;

        Run(int length, int ranges, RangeTask task) {
            this.length = length;
            this.ranges = ranges;
            this.task = task;
            this.open = new CountDownLatch(ranges);
            this.failures = new Throwable[ranges];
        }

        void all() throws InterruptedException {
            Throwable refusal = null;
            try {
                for (int helper = 1; helper < ranges; helper++) {
                    executor.execute(this::work);
                }
            } catch (RejectedExecutionException e) {
                // What nobody else takes is done below.
            } catch (Throwable e) {
                // Helpers may have begun all the same.
                stopped = true;
                refusal = e;
            }
            work();
            boolean interrupted = await();
            Throwable failure = failure(refusal);
            if (failure != null) {
                if (interrupted) {
                    Thread.currentThread().interrupt();
                }
                throw ParallelRanges.<RuntimeException>unchecked(failure);
            }
            if (interrupted) {
                throw new InterruptedException("interrupted while other threads worked on their ranges");
            }
        }

        /** Takes ranges until none is left. */
        private void work() {
            for (int range = begun.getAndIncrement(); range < ranges; range = begun.getAndIncrement()) {
                try {
                    if (!stopped) {
                        int from = start(range);
                        task.run(from, start(range + 1) - from);
                    }
                } catch (Throwable e) {
                    failures[range] = e;
                    stopped = true;
                } finally {
                    open.countDown();
                }
            }
        }

        /** In units the ranges differ by one at most. */
        private int start(int range) {
            long units = ((long) length + unit - 1) / unit;
            return (int) Math.min(length, units * range / ranges * unit);
        }

        /** Waits for all ranges in any case; returns whether the thread was interrupted meanwhile. */
        private boolean await() {
            boolean interrupted = false;
            while (open.getCount() > 0) {
                try {
                    open.await();
                } catch (InterruptedException e) {
                    stopped = true;
                    interrupted = true;
                }
            }
            return interrupted;
        }

        /** The first failure, with those that follow as suppressed, or null. */
        private Throwable failure(Throwable refusal) {
            Throwable first = refusal;
            for (Throwable failure : failures) {
                if (first == null) {
                    first = failure;
                } else if (failure != null && failure != first) {
                    first.addSuppressed(failure);
                }
            }
            return first;
        }
    }

    /** Throws any exception as it is; the compiler takes it for an {@code E}. */
    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <E extends Throwable> E unchecked(Throwable failure) throws E {
        throw (E) failure;
    }
}
