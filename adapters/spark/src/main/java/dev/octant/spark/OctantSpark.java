// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.encode;
import static org.apache.spark.sql.functions.lit;

import dev.octant.calibration.run.TensorSummary;
import dev.octant.core.internal.text.Given;
import dev.octant.spark.internal.files.FileColumns;
import dev.octant.spark.internal.files.FileScan;
import dev.octant.spark.internal.files.ParquetFiles;
import dev.octant.spark.internal.files.SummaryOutput;
import dev.octant.spark.internal.sql.MergeAggregate;
import dev.octant.spark.internal.sql.ReadValues;
import dev.octant.spark.internal.sql.SqlFunction;
import dev.octant.spark.internal.sql.ValuesAggregate;
import dev.octant.spark.internal.sql.WideColumns;
import dev.octant.spark.internal.sql.WideScan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.FlatMapFunction;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
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
 * retries. Summaries are bytes of {@link TensorSummary}.
 *
 * <p>A task observes its rows and sends a summary for each tensor that it met; raw values are not shuffled. A tensor of
 * which there are rows, but only NULLs or empty arrays, has the bytes of {@link TensorSummary#EMPTY}, as one machine
 * has it; one of which there is no row has none. Nothing is computed before the rows are asked for, but {@link #files}
 * looks at the files. Stateless and thread safe.
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
     * <p>Names of columns are taken exactly as they are, in their case of letters, whatever Spark is set to.
     *
     * <p>Of a table of Parquet files, Spark takes the columns of one file: another that lacks a column reads as NULLs
     * there, which this method cannot tell from others. {@link Calibrate} looks at every file.
     *
     * @param tensorColumn strings
     * @param valuesColumn floats, doubles, or arrays of them; see {@link OctantExtensions}
     * @throws IllegalArgumentException if a column is missing, of another type, or one that Spark cannot tell from
     *     another by its name
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
        return table.groupBy(column(tensorColumn).as(TENSOR)).agg(filled(summary));
    }

    /**
     * Summaries of a wide table, whose columns are tensors: those of floats, doubles, or arrays of them, and such
     * fields of structs, called {@code struct.field}. NULLs are passed over; where the table has a row, each column has
     * a summary, be it of no value. Others, and columns that Spark made of the
     * names of folders ({@code lr=0.5/}), are left out and logged as a warning. A scan that gives columns, as that of
     * Parquet, is read as columns.
     *
     * <p>A table of Parquet files whose columns differ has those of one file, unless it is read with {@code
     * spark.read().option("mergeSchema", true)}: this method does not see the others.
     *
     * @throws IllegalArgumentException if no column is one, two have one name, or Spark cannot tell their names apart
     */
    public static Dataset<Row> wide(Dataset<Row> table) {
        return wide(table, OctantSpark::warn);
    }

    /** The same, where {@code leftOut} is told, a line each, what is not read and why. */
    static Dataset<Row> wide(Dataset<Row> table, Consumer<String> leftOut) {
        Given.require("table", table);
        WideColumns wide = WideColumns.of((org.apache.spark.sql.classic.Dataset<Row>) table);
        List<String> names = wide.names();
        // The row without a name stands for all tensors: these get a row of no value, once a row of the table was seen.
        Dataset<Row> all = merged(
                        table.sparkSession().createDataFrame(observed(table, wide, leftOut), ROWS.asNullable()))
                .flatMap((FlatMapFunction<Row, Row>) row -> named(row, names), Encoders.row(ROWS));
        return merged(all);
    }

    private static Iterator<Row> named(Row row, List<String> names) {
        return row.isNullAt(0)
                ? names.stream()
                        .map(name -> RowFactory.create(name, row.get(1)))
                        .iterator()
                : List.of(row).iterator();
    }

    /** The same of the files of a table, which say whether they have rows of a tensor. */
    static Dataset<Row> wide(Dataset<Row> table, List<FileColumns> files, Consumer<String> leftOut) {
        return merged(table.sparkSession(), rows(table, files, leftOut));
    }

    private static JavaRDD<Row> rows(Dataset<Row> table, List<FileColumns> files, Consumer<String> leftOut) {
        WideColumns wide = WideColumns.of((org.apache.spark.sql.classic.Dataset<Row>) table, files);
        JavaRDD<Row> tensors = new JavaSparkContext(table.sparkSession().sparkContext())
                .parallelize(wide.names(), 1)
                .map(name -> RowFactory.create(name, TensorSummary.EMPTY.toBytes()));
        return observed(table, wide, leftOut).filter(row -> !row.isNullAt(0)).union(tensors);
    }

    private static JavaRDD<Row> observed(Dataset<Row> table, WideColumns wide, Consumer<String> leftOut) {
        if (wide.columns().isEmpty() && !wide.hasColumnsWithoutRows()) {
            throw new IllegalArgumentException(
                    "table must have a column of FLOAT or DOUBLE or arrays of these, had " + columns(table));
        }
        wide.leftOut().forEach(left -> leftOut.accept(left.toString()));
        Column[] columns = wide.columns().stream().map(OctantSpark::column).toArray(Column[]::new);
        return WideScan.rows((org.apache.spark.sql.classic.Dataset<Row>) table.select(columns), wide);
    }

    private static void warn(String leftOut) {
        LoggerFactory.getLogger(OctantSpark.class).warn("Left out: {}", leftOut);
    }

    /**
     * Summaries of tensor files on any file system of Hadoop: {@code .npy}, {@code .npz}, {@code .safetensors}, {@code
     * .csv} and {@code .tsv} by Octant's readers, in parts of whole samples that are read from their first byte to
     * their last; {@code .parquet} by Spark, as {@link #wide} of all columns that any of them has, where pages with
     * checksums are checked. What cannot be read is logged as a warning.
     *
     * @param uris files, or folders of them
     * @throws dev.octant.formats.FormatException if one is missing or cannot be looked at
     * @throws IllegalArgumentException if none is given, or none holds a tensor
     */
    public static Dataset<Row> files(SparkSession spark, List<String> uris) throws IOException {
        return files(spark, uris, OctantSpark::warn);
    }

    /**
     * The same, where {@code leftOut} is told, a line each, what is not read and why.
     *
     * @throws dev.octant.formats.FormatException as {@link #files(SparkSession, List)} does
     * @throws IllegalArgumentException as {@link #files(SparkSession, List)} does
     */
    public static Dataset<Row> files(SparkSession spark, List<String> uris, Consumer<String> leftOut)
            throws IOException {
        return files(spark, uris, FileScan.Samples.LONG, leftOut);
    }

    /** The same, of which samples are looked at. */
    static Dataset<Row> files(SparkSession spark, List<String> uris, FileScan.Samples samples, Consumer<String> leftOut)
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
        for (String file : scan.find(uris, leftOut)) {
            (FileScan.isTable(file) ? parquet : others).add(file);
        }
        if (samples == FileScan.Samples.REQUIRED && !parquet.isEmpty()) {
            throw FileScan.withoutSamples(parquet.get(0), "columns");
        }
        List<JavaRDD<Row>> rows = new ArrayList<>();
        if (!others.isEmpty()) {
            rows.add(scan.rows(others, samples, leftOut));
        }
        if (!parquet.isEmpty()) {
            List<FileStatus> found = ParquetFiles.find(parquet, context.hadoopConfiguration());
            List<FileColumns> columns = ParquetTables.columns(
                    spark, found.stream().map(FileStatus::getPath).toList());
            ParquetTables.requireOneType(spark, columns);
            Dataset<Row> table = ParquetFiles.table((org.apache.spark.sql.classic.SparkSession) spark, found);
            rows.add(rows(table, columns, leftOut));
        }
        return merged(spark, rows.size() == 1 ? rows.get(0) : rows.get(0).union(rows.get(1)));
    }

    /**
     * Writes a summary file, as {@code octant ranges} and {@code octant merge} read it. Rows of one name are merged; a
     * summary that is NULL, as {@code octant_summary} gives it, is one of no value.
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
        Configuration configuration = summaries.sparkSession().sparkContext().hadoopConfiguration();
        SummaryOutput.requireWritable(uri, configuration);
        register(summaries.sparkSession());
        // In UTF-16BE, bytes have the order of the file; Spark compares names by their bytes in UTF-8.
        Dataset<Row> ordered = merged(summaries.toDF(TENSOR, SUMMARY)).orderBy(encode(col(TENSOR), "UTF-16BE"));
        return SummaryOutput.write(ordered.toLocalIterator(), uri, configuration);
    }

    /** Rows of name and summary, of which those of one name are merged. */
    static Dataset<Row> merged(SparkSession spark, JavaRDD<Row> rows) {
        register(spark);
        return merged(spark.createDataFrame(rows, ROWS));
    }

    private static Dataset<Row> merged(Dataset<Row> rows) {
        return rows.groupBy(col(TENSOR)).agg(filled(call_function(MergeAggregate.NAME, col(SUMMARY))));
    }

    /** In SQL, the summary of no value is NULL; here it is one. */
    private static Column filled(Column summary) {
        return coalesce(summary, lit(TensorSummary.EMPTY.toBytes())).as(SUMMARY);
    }

    /** A column by its name, whatever that looks like. */
    static Column column(String name) {
        return col("`" + name.replace("`", "``") + "`");
    }

    private static StructField field(Dataset<Row> table, String name) {
        StructField found = Arrays.stream(table.schema().fields())
                .filter(field -> field.name().equals(name))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException("table must have the column " + name + ", had " + columns(table)));
        boolean isCaseSensitive = ((org.apache.spark.sql.classic.SparkSession) table.sparkSession())
                .sessionState()
                .conf()
                .caseSensitiveAnalysis();
        List<String> same = Arrays.stream(table.columns())
                .filter(column -> isCaseSensitive ? column.equals(name) : column.equalsIgnoreCase(name))
                .toList();
        if (same.size() > 1) {
            throw new IllegalArgumentException(
                    "table must have one column that Spark takes for " + name + ", had " + String.join(" and ", same));
        }
        return found;
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
