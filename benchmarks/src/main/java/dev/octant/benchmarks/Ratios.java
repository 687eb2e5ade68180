package dev.octant.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * Runs every benchmark and prints, as a Markdown table, how fast each is beside a memory copy.
 *
 * <pre>
 * Ratios [FILE]
 * </pre>
 *
 * <p>Takes about a minute: two forks of five warm-up and five measured iterations, 0.3 seconds each. The
 * table goes to standard output and, if one is named, to a file. The exit code is 2 for more arguments than that.
 */
public final class Ratios {
    private static final List<String> KERNELS = List.of("table", "quantize", "dequantize", "observe");
    private static final int FORKS = 2;
    private static final int WARMUPS = 5;
    private static final int ITERATIONS = 5;
    private static final TimeValue ITERATION = TimeValue.milliseconds(300);

    private Ratios() {}

    public static void main(String[] arguments) throws RunnerException, IOException {
        if (arguments.length > 1) {
            System.err.println("arguments must be at most one file, were " + String.join(" ", arguments));
            System.exit(2);
        }
        Collection<RunResult> results = new Runner(options()
                        .forks(FORKS)
                        .warmupIterations(WARMUPS)
                        .warmupTime(ITERATION)
                        .measurementIterations(ITERATIONS)
                        .measurementTime(ITERATION)
                        .build())
                .run();
        String report =
                report(Machine.current(), results.stream().map(Measurement::of).toList());
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print("\n" + report);
        if (arguments.length == 1) {
            Files.writeString(Path.of(arguments[0]), report);
        }
    }

    /** All benchmarks of this module, however long. */
    static ChainedOptionsBuilder options() {
        return new OptionsBuilder().include("^dev\\.octant\\.benchmarks\\.").shouldFailOnError(true);
    }

    /** The table, with what it was measured on and how to read it. No date: the same figures give the same text. */
    static String report(Machine machine, List<Measurement> measurements) {
        StringBuilder text = new StringBuilder();
        text.append("Ratio = time of `System.arraycopy` of the kernel's larger array / time of the kernel, one thread;")
                .append(" 1.0 is the speed of a copy, more is faster.\n");
        text.append(
                "Copy and kernel alternate in the same JVM. Median of the iterations, least to most behind it.\n\n");
        text.append("Machine: ").append(machine).append("\n\n");
        text.append("| kernel | elements | ratio to copy | spread | kernel, µs | copy, µs | elements/ns |\n");
        text.append("|---|---:|---:|---:|---:|---:|---:|\n");
        Stream<Measurement> sorted = measurements.stream().sorted(Measurement.byKernel(KERNELS));
        sorted.forEach(m -> text.append(row(m)));
        return text.toString();
    }

    private static String row(Measurement m) {
        double kernel = m.median(Measurement.Iteration::kernelNanos);
        return String.format(
                Locale.ROOT,
                "| %s | %d | %.2f | %.2f..%.2f | %.1f | %.1f | %.2f |\n",
                m.kernel(),
                m.size(),
                m.median(Measurement.Iteration::ratio),
                m.least(Measurement.Iteration::ratio),
                m.most(Measurement.Iteration::ratio),
                kernel / 1000,
                m.median(Measurement.Iteration::copyNanos) / 1000,
                m.size() / kernel);
    }
}
