package dev.octant.core.kernel;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * One daemon thread for all probes, one after the other, so that none disturbs another's timing; gone when idle.
 *
 * <p>To try a kernel costs about a second of a processor, most of it the JIT compiler's. A process that is soon over would pay
 * that for nothing, so the first probe waits a while, unless somebody waits for it.
 */
final class ProbeThread {
    private static final long PATIENCE_MILLIS = 1_000;

    private static final CountDownLatch HURRY = new CountDownLatch(1);

    private static final ThreadPoolExecutor EXECUTOR =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ProbeThread::daemon);

    static {
        EXECUTOR.allowCoreThreadTimeOut(true);
        EXECUTOR.execute(ProbeThread::waitAWhile);
    }

    private ProbeThread() {}

    static void submit(Runnable probe) {
        EXECUTOR.execute(probe);
    }

    /** Ends the wait: somebody needs a choice now. */
    static void hurry() {
        HURRY.countDown();
    }

    private static void waitAWhile() {
        try {
            // Either way the probes go on.
            boolean ignored = HURRY.await(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "octant-probe");
        thread.setDaemon(true);
        return thread;
    }
}
