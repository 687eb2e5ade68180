// SPDX-License-Identifier: Apache-2.0
package dev.octant.benchmarks;

import dev.octant.core.VectorKernels;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormat;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Runs the benchmarks and prints, as a Markdown table, how fast each is beside its peers, and draws the same.
 *
 * <p>Two JVMs for every row with a target, because the JIT compiler does not always compile a loop in the same way:
 * three warm-up and five measured iterations of a fifth of a second each, and the peers. One more JVM for every hot
 * work with scalar loops, and one without peers that counts its garbage.
 */
@Command(
        name = "ratios",
        description = "Measures Octant beside memory copy, ONNX Runtime and its own scalar loops.",
        mixinStandardHelpOptions = true,
        usageHelpAutoWidth = true)
public final class Ratios implements Callable<Integer> {
    private static final int WARMUPS = 3;
    private static final int ITERATIONS = 5;
    private static final TimeValue ITERATION = TimeValue.milliseconds(200);

    /** Small calls are many, and what the harness allocates is spread over them: less than half a byte each. */
    private static final int GARBAGE_SIZE = 4096;

    private static final TimeValue GARBAGE_ITERATION = TimeValue.seconds(1);
    private static final String[] JVM = {
        "-Xms1g",
        "-Xmx1g",
        "--add-modules",
        "jdk.incubator.vector",
        "--enable-native-access=ALL-UNNAMED",
        "--sun-misc-unsafe-memory-access=allow"
    };

    @Option(names = "--only", paramLabel = "REGEX", description = "Only work whose name or class matches.")
    private String only = "";

    @Option(names = "--markdown", paramLabel = "FILE", description = "Writes the table to a file as well.")
    private String markdown = "";

    @Option(names = "--svg", paramLabel = "FILE", description = "Draws the ratios.")
    private String svg = "";

    @Option(names = "--log", paramLabel = "FILE", description = "Where the output of JMH and of its JVMs goes.")
    private String log = "";

    private Ratios() {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Ratios()).execute(arguments));
    }

    @Override
    public Integer call() throws RunnerException, IOException, InterruptedException {
        List<Work> works = Work.matching(only).toList();
        if (works.isEmpty()) {
            System.err.println("--only must match some work, was " + only);
            return CommandLine.ExitCode.USAGE;
        }
        List<Measurement> measurements = new ArrayList<>();
        Map<Work, Measurement> scalar = new EnumMap<>(Work.class);
        Map<Work, Double> bytes = new EnumMap<>(Work.class);
        try (PrintStream jmh = new PrintStream(
                log.isEmpty() ? OutputStream.nullOutputStream() : Files.newOutputStream(Path.of(log)),
                true,
                StandardCharsets.UTF_8)) {
            OutputFormat output = OutputFormatFactory.createFormatInstance(jmh, VerboseMode.NORMAL);
            for (Work work : works) {
                System.err.println(work.title() + " ..");
                for (int size : work.sizes()) {
                    int jvms = work.targets(size).isEmpty() ? 1 : 2;
                    measurements.add(run(work, timed(work, size).forks(jvms), output));
                }
                if (work.isHot()) {
                    ChainedOptionsBuilder loops = timed(work, Work.COMMON_SIZE).jvmArgsAppend("-Doctant.vector=off");
                    scalar.put(work, run(work, loops.forks(1), output));
                    bytes.put(work, run(work, alone(work).forks(1), output).bytes());
                }
            }
        }
        VectorKernels.warmUp();
        Report report = new Report(
                Machine.current(),
                measurements,
                scalar,
                bytes,
                VectorKernels.choices().stream()
                        .map(choice -> choice.name() + ": " + choice.reason())
                        .toList());
        new PrintStream(System.out, true, StandardCharsets.UTF_8).print("\n" + report.markdown());
        if (!markdown.isEmpty()) {
            Files.writeString(Path.of(markdown), report.markdown());
        }
        if (!svg.isEmpty()) {
            Files.writeString(Path.of(svg), new Picture(report).svg());
        }
        return CommandLine.ExitCode.OK;
    }

    private static ChainedOptionsBuilder timed(Work work, int size) {
        return options(work, size)
                .jvmArgs(JVM)
                .warmupIterations(WARMUPS)
                .warmupTime(ITERATION)
                .measurementIterations(ITERATIONS)
                .measurementTime(ITERATION);
    }

    private static ChainedOptionsBuilder alone(Work work) {
        return options(work, GARBAGE_SIZE)
                .param("beside", "false")
                .jvmArgs(JVM)
                .warmupIterations(WARMUPS)
                .warmupTime(ITERATION)
                .measurementIterations(1)
                .measurementTime(GARBAGE_ITERATION);
    }

    static Measurement run(Work work, ChainedOptionsBuilder options, OutputFormat output) throws RunnerException {
        return Measurement.of(work, new Runner(options.build(), output).runSingle());
    }

    /** One benchmark, however long. */
    static ChainedOptionsBuilder options(Work work, int size) {
        return new OptionsBuilder()
                .include("\\." + work.id() + "\\.measured$")
                .param("size", String.valueOf(size))
                .addProfiler(GCProfiler.class)
                .shouldFailOnError(true);
    }
}
