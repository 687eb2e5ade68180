// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;

/**
 * Work on files that goes on when the thread that asked for it is interrupted: an interrupt would close the file
 * under it. The work is done on a thread of its own, and the interrupt is left for the caller to see when it is done.
 */
final class Uninterrupted {
    private Uninterrupted() {}

    /** Does the work and waits for it; what it throws is thrown on. */
    static <T> T call(Callable<T> work) throws IOException {
        FutureTask<T> task = new FutureTask<>(work);
        Thread thread = new Thread(task, "octant-files");
        thread.setDaemon(true);
        try {
            thread.start();
        } catch (OutOfMemoryError e) {
            // No further thread: an interrupt can then spoil it, but nothing else does.
            task.run();
        }
        return get(task);
    }

    /** What comes of work that another thread does, however often this one is interrupted. */
    static <T> T get(Future<T> work) throws IOException {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return work.get();
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (ExecutionException e) {
            throw Thrown.again(e.getCause());
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
