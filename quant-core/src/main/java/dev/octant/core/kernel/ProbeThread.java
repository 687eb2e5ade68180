package dev.octant.core.kernel;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** One daemon thread for all probes, one after the other, so that none disturbs another's timing; gone when idle. */
final class ProbeThread {
    private static final ThreadPoolExecutor EXECUTOR =
            new ThreadPoolExecutor(1, 1, 1, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), ProbeThread::daemon);

    static {
        EXECUTOR.allowCoreThreadTimeOut(true);
    }

    private ProbeThread() {}

    static void submit(Runnable probe) {
        EXECUTOR.execute(probe);
    }

    private static Thread daemon(Runnable body) {
        Thread thread = new Thread(body, "octant-probe");
        thread.setDaemon(true);
        return thread;
    }
}
