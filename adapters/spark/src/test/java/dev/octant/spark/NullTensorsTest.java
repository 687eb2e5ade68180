// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A tensor of which there are rows, but no value: a summary of nothing, as one machine writes it. */
class NullTensorsTest {
    @TempDir
    private Path folder;

    private static SparkSession spark() {
        return LocalSpark.session();
    }

    private static String uri(Path path) {
        return path.toUri().toString();
    }

    /** Each tensor another kind of nothing, in rows of several partitions. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "FLOAT | ('null', NULL), ('null', NULL)",
                "ARRAY<FLOAT> | ('some', array(1F, NULL)), ('null', NULL), ('nulls', array(NULL, NULL)),"
                        + " ('empty', array()), ('mixed', NULL), ('mixed', array()), ('mixed', array(NULL))",
                "ARRAY<ARRAY<DOUBLE>> | ('some', array(array(1D), NULL)), ('null', NULL), ('nulls', array(NULL)),"
                        + " ('empty', array()), ('inner', array(array())), ('innermost', array(array(NULL), NULL))"
            })
    void longTables(String type, String content) throws IOException {
        Path place = folder.resolve("in");
        OneFile.of(
                spark().sql("SELECT tensor, CAST(values AS " + type + ") AS values FROM VALUES " + content
                        + " AS t(tensor, values)"),
                place.resolve("1.parquet"));
        byte[] expected = OneMachineTest.onOneMachine(place);
        Dataset<Row> table = spark().read().parquet(uri(place));
        Dataset<Row> summaries = OctantSpark.summaries(table.repartition(3), "tensor", "values");
        assertEquals(table.select("tensor").distinct().count(), summaries.count());
        assertArrayEquals(expected, Activations.written(summaries));
    }

    /** By the command, and by the function, whose NULL becomes a summary of no value where it is written. */
    @Test
    void longTablesWithoutAnyValue() throws IOException {
        Path place = folder.resolve("in");
        Dataset<Row> table =
                spark().sql("SELECT * FROM VALUES ('a', CAST(NULL AS DOUBLE)), ('b', NULL) AS t(tensor, values)");
        OneFile.of(table, place.resolve("1.parquet"));
        byte[] expected = OneMachineTest.onOneMachine(place);
        Path target = folder.resolve("s");
        CalibrateRun run =
                CalibrateRun.of(uri(place), "--tensor", "tensor", "--values", "values", "--summary", uri(target));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("(2 tensors)"), run.out());
        assertArrayEquals(expected, Files.readAllBytes(target));
        OctantSpark.register(spark());
        assertArrayEquals(
                expected,
                Activations.written(table.groupBy("tensor")
                        .agg(call_function("octant_summary", col("values")).as("summary"))));
    }

    /** Columns of nothing, of which a file may have no row, or may lack some. */
    @Test
    void wideTables() throws IOException {
        Dataset<Row> rows = spark().range(0, 6, 1, 2)
                .selectExpr(
                        "CAST(id AS FLOAT) AS v",
                        "CAST(NULL AS FLOAT) AS f",
                        "CAST(NULL AS DOUBLE) AS d",
                        "CAST(NULL AS ARRAY<FLOAT>) AS a",
                        "array(CAST(NULL AS FLOAT)) AS an",
                        "CAST(array() AS ARRAY<DOUBLE>) AS e",
                        "IF(id > 3, NULL, named_struct('x', CAST(NULL AS FLOAT), 'y', array(CAST(NULL AS DOUBLE))))"
                                + " AS s",
                        "CAST(NULL AS ARRAY<STRUCT<z: FLOAT>>) AS l");
        Path one = OneFile.of(rows, folder.resolve("in/1.parquet"));
        byte[] expected = Activations.onOneMachine(false, one);
        Dataset<Row> table = spark().read().parquet(uri(one));
        assertEquals(9, OctantSpark.wide(table).count());
        assertArrayEquals(expected, Activations.written(OctantSpark.wide(table)), "columns");
        assertArrayEquals(expected, Activations.written(OctantSpark.wide(table.repartition(9))), "rows, or none");
        Dataset<Row> none = OctantSpark.wide(table.filter("v > 100"));
        assertEquals(0, none.count());
        assertEquals(
                "data must have at least one value, had none",
                assertThrows(IllegalStateException.class, () -> Activations.written(none))
                        .getMessage());
        OneFile.of(
                rows.selectExpr("v", "f", "CAST(v AS DOUBLE) AS other").filter("v > 100"),
                folder.resolve("in/2.parquet"));
        OneFile.of(rows.selectExpr("v", "CAST(NULL AS FLOAT) AS third"), folder.resolve("in/3.parquet"));
        expected = Activations.onOneMachine(false, folder.resolve("in"));
        assertArrayEquals(expected, Activations.written(OctantSpark.files(spark(), List.of(folder + "/in"))), "files");
        CalibrateRun run = CalibrateRun.of(uri(folder.resolve("in")), "--wide", "--summary", uri(folder.resolve("s")));
        assertEquals(0, run.code(), run.err());
        assertTrue(run.out().contains("(10 tensors)"), run.out());
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("s")));
    }

    /** Text that has names of columns and nothing below, and Parquet of nothing but NULLs. */
    @Test
    void files() throws IOException {
        Files.writeString(folder.resolve("1.csv"), "a,b\n");
        OneFile.of(spark().sql("SELECT CAST(NULL AS FLOAT) AS c"), folder.resolve("2.parquet"));
        byte[] expected = Activations.onOneMachine(false, folder);
        Dataset<Row> summaries = OctantSpark.files(spark(), List.of(folder.toString()));
        assertEquals(3, summaries.count());
        assertArrayEquals(expected, Activations.written(summaries));
    }

    /** What functions of SQL make of a summary of no value. */
    @Test
    void aSummaryOfNoValueHasNoRange() {
        Dataset<Row> table = spark().sql("SELECT 'a' AS tensor, CAST(NULL AS FLOAT) AS values");
        Row row = OctantSpark.summaries(table, "tensor", "values")
                .selectExpr("summary", "octant_range(summary, 'minmax')", "octant_merge(summary) OVER ()")
                .first();
        assertTrue(!row.isNullAt(0) && row.isNullAt(1) && row.isNullAt(2), row.toString());
    }
}
