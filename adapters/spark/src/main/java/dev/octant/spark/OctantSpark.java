// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.encode;
import static org.apache.spark.sql.functions.lit;

import dev.octant.core.internal.text.Given;
import dev.octant.spark.internal.files.FileScan;
import dev.octant.spark.internal.files.SummaryOutput;
import dev.octant.spark.internal.sql.MergeAggregate;
import dev.octant.spark.internal.sql.ReadValues;
import dev.octant.spark.internal.sql.SqlFunction;
import dev.octant.spark.internal.sql.ValuesAggregate;
import dev.octant.spark.internal.sql.WideScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.slf4j.LoggerFactory;

/**
 * Summaries of tables and files by a cluster: rows {@code (tensor STRING, summary BINARY)}, one for each tensor, whose
 * bytes are those that one machine gives for the same values, whatever the partitions, their order, failures and
 * retries. Summaries are bytes of {@link dev.octant.calibration.run.TensorSummary}.
 *
 * <p>A task observes its rows and sends a summary for each tensor that it met; raw values are not shuffled. Tensors
 * without a value have no row. Nothing is computed before the rows are asked for, but {@link #files} looks at the
 * files. Stateless and thread safe.
 */
public final class OctantSpark {
    /** The column with the tensor's name. */
    public static final String TENSOR = "tensor";

    /** The column with the bytes of its summary. */
    public static final String SUMMARY = "summary";

    private static final StructType ROWS = DataTypes.createStructType(List.of(
            DataTypes.createStructField(TENSOR, DataTypes.StringType, false),
            DataTypes.createStructField(SUMMARY, DataTypes.BinaryType, false)));

    private OctantSpark() {}

    /** Gives a session the functions of {@link OctantExtensions}, where it was made without. */
    public static void register(SparkSession spark) {
        Given.require("spark", spark);
        for (SqlFunction function : SqlFunction.all()) {
            if (!spark.catalog().functionExists(function.name())) {
                ((org.apache.spark.sql.classic.SparkSession) spark)
                        .sessionState()
                        .functionRegistry()
                        .createOrReplaceTempFunction(function.name(), function.builder(), "scala_udf");
            }
        }
    }

    /**
     * Summaries of a long table, whose rows hold the name of a tensor and some of its values.
     *
     * @param tensorColumn strings
     * @param valuesColumn floats, doubles, or arrays of them; see {@link OctantExtensions}
     * @throws IllegalArgumentException if a column is missing or of another type
     */
    public static Dataset<Row> summaries(Dataset<Row> table, String tensorColumn, String valuesColumn) {
        return summaries(table, tensorColumn, valuesColumn, false);
    }

    /**
     * The same with the extremes of samples, for the methods {@code mean} and {@code median}: the values of a row are a
     * sample.
     *
     * @throws IllegalArgumentException as {@link #summaries} does
     */
    public static Dataset<Row> samples(Dataset<Row> table, String tensorColumn, String valuesColumn) {
        return summaries(table, tensorColumn, valuesColumn, true);
    }

    private static Dataset<Row> summaries(
            Dataset<Row> table, String tensorColumn, String valuesColumn, boolean samples) {
        Given.require("table", table);
        Given.require("tensor column", tensorColumn);
        Given.require("values column", valuesColumn);
        StructField tensor = field(table, tensorColumn);
        if (!(tensor.dataType() instanceof StringType)) {
            throw new IllegalArgumentException("column " + tensorColumn + " of names must be of STRING, was "
                    + tensor.dataType().sql());
        }
        requireValues(field(table, valuesColumn));
        register(table.sparkSession());
        Column summary = samples
                ? call_function(ValuesAggregate.NAME, column(valuesColumn), lit(true))
                : call_function(ValuesAggregate.NAME, column(valuesColumn));
        return filled(table.groupBy(column(tensorColumn).as(TENSOR)).agg(summary.as(SUMMARY)));
    }

    /**
     * Summaries of a wide table, whose columns are tensors: those of floats, doubles, or arrays of them. Others are
     * passed over. A scan that gives columns, as that of Parquet, is read as columns.
     *
     * @throws IllegalArgumentException if no column is one
     */
    public static Dataset<Row> wide(Dataset<Row> table) {
        Given.require("table", table);
        List<Column> columns = new ArrayList<>();
        for (StructField field : table.schema().fields()) {
            if (ReadValues.obstacle(field.dataType()).isEmpty()) {
                columns.add(column(field.name()));
            }
        }
        if (columns.isEmpty()) {
            throw new IllegalArgumentException(
                    "table must have a column of FLOAT or DOUBLE or arrays of these, had " + columns(table));
        }
        Dataset<Row> tensors = table.select(columns.toArray(Column[]::new));
        return merged(table.sparkSession(), WideScan.rows((org.apache.spark.sql.classic.Dataset<Row>) tensors));
    }

