// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.ranges;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Turns Ctrl-C and SIGTERM into a request to stop while it is open, and has the JVM wait until it is closed: so that
 * what was done is kept.
 */
final class Interruption implements AutoCloseable {
    /**
     * A block takes milliseconds and a checkpoint seldom a second; a hanging disk must not hold the process for ever.
     */
    private static final long MOST_SECONDS = 60;

    private final CountDownLatch closed = new CountDownLatch(1);
    private final Thread hook;

    private Interruption(Runnable stop) {
        hook = new Thread(() -> {
            stop.run();
            try {
                closed.await(MOST_SECONDS, TimeUnit.SECONDS);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Has {@code stop} called when the process is asked to end. */
    static Interruption calling(Runnable stop) {
        return new Interruption(stop);
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // The process is ending, and the hook has been told.
            return;
        }
    }
}
