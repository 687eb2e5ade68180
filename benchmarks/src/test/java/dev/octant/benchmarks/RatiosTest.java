package dev.octant.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.benchmarks.Measurement.Iteration;
import java.io.IOException;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

class RatiosTest {
    /** One very short run of all benchmarks in this JVM: each must arrive with its copy beside it. */
    @Test
    void everyBenchmarkIsMeasuredBesideItsCopy() throws RunnerException {
        List<Measurement> measurements = new Runner(Ratios.options()
                        .forks(0)
                        .warmupIterations(0)
                        .measurementIterations(2)
                        .measurementTime(TimeValue.milliseconds(10))
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .run().stream().map(Measurement::of).toList();
        assertEquals(
                new TreeSet<>(List.of(
                        "table 65536",
                        "table 1048576",
                        "quantize 65536",
                        "quantize 1048576",
                        "dequantize 65536",
                        "dequantize 1048576",
                        "observe 65536")),
                measurements.stream()
                        .map(m -> m.kernel() + " " + m.size())
                        .collect(Collectors.toCollection(TreeSet::new)));
        for (Measurement m : measurements) {
            assertEquals(2, m.iterations().size());
            for (Iteration iteration : m.iterations()) {
                // Faster than a terabyte per second, or slower than a second for a copy, is no measurement.
                assertTrue(iteration.copyNanos() > m.size() / 1000.0 && iteration.copyNanos() < 1e9, m::toString);
                assertTrue(iteration.kernelNanos() > m.size() / 1000.0, m::toString);
            }
        }
    }

    @Test
    void theReportIsAMarkdownTable() {
        Machine machine = new Machine("Some CPU", 2, "Linux", "Some JDK 25");
        Measurement large =
                new Measurement("table", 4000, List.of(new Iteration(2000, 1000), new Iteration(4000, 1000)));
        Measurement small = new Measurement(
                "table",
                1000,
                List.of(new Iteration(1000, 3000), new Iteration(1000, 1000), new Iteration(1000, 2000)));
        Measurement first = new Measurement("quantize", 500, List.of(new Iteration(1000, 500)));
        assertEquals("""
                Ratio = time of `System.arraycopy` of the kernel's larger array / time of the kernel, one thread; 1.0 is the speed of a copy, more is faster.
                Copy and kernel alternate in the same JVM. Median of the iterations, least to most behind it.

                Machine: Some CPU, 2 processors, Linux; JDK: Some JDK 25

                | kernel | elements | ratio to copy | spread | kernel, µs | copy, µs | elements/ns |
                |---|---:|---:|---:|---:|---:|---:|
                | table | 1000 | 2.00 | 1.00..3.00 | 1.0 | 2.0 | 1.00 |
                | table | 4000 | 0.38 | 0.25..0.50 | 3.0 | 1.0 | 1.33 |
                | quantize | 500 | 0.50 | 0.50..0.50 | 1.0 | 0.5 | 0.50 |
                """, Ratios.report(machine, List.of(first, large, small)));
    }

    @Test
    void measurementsWithoutIterationsAreRefused() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Measurement("table", 1, List.of()))
                .getMessage();
        assertEquals("iterations of table must be at least one, were none", message);
    }

    @Test
    void theCpuIsTheOneTheSystemNames() throws IOException {
        assertEquals("A B", Machine.cpu(List.of("processor : 0", "model name\t: A B", "model name\t: C"), "x"));
        assertEquals("aarch64", Machine.cpu(List.of("processor : 0"), "aarch64"));
        assertTrue(Machine.current().toString().contains(System.getProperty("java.runtime.version")));
    }
}
