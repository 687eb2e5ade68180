// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.choice;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread for all probes, one after the other, so that none disturbs another's timing; gone when there is
 * none left.
 *
 * <p>To try a kernel costs about a second of a processor, most of it the JIT compiler's. A process that is soon over
 * would pay that for nothing, so the first probe waits a while, unless somebody waits for it.
 *
 * <p>The thread is started from whatever thread first calls a kernel, which may belong to an application that a
 * server will unload. So it takes over neither that thread's class loader nor its thread locals.
 */
final class ProbeThread {
    /** The one that all kernels share. */
    static final ProbeThread SHARED = new ProbeThread(ProbeThread::daemon);

    private static final long PATIENCE_MILLIS = 1_000;

    private final ThreadFactory threads;
    private final CountDownLatch startNow = new CountDownLatch(1);

    /** Probes not yet begun, and the wait before the first; guarded by this object, as {@link #running}. */
    private final Queue<Runnable> waiting = new ArrayDeque<>();

    private boolean running;

    /**
     * @param threads makes the thread, each time one is needed
     */
    ProbeThread(ThreadFactory threads) {
        this.threads = threads;
        waiting.add(this::waitAWhile);
    }

    /**
     * Runs {@code probe} soon. Throws whatever kept a thread from being started, mostly an {@link OutOfMemoryError};
     * then the probe is not run.
     */
    synchronized void submit(Runnable probe) {
        waiting.add(probe);
        if (!running) {
            try {
                threads.newThread(this::runAll).start();
                running = true;
            } finally {
                if (!running) {
                    waiting.remove(probe);
                }
            }
        }
    }

    /** Ends the wait: somebody needs a choice now. */
    void startNow() {
        startNow.countDown();
    }

    private void runAll() {
        for (Runnable probe = next(); probe != null; probe = next()) {
            try {
                probe.run();
            } catch (Throwable e) {
                // The others are run all the same; a probe sees to it that its choice is made whatever happens.
            }
        }
    }

    /** Null when none is left, which ends this thread: who submits the next one starts another. */
    private synchronized Runnable next() {
        Runnable probe = waiting.poll();
        running = probe != null;
        return probe;
    }

    private void waitAWhile() {
        try {
            // Either way the probes go on.
            boolean ignored = startNow.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    static Thread daemon(Runnable body) {
        Thread thread = new Thread(null, body, "octant-probe", 0, false);
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.setDaemon(true);
        return thread;
    }
}
