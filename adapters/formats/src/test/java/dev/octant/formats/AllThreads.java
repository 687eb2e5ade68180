// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/** What all threads together allocate, those that have ended too: JDK 21 and later count it. */
public final class AllThreads {
    private AllThreads() {}

    /** Work that may fail to read. */
    @FunctionalInterface
    public interface Work {
        void run() throws IOException;
    }

    /** The least that a few runs allocate: a compiler or another test in the same JVM may add to any one of them. */
    public static long allocatedBy(Work work) throws IOException {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            long before = allocated();
            work.run();
            least = Math.min(least, allocated() - before);
        }
        return least;
    }

    private static long allocated() {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        try {
            // By name: the classes of JDK 17, against which tests are compiled, lack it.
            return (Long) Class.forName("com.sun.management.ThreadMXBean")
                    .getMethod("getTotalThreadAllocatedBytes")
                    .invoke(threads);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }
}
