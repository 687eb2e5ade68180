// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import com.sun.management.OperatingSystemMXBean;
import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.NamePattern;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.formats.LongTable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.api.java.function.MapFunction;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerTaskEnd;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * A program for spark-submit: what summing up a long table of Parquet takes on Spark, in one process without it, and by
 * what Spark has itself for the same question; and how far their answers are from the values when these are sorted.
 *
 * <p>All run in one JVM, a round after the other. The first is for the compiler and the page cache; the times are the
 * medians of the others. What works on single values takes up to a hundred times as long: it is warmed on one of the
 * eight files and measured once, on as many as asked for. Processor time of tasks is what Spark counts for them, with
 * neither compiler nor garbage collector; that of the process has all, and is all there is where Spark does not run.
 */
public final class SpeedProgram {
    private static final int TENSORS = 64;
    private static final int ROW = 4096;
    private static final int FILES = 8;
    private static final int ROUNDS = 3;

    /** What is cut off each end at 99.99 %. */
    private static final double CUT = 0.00005;

    private static final String ALL = "t";
    private static final String ONE_FILE = "one_file";
    private static final String SOME = "some_files";

    private final SparkSession spark;
    private final Path table;
    private final int rows;
    private final int someFiles;
    private final AtomicLong taskNanos = new AtomicLong();
    private final Map<String, Times> times = new LinkedHashMap<>();
    private final Map<String, Map<String, Ends>> answers = new LinkedHashMap<>();

    private SpeedProgram(SparkSession spark, Path table, int megabytes, int someFiles) {
        this.spark = spark;
        this.table = table;
        rows = (int) (((long) megabytes << 20) / Float.BYTES / ROW / TENSORS);
        this.someFiles = someFiles;
        spark.sparkContext().addSparkListener(new SparkListener() {
            @Override
            public void onTaskEnd(SparkListenerTaskEnd task) {
                taskNanos.addAndGet(task.taskMetrics().executorCpuTime());
            }
        });
    }

    /** The two ends of a range. */
    private record Ends(double lower, double upper) {
        /** How far the worse end is from the exact one, as a part of the width of the exact range. */
        double error(Ends exact) {
            return Math.max(Math.abs(lower - exact.lower), Math.abs(upper - exact.upper)) / (exact.upper - exact.lower);
        }

        boolean isWithin(double part, Ends exact) {
            return Math.abs(lower - exact.lower) <= part * Math.abs(exact.lower)
                    && Math.abs(upper - exact.upper) <= part * Math.abs(exact.upper);
        }
    }

    /** Seconds of every round. */
    private record Times(List<Double> task, List<Double> process, List<Double> wall) {
        Times() {
            this(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }
    }

    private interface Step {
        void run() throws IOException;
    }

    /**
     * The folder of the table, which is made where it is not there; its size in MB; how many files are read for single
     * values; and a file for what was found.
     */
    public static void main(String[] arguments) throws Exception {
        SparkSession spark = SparkSession.builder().getOrCreate();
        Path found = Path.of(arguments[3]);
        SpeedProgram program = new SpeedProgram(
                spark, Path.of(arguments[0]), Integer.parseInt(arguments[1]), Integer.parseInt(arguments[2]));
        program.makeTable();
        for (int round = 0; round <= ROUNDS; round++) {
            program.round(found.resolveSibling("spark.summary"), found.resolveSibling("one.summary"));
        }
        program.singleValues(ONE_FILE);
        program.singleValues(SOME);
        Files.writeString(found, program.report());
        spark.stop();
    }

    private void makeTable() throws IOException {
        if (!Files.exists(table.resolve("_SUCCESS"))) {
            spark.range(0, (long) TENSORS * rows, 1, FILES)
                    .map(
                            (MapFunction<Long, Row>)
                                    n -> RowFactory.create(name((int) (n % TENSORS)), values(n % TENSORS, n / TENSORS)),
                            Encoders.row(Activations.LONG))
                    .write()
                    .mode(SaveMode.Overwrite)
                    .parquet(table.toString());
        }
        spark.read().parquet(table.toString()).createOrReplaceTempView(ALL);
        List<String> files = new ArrayList<>();
        try (DirectoryStream<Path> parts = Files.newDirectoryStream(table, "part-*.parquet")) {
            parts.forEach(part -> files.add(part.toString()));
        }
        files.sort(null);
        view(files.subList(0, 1), ONE_FILE);
        view(files.subList(0, someFiles), SOME);
    }

