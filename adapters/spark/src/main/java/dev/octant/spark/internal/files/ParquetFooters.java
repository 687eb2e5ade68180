// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.files;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.execution.datasources.parquet.ParquetToSparkSchemaConverter;
import org.apache.spark.sql.internal.SQLConf;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;

/**
 * What the files of a table say that they have, each by itself. Spark gives a table the columns of one file, or of all:
 * a file without one of them reads as NULLs, and one of another type as Spark sees fit. Footers are read by tasks.
 * Stateless and thread safe.
 */
public final class ParquetFooters {
    private static final StructType ROWS = DataTypes.createStructType(List.of(
            DataTypes.createStructField("file", DataTypes.StringType, false),
            DataTypes.createStructField("schema", DataTypes.StringType, true),
            DataTypes.createStructField("problem", DataTypes.StringType, true),
            DataTypes.createStructField("groups", DataTypes.BooleanType, false),
            DataTypes.createStructField("rows", DataTypes.BooleanType, false)));

    private static final int FILE = 0;
    private static final int SCHEMA = 1;
    private static final int PROBLEM = 2;
    private static final int HAS_GROUPS = 3;
    private static final int HAS_ROWS = 4;

    private ParquetFooters() {}

    /**
     * The columns of some files, once for all files that have the same, by the first of their names.
     *
     * @throws FormatException if a footer cannot be read
     */
    public static List<FileColumns> of(SparkSession spark, List<Path> files, Configuration configuration)
            throws FormatException {
        SerializableConfiguration shared = new SerializableConfiguration(configuration);
        List<String> names = files.stream().map(Path::toString).toList();
        List<Row> kinds = spark.createDataset(names, Encoders.STRING())
                .mapPartitions(
                        (MapPartitionsFunction<String, Row>) some -> distinct(
                                        some, file -> columns(file, shared.value()))
                                .iterator(),
                        Encoders.row(ROWS))
                .collectAsList();
        List<Row> distinct = new ArrayList<>(distinct(kinds.iterator(), row -> row));
        distinct.sort(Comparator.comparing(row -> row.getString(FILE)));
        List<FileColumns> all = new ArrayList<>();
        for (Row kind : distinct) {
            String file = kind.getString(FILE);
            if (!kind.isNullAt(PROBLEM)) {
                throw new FormatException(
                        file + ": file must be whole, was refused by its reader (" + kind.getString(PROBLEM) + ")");
            }
            StructType schema = (StructType) DataType.fromJson(kind.getString(SCHEMA));
            all.add(new FileColumns(file, schema, kind.getBoolean(HAS_GROUPS), kind.getBoolean(HAS_ROWS)));
        }
        return all;
    }

    /** Files that have the same columns, or the same problem, become one row: there may be very many. */
    private static <T> Collection<Row> distinct(Iterator<T> files, Function<T, Row> columns) {
        Map<List<String>, Row> kinds = new HashMap<>();
        while (files.hasNext()) {
            Row row = columns.apply(files.next());
            kinds.merge(Arrays.asList(row.getString(SCHEMA), row.getString(PROBLEM)), row, ParquetFooters::merged);
        }
        return kinds.values();
    }

    private static Row merged(Row one, Row other) {
        String first =
                one.getString(FILE).compareTo(other.getString(FILE)) < 0 ? one.getString(FILE) : other.getString(FILE);
        return RowFactory.create(
                first,
                one.getString(SCHEMA),
                one.getString(PROBLEM),
                one.getBoolean(HAS_GROUPS) || other.getBoolean(HAS_GROUPS),
                one.getBoolean(HAS_ROWS) || other.getBoolean(HAS_ROWS));
    }

    private static Row columns(String file, Configuration configuration) {
        try (ParquetFileReader reader =
                ParquetFileReader.open(HadoopInputFile.fromPath(new Path(file), configuration))) {
            boolean hasGroups = !reader.getRowGroups().isEmpty();
            boolean hasRows = reader.getRowGroups().stream().anyMatch(group -> group.getRowCount() > 0);
            String schema = schema(reader.getFileMetaData().getSchema()).json();
            return RowFactory.create(file, schema, null, hasGroups, hasRows);
        } catch (IOException | RuntimeException e) {
            // Said by the driver: a task that fails would be tried again.
            String problem = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
            return RowFactory.create(file, null, problem, false, false);
        }
    }

    private static StructType schema(MessageType columns) {
        // What the session is set to, which Spark sends with the tasks of a query.
        ParquetToSparkSchemaConverter converter = new ParquetToSparkSchemaConverter(SQLConf.get());
        List<StructField> fields = new ArrayList<>();
        for (Type column : columns.getFields()) {
            fields.add(field(converter, columns.getName(), column));
        }
        return DataTypes.createStructType(fields);
    }

    /** One at a time, for what Spark does not read of a file need not be read. */
    private static StructField field(ParquetToSparkSchemaConverter converter, String root, Type column) {
        try {
            return converter.convert(new MessageType(root, column)).apply(0);
        } catch (Exception e) {
            // Scala does not declare the AnalysisException that it throws.
            return DataTypes.createStructField(column.getName(), DataTypes.NullType, true);
        }
    }
}
