// SPDX-License-Identifier: Apache-2.0
package dev.octant.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.block.Staging;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** What a call on buffers costs a thread that lives on: nothing. */
class VirtualThreadsTest {
    private static final int THREADS = 100_000;

    /** A part of what a call on buffers of heap stages its values in, which a thread must not keep. */
    private static final long MOST_BYTES_OF_A_CALL = Staging.CODES / 8;

    @Test
    void aHundredThousandThreadsThatMadeACallTakeNoMoreMemoryThanOthers() throws InterruptedException {
        Assumptions.assumeTrue(VirtualThreads.EXIST, "virtual threads need JDK 21");
        TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.INT8, 0.1f, 3));
        quantizer.quantize(Memory.HEAP.floats(8), Memory.HEAP.bytes(8));
        AtomicInteger right = new AtomicInteger();
        long idle = bytesOfThreads(i -> right.incrementAndGet());
        assertEquals(THREADS, right.getAndSet(0));
        long called = bytesOfThreads(i -> {
            if (i % 100 + 3 == quantized(quantizer, i % 100 * 0.1f)) {
                right.incrementAndGet();
            }
        });
        assertEquals(THREADS, right.get());
        assertTrue(
                called - idle < THREADS * MOST_BYTES_OF_A_CALL,
                () -> THREADS + " threads took " + called + " bytes, and " + idle + " without a call");
    }

    /** What the threads hold that have done this and live on. */
    private static long bytesOfThreads(IntConsumer work) throws InterruptedException {
        ThreadFactory factory = VirtualThreads.factory();
        CountDownLatch done = new CountDownLatch(THREADS);
        CountDownLatch end = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>(THREADS);
        long before = usedBytes();
        for (int i = 0; i < THREADS; i++) {
            int number = i;
            Thread thread = factory.newThread(() -> {
                work.accept(number);
                done.countDown();
                awaitQuietly(end);
            });
            thread.start();
            threads.add(thread);
        }
        done.await();
        long bytes = usedBytes() - before;
        end.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        return bytes;
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