    private void view(List<String> files, String name) {
        spark.read().parquet(files.toArray(String[]::new)).createOrReplaceTempView(name);
    }

    private static String name(int tensor) {
        return "tensor " + tensor;
    }

    /** A row of a tensor: normal, lognormal, normal with a few values far outside, or SiLU of normal ones. */
    private static float[] values(long tensor, long row) {
        SplittableRandom random = new SplittableRandom(tensor << 32 | row);
        float[] values = new float[ROW];
        for (int i = 0; i < ROW; i++) {
            double normal = random.nextGaussian();
            double value = switch ((int) (tensor % 4)) {
                case 0 -> Math.scalb(normal, (int) tensor / 4 - 8);
                case 1 -> Math.exp(normal);
                case 2 -> random.nextInt(100_000) == 0 ? 1000 * normal : normal;
                default -> 2 * normal / (1 + Math.exp(-2 * normal));
            };
            values[i] = (float) value;
        }
        return values;
    }

    /** Of the values of a tensor in the first files, sorted. */
    private Ends exact(int tensor, int files) {
        // A file has as many rows as another, of all tensors in turn.
        long end = (long) TENSORS * rows * files / FILES;
        int own = (int) ((end - tensor + TENSORS - 1) / TENSORS);
        float[] all = new float[own * ROW];
        for (int row = 0; row < own; row++) {
            System.arraycopy(values(tensor, row), 0, all, row * ROW, ROW);
        }
        Arrays.sort(all);
        int cut = (int) (CUT * all.length);
        return new Ends(all[cut], all[all.length - 1 - cut]);
    }

    private Map<String, Ends> exact(int files) {
        Map<String, Ends> exact = new LinkedHashMap<>();
        for (int tensor = 0; tensor < TENSORS; tensor++) {
            exact.put(name(tensor), exact(tensor, files));
        }
        return exact;
    }

    private void round(Path target, Path one) throws Exception {
        measured("one process, no Spark: the summary file", () -> onOneMachine(one));
        measured(
                "`OctantSpark`: the summary file",
                () -> OctantSpark.write(
                        OctantSpark.summaries(spark.table("t"), "tensor", "values"),
                        target.toUri().toString()));
        if (Files.mismatch(one, target) >= 0) {
            throw new IllegalStateException("summary files must have the same bytes, had others");
        }
        asked("scan alone: `sum(size(values))`, `max(values[0])`", "sum(size(values)), max(values[0])", ALL, false);
        asked(
                "`octant_range(octant_summary(values), 'percentile=99.99')`",
                "r.min, r.max",
                "(SELECT tensor, octant_range(octant_summary(values), 'percentile=99.99') AS r FROM t GROUP BY tensor)",
                true);
        asked("`min(array_min)`, `max(array_max)`", "min(array_min(values)), max(array_max(values))", ALL, true);
    }

    /** What Spark has for single values, of a table. */
    private void singleValues(String of) throws Exception {
        String exploded = " FROM (SELECT tensor, explode(values) AS v FROM " + of + ") GROUP BY tensor)";
        for (int k : new int[] {200, 4096}) {
            asked(
                    "`kll_sketch_agg_float`, k = " + k + ", exploded",
                    "kll_sketch_get_quantile_float(s, 0.00005D), kll_sketch_get_quantile_float(s, 0.99995D)",
                    "(SELECT tensor, kll_sketch_agg_float(v, " + k + ") AS s" + exploded,
                    true);
        }
        for (int accuracy : new int[] {10_000, 100_000}) {
            asked(
                    "`approx_percentile`, accuracy " + accuracy + (accuracy == 10_000 ? " (default)" : "")
                            + ", exploded",
                    "p[0], p[1]",
                    "(SELECT tensor, approx_percentile(v, array(0.00005D, 0.99995D), " + accuracy + ") AS p" + exploded,
                    true);
        }
    }

