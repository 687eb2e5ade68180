// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.core.internal.text.Given;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.apache.commons.lang3.Validate;

/**
 * Work that each tensor needs apart from the others, as choosing its ranges is: several tensors at a time. What comes
 * out is taken in the order of the tensors on the caller's thread, so it does not depend on the number of threads.
 * Memory is that of at most two tensors for each thread. Immutable, and as thread safe as {@code done}.
 *
 * @param threads how many tensors are worked on at a time, 1 to {@value RunSettings#MOST_THREADS}; 1 is the caller's
 *     thread
 * @param done is told on the caller's thread how many tensors are done, after each
 */
public record TensorWork(int threads, IntConsumer done) {
    /** On the caller's thread alone, and nobody is told. */
    public static final TensorWork ALONE = new TensorWork(1, count -> {});

    public TensorWork {
        Given.require("done", done);
        Validate.isTrue(
                threads >= 1 && threads <= RunSettings.MOST_THREADS,
                "threads must be within 1..%s, was %s",
                RunSettings.MOST_THREADS,
                threads);
    }

    /** As many threads as there are processors, at most 4, as {@link RunSettings#of} has. */
    public static int usualThreads() {
        return Math.min(4, Runtime.getRuntime().availableProcessors());
    }

    /** Tensors, one after the other. */
    @FunctionalInterface
    public interface Source<R> {
        /** The work of the next tensor, or null where there is none. */
        Supplier<R> next() throws IOException;
    }

    /**
     * Does the work of every tensor. What it throws is thrown on, that of the first tensor which throws.
     *
     * @param taker takes what came out, in the order of the tensors, on this thread
     * @throws IOException if the source does
     */
    public <R> void each(Source<R> source, Consumer<R> taker) throws IOException {
        Given.require("source", source);
        Given.require("taker", taker);
        int taken = 0;
        Supplier<R> work = source.next();
        if (threads == 1) {
            for (; work != null; work = source.next()) {
                taker.accept(work.get());
                done.accept(++taken);
            }
            return;
        }
        try (Crew crew = Crew.start(threads, Crew::daemon)) {
            Deque<Future<R>> begun = new ArrayDeque<>();
            while (work != null || !begun.isEmpty()) {
                if (work != null && begun.size() < 2 * crew.size()) {
                    begun.add(crew.threads().submit(work::get));
                    work = source.next();
                } else {
                    taker.accept(Uninterrupted.get(begun.remove()));
                    done.accept(++taken);
                }
            }
        }
    }

    /** The same for tensors that are at hand. */
    public <T, R> List<R> map(Collection<T> tensors, Function<T, R> work) {
        Given.require("tensors", tensors);
        Given.require("work", work);
        List<R> results = new ArrayList<>();
        Iterator<T> rest = tensors.iterator();
        try {
            each(
                    () -> {
                        if (!rest.hasNext()) {
                            return null;
                        }
                        T tensor = rest.next();
                        return () -> work.apply(tensor);
                    },
                    results::add);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return results;
    }
}
