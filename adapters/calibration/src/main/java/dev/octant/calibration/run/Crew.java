// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads of a run. All are started at once; where the operating system gives fewer, there are fewer.
 */
final class Crew implements AutoCloseable {
    private final ThreadPoolExecutor threads;

    private Crew(ThreadPoolExecutor threads) {
        this.threads = threads;
    }

    /** Threads that do not keep a process alive. */
    static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "octant-calibrate");
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Starts threads.
     *
     * @param most how many, at least 1
     * @throws IllegalStateException if not one can be started
     */
    static Crew start(int most, ThreadFactory factory) {
        ThreadPoolExecutor threads =
                new ThreadPoolExecutor(most, most, 0, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), factory);
        try {
            threads.prestartAllCoreThreads();
        } catch (OutOfMemoryError e) {
            // Not the heap: the message is "unable to create native thread".
            int started = threads.getPoolSize();
            if (started == 0) {
                threads.shutdownNow();
                throw new IllegalStateException(
                        "operating system must let the process start a thread to read on, was refusing", e);
            }
            threads.setCorePoolSize(started);
            threads.setMaximumPoolSize(started);
        }
        return new Crew(threads);
    }

    /** How many threads there are. */
    int size() {
        return threads.getCorePoolSize();
    }

    ThreadPoolExecutor threads() {
        return threads;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
