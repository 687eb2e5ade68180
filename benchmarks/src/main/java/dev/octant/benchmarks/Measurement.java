package dev.octant.benchmarks;

import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;

/**
 * The iterations of one benchmark at one size, over all forks.
 *
 * <pre>
 * ratio = time of a copy of the kernel's larger array / time of the kernel
 * </pre>
 *
 * <p>1 is the speed of a copy, above 1 is faster. Immutable and thread safe.
 *
 * @param kernel the name of the benchmark method
 * @param size elements per call
 * @param iterations at least one
 */
record Measurement(String kernel, int size, List<Iteration> iterations) {
    Measurement {
        iterations = List.copyOf(iterations);
        if (iterations.isEmpty()) {
            throw new IllegalArgumentException("iterations of " + kernel + " must be at least one, were none");
        }
    }

    /** Nanoseconds per call of the kernel, and per copy beside it. */
    record Iteration(double kernelNanos, double copyNanos) {
        double ratio() {
            return copyNanos / kernelNanos;
        }
    }

    static Measurement of(RunResult run) {
        String method = run.getParams().getBenchmark();
        return new Measurement(
                method.substring(method.lastIndexOf('.') + 1),
                Integer.parseInt(run.getParams().getParam("size")),
                run.getBenchmarkResults().stream()
                        .map(BenchmarkResult::getIterationResults)
                        .flatMap(results -> results.stream().map(Measurement::iteration))
                        .toList());
    }

    private static Iteration iteration(IterationResult result) {
        return new Iteration(
                result.getPrimaryResult().getScore(),
                Objects.requireNonNull(result.getSecondaryResults().get(BesideCopy.COPY_NANOS))
                        .getScore());
    }

    /** The median over the iterations, the mean of the middle two if their number is even. */
    double median(ToDoubleFunction<Iteration> value) {
        double[] sorted = iterations.stream().mapToDouble(value).sorted().toArray();
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double least(ToDoubleFunction<Iteration> value) {
        return iterations.stream().mapToDouble(value).min().orElseThrow();
    }

    double most(ToDoubleFunction<Iteration> value) {
        return iterations.stream().mapToDouble(value).max().orElseThrow();
    }

    /** Tables first, histograms last; small before large. */
    static Comparator<Measurement> byKernel(List<String> order) {
        return Comparator.comparingInt((Measurement m) -> order.indexOf(m.kernel()))
                .thenComparingInt(Measurement::size);
    }
}
