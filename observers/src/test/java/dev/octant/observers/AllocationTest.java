// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Observing arrays allocates nothing, and neither do the counts on their way to the bins they belong in. */
class AllocationTest {
    private static final int LENGTH = 20_000;
    private static final int CALLS = 20;
    private static final int ATTEMPTS = 10;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    @Test
    void countsAreMovedWithoutGarbage() {
        // A seventh of the values is small, so that bins are moved in some of the calls.
        float[] values = new float[LENGTH];
        Random random = new Random(1);
        for (int i = 0; i < LENGTH; i++) {
            values[i] = random.nextInt(7) == 0 ? 0x1p-14f * random.nextFloat() : (float) random.nextGaussian();
        }
        HistogramObserver histogram = new HistogramObserver();
        MinMaxObserver ends = new MinMaxObserver();
        assertEquals(0, fewestBytes(() -> histogram.observe(values)));
        assertEquals(0, fewestBytes(() -> ends.observe(values)));
    }

    /** The fewest of some attempts, since the JVM itself may allocate something now and then. */
    private static long fewestBytes(Runnable call) {
        long fewest = Long.MAX_VALUE;
        for (int attempt = 0; attempt < ATTEMPTS && fewest > 0; attempt++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < CALLS; i++) {
                call.run();
            }
            fewest = Math.min(fewest, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        return fewest;
    }
}
