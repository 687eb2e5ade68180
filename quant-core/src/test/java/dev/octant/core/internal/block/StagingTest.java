// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.block;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.TensorQuantizer;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class StagingTest {
    @Test
    void aCallFindsTheBlocksOfTheOneBefore() {
        Staging first = Staging.take();
        first.close();
        try (Staging second = Staging.take()) {
            assertSame(first, second);
        }
    }

    /** Those of the other tests may find what was made before them; in a class loader of its own the class is new. */
    @Test
    void theFirstCallsMakeTheirBlocksAndLaterOnesFindThem() throws Exception {
        URL place = Staging.class.getProtectionDomain().getCodeSource().getLocation();
        try (URLClassLoader loader = new URLClassLoader(new URL[] {place}, ClassLoader.getPlatformClassLoader())) {
            Class<?> type = loader.loadClass(Staging.class.getName());
            assertNotSame(Staging.class, type);
            Method take = type.getMethod("take");
            AutoCloseable first = (AutoCloseable) take.invoke(null);
            AutoCloseable second = (AutoCloseable) take.invoke(null);
            assertNotNull(first);
            assertNotNull(second);
            assertNotSame(first, second);
            second.close();
            assertSame(second, take.invoke(null));
            first.close();
            assertSame(first, take.invoke(null));
        }
    }

    @Test
    void aCallWithinACallGetsOthers() {
        try (Staging outer = Staging.take();
                Staging inner = Staging.take()) {
            assertNotSame(outer, inner);
            assertNotSame(outer.reals, inner.reals);
            assertNotSame(outer.codes, inner.codes);
            assertNotSame(outer.halves, inner.halves);
            assertNotSame(outer.otherCodes, inner.otherCodes);
            assertNotSame(outer.table, inner.table);
        }
    }

    @Test
    void blocksHoldWhatTheirCallersCount() {
        try (Staging block = Staging.take()) {
            assertEquals(Staging.BLOCK, block.reals.length);
            assertEquals(Staging.BLOCK, block.halves.length);
            assertEquals(Staging.CODES, block.codes.length);
            assertEquals(Staging.CODES, block.otherCodes.length);
            assertEquals(256, block.table.length);
        }
    }

    @Test
    void thereAreSlotsForAllThreadsThatCanRun() {
        assertTrue(Staging.SLOTS >= 2 * Runtime.getRuntime().availableProcessors());
        assertEquals(1, Integer.bitCount(Staging.SLOTS));
    }

    /** All at one time get blocks of their own; no more than there are slots are kept. */
    @Test
    void moreThanThereAreSlotsAreGarbageLater() {
        Set<Staging> first = takeAtOneTime(3 * Staging.SLOTS);
        assertEquals(3 * Staging.SLOTS, first.size());
        Set<Staging> second = takeAtOneTime(3 * Staging.SLOTS);
        assertEquals(3 * Staging.SLOTS, second.size());
        second.retainAll(first);
        assertEquals(Staging.SLOTS, second.size());
    }

    private static Set<Staging> takeAtOneTime(int count) {
        Set<Staging> taken = Collections.newSetFromMap(new IdentityHashMap<>());
        for (int i = 0; i < count; i++) {
            taken.add(Staging.take());
        }
        taken.forEach(Staging::close);
        return taken;
    }

    @Test
    void aCallThatIsRefusedLeavesTheBlocks() {
        Staging before = Staging.take();
        before.close();
        TensorQuantizer quantizer = TensorQuantizer.of(QuantParams.of(QuantType.INT8, 0.1f, 3));
        FloatBuffer reals = FloatBuffer.allocate(3 * Staging.BLOCK);
        ByteBuffer readOnly = ByteBuffer.allocate(reals.capacity()).asReadOnlyBuffer();
        for (int i = 0; i < 2 * Staging.SLOTS; i++) {
            assertThrows(IllegalArgumentException.class, () -> quantizer.quantize(reals.clear(), readOnly.clear()));
        }
        try (Staging after = Staging.take()) {
            assertSame(before, after);
        }
    }

    /** More threads than slots write into their blocks, and find nobody else's numbers there. */
    @Test
    void noTwoThreadsHaveTheSameBlocks() throws InterruptedException {
        int threads = 2 * Staging.SLOTS;
        CountDownLatch start = new CountDownLatch(threads);
        AtomicInteger disturbed = new AtomicInteger();
        List<Thread> started = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            byte own = (byte) t;
            Thread thread = new Thread(() -> {
                start.countDown();
                for (int i = 0; i < 500; i++) {
                    try (Staging block = Staging.take()) {
                        Arrays.fill(block.codes, own);
                        if (i % 16 == 0) {
                            // Others run while this one is half way.
                            LockSupport.parkNanos(1);
                        }
                        for (byte code : block.codes) {
                            if (code != own) {
                                disturbed.incrementAndGet();
                            }
                        }
                    }
                }
            });
            started.add(thread);
            thread.start();
        }
        for (Thread thread : started) {
            thread.join();
        }
        assertEquals(0, disturbed.get());
    }
}
