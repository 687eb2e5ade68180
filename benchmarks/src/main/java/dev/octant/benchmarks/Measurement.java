// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.benchmarks.work.Peer;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The iterations of one benchmark at one size, over all JVMs.
 *
 * <pre>
 * ratio = median time of the peer / median time of the work
 * </pre>
 *
 * <p>1 is the speed of the peer, above 1 is faster. Immutable and thread safe.
 *
 * @param work what was measured
 * @param size elements per call
 * @param iterations at least one
 */
record Measurement(Work work, int size, List<Iteration> iterations) {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    Measurement {
        iterations = List.copyOf(iterations);
        if (iterations.isEmpty()) {
            throw new IllegalArgumentException("iterations of " + work.title() + " must be at least one, were none");
        }
    }

    /**
     * One iteration.
     *
     * @param nanos per call of the work
     * @param bytes allocated per call by the whole JVM, peers and harness included
     * @param peers nanoseconds per call of the peers
     */
    record Iteration(double nanos, double bytes, Map<Peer, Double> peers) {
        Iteration {
            peers = Map.copyOf(peers);
        }
    }

    static Measurement of(Work work, RunResult run) {
        return new Measurement(
                work,
                Integer.parseInt(run.getParams().getParam("size")),
                run.getBenchmarkResults().stream()
                        .map(BenchmarkResult::getIterationResults)
                        .flatMap(Collection::stream)
                        .map(Measurement::iteration)
                        .toList());
    }

    private static Iteration iteration(IterationResult result) {
        Map<Peer, Double> peers = new EnumMap<>(Peer.class);
        for (Peer peer : Peer.values()) {
            double nanos = result.getSecondaryResults().get(peer.counter()).getScore();
            if (nanos > 0) {
                peers.put(peer, nanos);
            }
        }
        return new Iteration(
                result.getPrimaryResult().getScore(),
                result.getSecondaryResults().get(ALLOCATED).getScore(),
                peers);
    }

    /** Whether it was timed beside {@code peer}. */
    boolean has(Peer peer) {
        return iterations.get(0).peers().containsKey(peer);
    }

    /** Nanoseconds per call, the median of the iterations. */
    double nanos() {
        return median(iterations.stream().mapToDouble(Iteration::nanos));
    }

    /** Heap bytes per call, the least of the iterations: what the harness adds is never negative. */
    double bytes() {
        return iterations.stream().mapToDouble(Iteration::bytes).min().orElseThrow();
    }

    /** How many times as fast as a peer; NaN if it was not timed beside it. */
    double ratio(Peer peer) {
        return has(peer)
                ? median(iterations.stream()
                                .mapToDouble(iteration -> iteration.peers().get(peer)))
                        / nanos()
                : Double.NaN;
    }

    /** The least ratio within one iteration. */
    double leastRatio(Peer peer) {
        return ratios(peer).min().orElse(Double.NaN);
    }

    /** The largest ratio within one iteration. */
    double mostRatio(Peer peer) {
        return ratios(peer).max().orElse(Double.NaN);
    }

    private DoubleStream ratios(Peer peer) {
        return iterations.stream()
                .filter(iteration -> iteration.peers().containsKey(peer))
                .mapToDouble(iteration -> iteration.peers().get(peer) / iteration.nanos());
    }

    /** The median, the mean of the middle two if their number is even. */
    private static double median(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        int n = sorted.length;
        return (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    }
}
