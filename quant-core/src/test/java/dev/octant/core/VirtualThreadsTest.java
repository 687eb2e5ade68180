// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a call on buffers costs a thread that lives on: nothing. */
class VirtualThreadsTest {
    private static final int THREADS = 100_000;
    private static final long MOST_BYTES = 200_000_000;

    @Test
    void aHundredThousandThreadsThatMadeACallTakeLittleMemory() throws InterruptedException {
        Assumptions.assumeTrue(VirtualThreads.EXIST, "virtual threads need JDK 21");
        TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.INT8, 0.1f, 3));
        quantizer.quantize(Memory.HEAP.floats(8), Memory.HEAP.bytes(8));
        ThreadFactory factory = VirtualThreads.factory();
        CountDownLatch called = new CountDownLatch(THREADS);
        CountDownLatch end = new CountDownLatch(1);
        AtomicInteger right = new AtomicInteger();
        List<Thread> threads = new ArrayList<>(THREADS);
        long before = usedBytes();
        for (int i = 0; i < THREADS; i++) {
            float real = i % 100 * 0.1f;
            int code = i % 100 + 3;
            Thread thread = factory.newThread(() -> {
                if (code == quantized(quantizer, real)) {
                    right.incrementAndGet();
                }
                called.countDown();
                awaitQuietly(end);
            });
            thread.start();
            threads.add(thread);
        }
        called.await();
        long bytes = usedBytes() - before;
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertEquals(THREADS, right.get());
        assertTrue(bytes < MOST_BYTES, () -> THREADS + " threads took " + bytes + " bytes");
    }

    private static int quantized(TensorQuantizer quantizer, float real) {
        ByteBuffer code = ByteBuffer.allocate(1);
        quantizer.quantize(FloatBuffer.wrap(new float[] {real}), code);
        return code.get(0);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Live objects, and little else: the least of some collections. */
    private static long usedBytes() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }
}
