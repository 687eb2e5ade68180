// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts what calls allocate. */
final class Allocations {
    /** How often a call is made for each count. */
    static final int CALLS = 20;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private Allocations() {}

    static void assertNone(Runnable call) {
        assertEquals(0, fewestBytes(call));
    }

    /**
     * The bytes this thread allocates in some calls: the fewest of some rounds, since the JVM's own work may add
     * some, and vectors are objects until their loop is compiled.
     */
    static long fewestBytes(Runnable call) {
        long fewest = Long.MAX_VALUE;
        for (int round = 0; round < 500 && fewest > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
