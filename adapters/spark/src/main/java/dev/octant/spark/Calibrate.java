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
import dev.octant.spark.internal.files.FileScan;
import dev.octant.spark.internal.files.HadoopFiles;
import dev.octant.spark.internal.files.OutputChecks;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

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
        Configuration configuration = spark.sparkContext().hadoopConfiguration();
        OutputChecks outputs = new OutputChecks(configuration, options.layout() != CalibrateOptions.Layout.FILES)
                .and("--summary", options.summary());
        if (options.table().isPresent()) {
            outputs.andLocal("-o", options.table().get());
        }
        outputs.requireApart(options.inputs());
        int tensors = OctantSpark.write(summaries(spark, options, calibration, out), options.summary());
        out.println("Summaries: " + options.summary() + " (" + Numbers.counted(tensors, "tensor") + ")");
        if (calibration.isPresent()) {
            Path file = HadoopFiles.path(options.summary(), configuration);
            CalibrationResult result;
            try (SummaryFile.Reader reader = SummaryFile.open(file)) {
                result = calibration.get().calibrate(reader, TensorChoice.ALL);
            }
            new CalibrationFile(
                            "octant " + version(),
                            Optional.of(calibration.get().rule().scheme()),
                            Optional.of(calibration.get().rule().policy()),
                            result.table())
                    .write(options.table().orElseThrow());
            result.leftOut().forEach(left -> out.println("Left out: " + left));
            out.println("Calibration table: " + options.table().orElseThrow());
        }
    }

    private static Dataset<Row> summaries(
            SparkSession spark, CalibrateOptions options, Optional<Calibration> calibration, PrintStream out)
            throws IOException {
        Consumer<String> leftOut = left -> out.println("Left out: " + left);
        String[] inputs = options.inputs().toArray(String[]::new);
        return switch (options.layout()) {
            case LONG -> {
                Dataset<Row> table =
                        ParquetTables.ofRows(spark, inputs, options.tensorColumn(), options.valuesColumn());
                yield options.samples()
                        ? OctantSpark.samples(table, options.tensorColumn(), options.valuesColumn())
                        : OctantSpark.summaries(table, options.tensorColumn(), options.valuesColumn());
            }
            case WIDE -> ParquetTables.ofColumns(spark, inputs, leftOut);
            case FILES -> OctantSpark.files(spark, options.inputs(), samples(options, calibration), leftOut);
        };
    }

    private static FileScan.Samples samples(CalibrateOptions options, Optional<Calibration> calibration) {
        if (calibration.isPresent() && calibration.get().isOfSamples()) {
            return FileScan.Samples.REQUIRED;
        }
        return options.samples() ? FileScan.Samples.ALL : FileScan.Samples.LONG;
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
            Optional<String> own = ofSpark(cause);
            if (own.isPresent()) {
                return own.get();
            }
            if (isSentence(cause)) {
                known = cause;
                break;
            }
        }
        String message = String.valueOf((known == null ? thrown : known).getMessage());
        return known == null ? message.lines().findFirst().orElse(thrown.toString()) : message;
    }

    /** What Spark says in other words, or in several of which the first says nothing. */
    private static Optional<String> ofSpark(Throwable thrown) {
        String condition = thrown instanceof SparkThrowable known ? known.getCondition() : null;
        if ("UNABLE_TO_INFER_SCHEMA".equals(condition)) {
            return Optional.of("inputs must hold a file of Parquet, were without any");
        }
        if ("FAILED_READ_FILE.NO_HINT".equals(condition)) {
            Throwable first = thrown;
            while (first.getCause() != null) {
                first = first.getCause();
            }
            return Optional.of(((SparkThrowable) thrown).getMessageParameters().get("path")
                    + ": file must be whole, was refused by its reader ("
                    + String.valueOf(first.getMessage()).lines().findFirst().orElse("") + ")");
        }
        if (!"CANNOT_MERGE_SCHEMAS".equals(condition)) {
            return Optional.empty();
        }
        Map<String, String> schemas = ((SparkThrowable) thrown).getMessageParameters();
        return Optional.of(clash(schemas.get("left"), schemas.get("right"))
                .orElseGet(() -> "columns of one name must have one type in all files, had others: "
                        + thrown.getCause().getMessage().lines().findFirst().orElse("")));
    }

    /** The first column that has another type in another file, of schemas as Spark shows them. */
    private static Optional<String> clash(String left, String right) {
        try {
            StructType one = (StructType) DataType.fromDDL(left.replaceAll("^\"|\"$", ""));
            StructType other = (StructType) DataType.fromDDL(right.replaceAll("^\"|\"$", ""));
            Map<String, String> types = new HashMap<>();
            for (StructField field : one.fields()) {
                types.put(field.name(), field.dataType().sql());
            }
            for (StructField field : other.fields()) {
                String type = types.getOrDefault(field.name(), field.dataType().sql());
                if (!type.equals(field.dataType().sql()) && !(field.dataType() instanceof StructType)) {
                    return Optional.of("column " + field.name() + " must have one type in all files, was " + type
                            + " and " + field.dataType().sql());
                }
            }
            return Optional.empty();
        } catch (RuntimeException e) {
            // Not as they were shown before.
            return Optional.empty();
        }
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
