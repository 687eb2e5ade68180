// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.formats.FormatException;
import dev.octant.spark.internal.files.FileColumns;
import dev.octant.spark.internal.files.ParquetFiles;
import dev.octant.spark.internal.files.ParquetFooters;
import dev.octant.spark.internal.sql.LongColumns;
import dev.octant.spark.internal.sql.StoredTensors;
import dev.octant.spark.internal.sql.WideColumns;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkThrowable;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * Tables of Parquet, of which each file is looked at: Spark itself takes the columns of one file for those of all, or
 * NULLs for those that a file lacks. Stateless and thread safe.
 */
final class ParquetTables {
    private ParquetTables() {}

    /**
     * A long table.
     *
     * @param inputs URIs or patterns of them, at least one
     * @throws IllegalArgumentException that names the file and the column, if a file lacks one of them or has another
     *     type there
     */
    static Dataset<Row> ofRows(SparkSession spark, String[] inputs, String tensorColumn, String valuesColumn)
            throws IOException {
        Dataset<Row> table = spark.read().options(ParquetFiles.CHECKED).parquet(inputs);
        List<FileColumns> files = columns(spark, files(table));
        Set<String> ofFolders = WideColumns.ofFolders((org.apache.spark.sql.classic.Dataset<Row>) table);
        if (!ofFolders.contains(tensorColumn)) {
            LongColumns.requireNames(files, tensorColumn);
        }
        Optional<DataType> values =
                ofFolders.contains(valuesColumn) ? Optional.empty() : LongColumns.values(files, valuesColumn);
        StructType schema = table.schema();
        return values.isEmpty()
                        || values.get().equals(schema.apply(valuesColumn).dataType())
                ? table
                : spark.read()
                        .options(ParquetFiles.CHECKED)
                        .schema(with(schema, valuesColumn, values.get()))
                        .parquet(inputs);
    }

    private static StructType with(StructType schema, String column, DataType type) {
        return DataTypes.createStructType(Arrays.stream(schema.fields())
                .map(field -> field.name().equals(column) ? DataTypes.createStructField(column, type, true) : field)
                .toArray(StructField[]::new));
    }

    /**
     * Summaries of a wide table.
     *
     * @param inputs URIs or patterns of them, at least one
     * @param leftOut is told, a line each, what is not read and why
     * @throws IllegalArgumentException that names the file and the column, if one has another type in a file, or a name
     *     that Spark takes for another
     */
    static Dataset<Row> ofColumns(SparkSession spark, String[] inputs, Consumer<String> leftOut) throws IOException {
        Dataset<Row> table;
        try {
            table = spark.read().options(ParquetFiles.WHOLE).parquet(inputs);
        } catch (Exception e) {
            if (e instanceof SparkThrowable known && "CANNOT_MERGE_SCHEMAS".equals(known.getCondition())) {
                // Spark does not say in which file.
                Dataset<Row> one = spark.read().options(ParquetFiles.CHECKED).parquet(inputs);
                requireOneType(spark, columns(spark, files(one)));
            }
            throw e;
        }
        return OctantSpark.wide(table, columns(spark, files(table)), leftOut);
    }

    /**
     * The columns of each of some files, which one table must be able to have.
     *
     * @throws FormatException if a footer cannot be read
     */
    static List<FileColumns> columns(SparkSession spark, List<Path> files) throws FormatException {
        return ParquetFooters.of(spark, files, spark.sparkContext().hadoopConfiguration());
    }

    /** Refuses files of a wide table that do not go together. */
    static void requireOneType(SparkSession spark, List<FileColumns> files) {
        StoredTensors.of(
                files,
                ((org.apache.spark.sql.classic.SparkSession) spark)
                        .sessionState()
                        .conf()
                        .caseSensitiveAnalysis());
    }

    private static List<Path> files(Dataset<Row> table) {
        List<Path> files = new ArrayList<>();
        for (String file : table.inputFiles()) {
            // Encoded here, and nowhere else.
            files.add(new Path(URI.create(file)));
        }
        return files;
    }
}
