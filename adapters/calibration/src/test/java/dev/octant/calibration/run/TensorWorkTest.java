// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TensorWorkTest {
    private static final List<Integer> TENSORS = IntStream.range(0, 50).boxed().toList();

    /** Also where the first tensor is done last. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 64})
    void whatComesOutIsInTheOrderOfTheTensors(int threads) {
        List<Integer> done = new ArrayList<>();
        Thread caller = Thread.currentThread();
        CountDownLatch second = new CountDownLatch(threads > 1 ? 1 : 0);
        TensorWork work = new TensorWork(threads, count -> {
            assertSame(caller, Thread.currentThread());
            done.add(count);
        });
        List<Integer> squares = work.map(TENSORS, tensor -> {
            if (tensor == 0) {
                await(second);
            } else if (tensor == 1) {
                second.countDown();
            }
            return tensor * tensor;
        });
        assertEquals(TENSORS.stream().map(n -> n * n).toList(), squares);
        assertEquals(IntStream.rangeClosed(1, 50).boxed().toList(), done);
    }

    /** A source that would have millions is asked for no more than two for each thread. */
    @Test
    void fewAreHeldAtATime() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicInteger taken = new AtomicInteger();
        int threads = 3;
        new TensorWork(threads, count -> {})
                .<Integer>each(
                        () -> {
                            int next = asked.getAndIncrement();
                            assertTrue(next - taken.get() <= 2 * threads, () -> next + " of " + taken);
                            return next < 1000 ? () -> next : null;
                        },
                        result -> assertEquals(taken.getAndIncrement(), result));
        assertEquals(1000, taken.get());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 4})
    void whatTheFirstThrowsIsThrown(int threads) {
        List<Integer> taken = new ArrayList<>();
        TensorWork work = new TensorWork(threads, taken::add);
        for (int first : new int[] {0, 7, 49}) {
            taken.clear();
            Exception thrown = assertThrows(
                    IllegalArgumentException.class,
                    () -> work.map(TENSORS, tensor -> {
                        if (tensor >= first) {
                            throw new IllegalArgumentException("tensor " + tensor);
                        }
                        return tensor;
                    }));
            assertEquals("tensor " + first, thrown.getMessage());
            assertEquals(first, taken.size());
        }
    }

    @Test
    void threadsAreWithinBounds() {
        for (int threads : new int[] {0, -1, 1025}) {
            assertThrows(IllegalArgumentException.class, () -> new TensorWork(threads, count -> {}));
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
