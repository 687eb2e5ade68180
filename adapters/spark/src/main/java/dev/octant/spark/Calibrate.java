// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.CalibrationResult;
import dev.octant.calibration.run.HeapTooSmallException;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.core.internal.text.Given;
import dev.octant.core.internal.text.Numbers;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.spark.internal.files.HadoopFiles;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * The command for a cluster: from tables or files to a summary file, as {@code octant calibrate --summary} writes it.
 *
 * <pre>
 * spark-submit --class dev.octant.spark.Calibrate octant-spark_2.13-all.jar URI... --summary URI
 *     (--tensor COLUMN --values COLUMN | --wide | --files) [--samples] [--method M -o table.json ...]
 * </pre>
 *
 * <p>Tables are Parquet. Exit code 2 and one sentence mean that the input is at fault; the target of {@code --summary}
 * is then as it was, or whole where only the table of {@code -o} could not be made of it.
 */
public final class Calibrate {
    private static final int REFUSED = 2;

    private Calibrate() {}

    /** Runs the command in a session of its own, and ends the process with its exit code where that is not 0. */
    public static void main(String[] arguments) {
        int code = run(arguments, System.out, System.err);
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Runs the command, in the session of this process if there is one.
     *
     * @return the exit code
     */
    static int run(String[] arguments, PrintStream out, PrintStream err) {
        Given.require("arguments", arguments);
        try {
            CalibrateOptions options = CalibrateOptions.parse(arguments);
            if (options.isHelp()) {
                out.println(CalibrateOptions.HELP);
                return 0;
            }
            Optional<Calibration> calibration = options.calibration();
            boolean isOurs = SparkSession.getDefaultSession().isEmpty();
            SparkSession spark =
                    SparkSession.builder().appName("octant calibrate").getOrCreate();
            try {
                if (isOurs && !options.isVerbose()) {
                    // A task that fails is told with its stack for each attempt; the sentence comes below.
                    spark.sparkContext().setLogLevel("OFF");
                }
                run(spark, options, calibration, out);
                return 0;
            } finally {
                if (isOurs) {
                    spark.stop();
                }
            }
        } catch (Exception | LinkageError e) {
            err.println("octant calibrate: " + VisibleText.whole(sentence(e)));
            return REFUSED;
        }
    }

    private static void run(
            SparkSession spark, CalibrateOptions options, Optional<Calibration> calibration, PrintStream out)
            throws IOException {
        int tensors = OctantSpark.write(summaries(spark, options, out), options.summary());
        out.println("Summaries: " + options.summary() + " (" + Numbers.counted(tensors, "tensor") + ")");
        if (calibration.isPresent()) {
            Path file = HadoopFiles.path(options.summary(), spark.sparkContext().hadoopConfiguration());
            CalibrationResult result;
            try (SummaryFile.Reader reader = SummaryFile.open(file)) {
                result = calibration.get().calibrate(reader, TensorChoice.ALL);
            }
            new CalibrationFile(
                            "octant " + version(),
                            Optional.of(calibration.get().rule().scheme()),
                            Optional.of(calibration.get().rule().policy()),
                            result.table())
                    .write(options.table());
            result.leftOut().forEach(left -> out.println("Left out: " + left));
            out.println("Calibration table: " + options.table());
        }
    }

    private static Dataset<Row> summaries(SparkSession spark, CalibrateOptions options, PrintStream out)
            throws IOException {
        String[] inputs = options.inputs().toArray(String[]::new);
        return switch (options.layout()) {
            case LONG -> {
                Dataset<Row> table = spark.read().parquet(inputs);
                yield options.samples()
                        ? OctantSpark.samples(table, options.tensorColumn(), options.valuesColumn())
                        : OctantSpark.summaries(table, options.tensorColumn(), options.valuesColumn());
            }
            case WIDE -> OctantSpark.wide(spark.read().parquet(inputs));
            case FILES -> OctantSpark.files(spark, options.inputs(), left -> out.println("Left out: " + left));
        };
    }

    private static String version() {
        String version = Calibrate.class.getPackage().getImplementationVersion();
        return version == null ? "development" : version;
    }

    /** What was wrong, of all that Spark has put around it. */
    static String sentence(Throwable thrown) {
        Throwable known = null;
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof LinkageError) {
                return "class path must hold all that the jar octant-spark_2.13-all.jar holds, was without or with"
                        + " another version: " + cause.getMessage();
            }
            if (isSentence(cause)) {
                known = cause;
                break;
            }
        }
        String message = String.valueOf((known == null ? thrown : known).getMessage());
        return known == null ? message.lines().findFirst().orElse(thrown.toString()) : message;
    }

    private static boolean isSentence(Throwable thrown) {
        // Spark's own messages go on with its plan.
        return thrown instanceof FormatException
                || thrown instanceof HeapTooSmallException
                || ((thrown instanceof IllegalArgumentException || thrown instanceof IllegalStateException)
                        && thrown.getMessage() != null
                        && thrown.getMessage().contains(" must "));
    }
}