    private void onOneMachine(Path target) throws IOException {
        TensorInputs inputs = TensorInputs.open(
                List.of(table),
                Optional.of(new LongTable("tensor", "values")),
                NamePattern.WHOLE,
                TensorChoice.ALL,
                false);
        RunSettings settings =
                new RunSettings(2, false, (tensor, summary) -> summary.values().range(), Optional.empty());
        SummaryFile.write(
                target, CalibrationRun.of(inputs.files(), settings).run().tensors());
    }

    /** A question that has two numbers for each tensor, as ends of a range or not. */
    private void asked(String way, String columns, String from, boolean isRange) throws Exception {
        boolean isGrouped = from.startsWith("(");
        String query = "SELECT tensor, " + columns + " FROM " + from + (isGrouped ? "" : " GROUP BY tensor");
        List<Row> rowsFound = new ArrayList<>();
        measured(way, () -> rowsFound.addAll(spark.sql(query).collectAsList()));
        if (rowsFound.size() != TENSORS) {
            throw new IllegalStateException(way + " must give " + TENSORS + " rows, gave " + rowsFound.size());
        }
        if (isRange) {
            Map<String, Ends> ends = new LinkedHashMap<>();
            for (Row row : rowsFound) {
                ends.put(row.getString(0), new Ends(number(row, 1), number(row, 2)));
            }
            answers.put(way, ends);
        }
    }

    private static double number(Row row, int column) {
        return ((Number) row.get(column)).doubleValue();
    }

    private void measured(String way, Step step) throws Exception {
        System.gc();
        OperatingSystemMXBean system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        taskNanos.set(0);
        long process = system.getProcessCpuTime();
        long start = System.nanoTime();
        step.run();
        long end = System.nanoTime();
        long processEnd = system.getProcessCpuTime();
        spark.sparkContext().listenerBus().waitUntilEmpty();
        double taskSeconds = taskNanos.get() / 1e9;
        double processSeconds = (processEnd - process) / 1e9;
        double wallSeconds = (end - start) / 1e9;
        System.out.printf(
                Locale.ROOT, "%s: task %.2f, process %.2f, %.2f s%n", way, taskSeconds, processSeconds, wallSeconds);
        if (times.containsKey(way)) {
            Times own = times.get(way);
            own.task.add(taskSeconds);
            own.process.add(processSeconds);
            own.wall.add(wallSeconds);
        } else {
            times.put(way, new Times());
        }
    }

    private String report() {
        Map<String, Ends> ofAll = exact(FILES);
        Map<String, Ends> ofSome = exact(someFiles);
        double megabytes = (double) TENSORS * rows * ROW * Float.BYTES / 1e6;
        StringBuilder text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s tensors, JDK %s, Spark %s%n"
                        + "| way | MB | task cpu s | process cpu s | wall s | MB/s | error, median | error, largest |%n"
                        + "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |%n",
                TENSORS,
                Runtime.version().feature(),
                spark.version()));
        times.forEach((way, own) -> {
            boolean isSome = way.endsWith("exploded");
            double read = isSome ? megabytes * someFiles / FILES : megabytes;
            double wall = median(own.wall);
            double task = median(own.task);
            text.append(String.format(
                    Locale.ROOT,
                    "| %s | %.0f | %s | %.2f | %.2f | %.0f | %s |%n",
                    way,
                    read,
                    task == 0 ? "" : String.format(Locale.ROOT, "%.2f", task),
                    median(own.process),
                    wall,
                    read / wall,
                    answers.containsKey(way) ? errors(way, isSome ? ofSome : ofAll) : " | "));
        });
        return text.toString();
    }

    private String errors(String way, Map<String, Ends> exact) {
        List<Double> errors = new ArrayList<>();
        answers.get(way).forEach((tensor, ends) -> {
            errors.add(100 * ends.error(exact.get(tensor)));
            // What Percentile promises.
            if (way.contains("octant_range") && !ends.isWithin(0.01, exact.get(tensor))) {
                throw new IllegalStateException(
                        tensor + " must be within 1 % of " + exact.get(tensor) + ", was " + ends);
            }
        });
        return String.format(
                Locale.ROOT,
                "%.3g %% | %.3g %%",
                median(errors),
                errors.stream().mapToDouble(Double::doubleValue).max().orElseThrow());
    }

    private static double median(List<Double> numbers) {
        return numbers.stream().sorted().toList().get(numbers.size() / 2);
    }
}
