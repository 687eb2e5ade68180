// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks.work;

import dev.octant.core.VectorKernels;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A benchmark that also times its peers, in the same JVM, before and after every iteration.
 *
 * <p>JMH gives every benchmark method a JVM of its own, and other work on the machine comes and goes: a peer timed
 * elsewhere or later would be another machine's. The mean of its two times travels with the iteration as an auxiliary
 * counter, named by {@link Peer#counter()}; JMH's own summary adds it up over the iterations. Not thread safe: one
 * thread per instance.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public abstract class BesidePeers {
    private static final long ENOUGH_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    /** Elements per call. */
    @Param("65536")
    public int size;

    /** False leaves the peers out, so that what JMH's gc profiler counts is the work's own. */
    @Param("true")
    public boolean beside;

    private Map<Peer, Runnable> peers = Map.of();
    private final Map<Peer, Double> before = new EnumMap<>(Peer.class);

    /** What an iteration hands to its result. */
    @State(Scope.Thread)
    @AuxCounters(AuxCounters.Type.EVENTS)
    public static class Counters {
        public double copyNanos;
        public double engineNanos;
        public double heapNanos;

        void set(Peer peer, double nanos) {
            switch (peer) {
                case COPY -> copyNanos = nanos;
                case ENGINE -> engineNanos = nanos;
                case HEAP -> heapNanos = nanos;
            }
        }
    }

    /** Makes the data of {@link #call()}. */
    public abstract void prepare();

    /** The work, once; returns what it wrote. */
    public abstract Object call();

    /** What the work is timed beside, on data of its own. */
    public Map<Peer, Runnable> peers() {
        return Map.of();
    }

    /** What is measured. */
    @Benchmark
    public Object measured() {
        return call();
    }

    @Setup
    public void begin() throws InterruptedException {
        prepare();
        VectorKernels.warmUp(this::call);
        peers = beside ? peers() : Map.of();
    }

    @Setup(Level.Iteration)
    public void timePeersBefore() {
        peers.forEach((peer, call) -> before.put(peer, nanosPer(call)));
    }

    @TearDown(Level.Iteration)
    public void timePeersAfter(Counters counters) {
        peers.forEach((peer, call) -> counters.set(peer, (before.get(peer) + nanosPer(call)) / 2));
    }

    @TearDown
    public void end() throws Exception {
        for (Runnable peer : peers.values()) {
            if (peer instanceof AutoCloseable closeable) {
                closeable.close();
            }
        }
    }

    /** Calls until there is enough to believe, looking at the clock ever more rarely. */
    private static double nanosPer(Runnable call) {
        long calls = 0;
        long batch = 1;
        long start = System.nanoTime();
        long elapsed;
        do {
            for (long i = 0; i < batch; i++) {
                call.run();
            }
            calls += batch;
            elapsed = System.nanoTime() - start;
            if (elapsed < ENOUGH_NANOS / 8) {
                batch *= 2;
            }
        } while (elapsed < ENOUGH_NANOS);
        return (double) elapsed / calls;
    }
}