    /**
     * Summaries of tensor files on any file system of Hadoop: {@code .npy}, {@code .npz}, {@code .safetensors}, {@code
     * .csv} and {@code .tsv} by Octant's readers, in parts of whole samples that are read from their first byte to
     * their last; {@code .parquet} by Spark, as {@link #wide}. What cannot be read is logged as a warning.
     *
     * @param uris files, or folders of them
     * @throws dev.octant.formats.FormatException if one is missing or cannot be looked at
     * @throws IllegalArgumentException if none is given, or none holds a tensor
     */
    public static Dataset<Row> files(SparkSession spark, List<String> uris) throws IOException {
        return files(
                spark, uris, left -> LoggerFactory.getLogger(OctantSpark.class).warn("Left out: {}", left));
    }

    /**
     * The same, where {@code leftOut} is told, a line each, what is not read and why.
     *
     * @throws dev.octant.formats.FormatException as {@link #files(SparkSession, List)} does
     * @throws IllegalArgumentException as {@link #files(SparkSession, List)} does
     */
    public static Dataset<Row> files(SparkSession spark, List<String> uris, Consumer<String> leftOut)
            throws IOException {
        Given.require("spark", spark);
        Given.require("uris", uris);
        Given.require("left out", leftOut);
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("inputs must be at least one, was none");
        }
        JavaSparkContext context = new JavaSparkContext(spark.sparkContext());
        long taskBytes = ((org.apache.spark.sql.classic.SparkSession) spark)
                .sessionState()
                .conf()
                .filesMaxPartitionBytes();
        FileScan scan = new FileScan(context, context.hadoopConfiguration(), taskBytes);
        List<String> parquet = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String file : scan.find(uris)) {
            (FileScan.isTable(file) ? parquet : others).add(file);
        }
        List<JavaRDD<Row>> rows = new ArrayList<>();
        if (!others.isEmpty()) {
            rows.add(scan.rows(others, leftOut));
        }
        if (!parquet.isEmpty()) {
            rows.add(wide(spark.read().option("mergeSchema", true).parquet(parquet.toArray(String[]::new)))
                    .toJavaRDD());
        }
        return merged(spark, rows.size() == 1 ? rows.get(0) : rows.get(0).union(rows.get(1)));
    }

    /**
     * Writes a summary file, as {@code octant ranges} and {@code octant merge} read it. Rows of one name are merged.
     * The driver holds the rows of one partition at a time. A local file is replaced all at once; elsewhere the
     * content goes to a temporary name, which is renamed where the file system can.
     *
     * @param summaries rows of a name and a summary, as the other methods give them
     * @param uri of the file
     * @return how many tensors the file has
     * @throws IllegalArgumentException if the columns are others, or a name is NULL or blank
     * @throws IllegalStateException if there is no summary
     * @throws dev.octant.formats.FormatException if bytes are no summary, or the file cannot be written
     */
    public static int write(Dataset<Row> summaries, String uri) throws IOException {
        Given.require("summaries", summaries);
        Given.require("uri", uri);
        List<DataType> types = Arrays.stream(summaries.schema().fields())
                .map(StructField::dataType)
                .toList();
        if (types.size() != 2
                || !(types.get(0) instanceof StringType)
                || !types.get(1).equals(DataTypes.BinaryType)) {
            throw new IllegalArgumentException(
                    "summaries must be rows of a STRING and a BINARY, had " + columns(summaries));
        }
        register(summaries.sparkSession());
        // In UTF-16BE, bytes have the order of the file; Spark compares names by their bytes in UTF-8.
        Dataset<Row> ordered = merged(summaries.toDF(TENSOR, SUMMARY)).orderBy(encode(col(TENSOR), "UTF-16BE"));
        return SummaryOutput.write(
                ordered.toLocalIterator(),
                uri,
                summaries.sparkSession().sparkContext().hadoopConfiguration());
    }

    /** Rows of name and summary, of which those of one name are merged. */
    static Dataset<Row> merged(SparkSession spark, JavaRDD<Row> rows) {
        register(spark);
        return merged(spark.createDataFrame(rows, ROWS));
    }

    private static Dataset<Row> merged(Dataset<Row> rows) {
        return filled(rows.groupBy(col(TENSOR))
                .agg(call_function(MergeAggregate.NAME, col(SUMMARY)).as(SUMMARY)));
    }

    private static Dataset<Row> filled(Dataset<Row> rows) {
        return rows.filter(col(SUMMARY).isNotNull());
    }

    /** A column by its name, whatever that looks like. */
    static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    private static StructField field(Dataset<Row> table, String name) {
        return Arrays.stream(table.schema().fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("table must have the column " + name + ", had " + columns(table)));
    }

    private static void requireValues(StructField field) {
        ReadValues.obstacle(field.dataType()).ifPresent(obstacle -> {
            throw new IllegalArgumentException("column " + field.name() + " of values " + obstacle);
        });
    }

    private static String columns(Dataset<Row> table) {
        return Arrays.stream(table.schema().fields())
                .map(field -> field.name() + " " + field.dataType().sql())
                .collect(Collectors.joining(", "));
    }
}
