// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.spark.internal.files.FileColumns;
import dev.octant.spark.internal.sql.WideColumns;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tables of which one file has other columns than another, whichever Spark looks at first. */
class MixedFilesTest {
    private static final String USUAL = "'a' AS tensor, 1F AS values";

    @TempDir
    private static Path written;

    /** Files by their columns, each written once, for Spark takes its time for each. */
    private static final Map<String, Path> KNOWN = new HashMap<>();

    @TempDir
    private Path folder;

    private static SparkSession spark() {
        return LocalSpark.session();
    }

    private Path in() {
        return folder.resolve("in");
    }

    private Path file(String columns, int number) throws IOException {
        Path known = KNOWN.get(columns);
        if (known == null) {
            known = OneFile.of(spark().sql("SELECT " + columns), written.resolve(KNOWN.size() + ".parquet"));
            KNOWN.put(columns, known);
        }
        Files.createDirectories(in());
        return Files.copy(known, in().resolve(number + ".parquet"), StandardCopyOption.REPLACE_EXISTING);
    }

    private CalibrateRun run(String... layout) {
        List<String> words = new ArrayList<>(List.of(in().toUri().toString(), "--summary", folder.toUri() + "s"));
        words.addAll(List.of(layout));
        return CalibrateRun.of(words.toArray(String[]::new));
    }

    private CalibrateRun runLong() {
        return run("--tensor", "tensor", "--values", "values");
    }

    private void checkRefused(CalibrateRun run, String sentence) {
        assertEquals(2, run.code(), run.out());
        assertTrue(run.err().contains(sentence), run.err());
        assertEquals(1, run.err().lines().count(), run.err());
        assertTrue(Files.notExists(folder.resolve("s")));
    }

    /** A file that one machine refuses is refused here, by its name and that of the column. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "'a' AS tensor, 1F AS other | table must have the column values, had tensor STRING, other FLOAT",
                "'a' AS tensor, 1F AS Values | table must have the column values, had tensor STRING, Values FLOAT",
                "'a' AS other, 1F AS values | table must have the column tensor, had other STRING, values FLOAT",
                "1 AS tensor, 1F AS values | column tensor of names must be of STRING, was INT",
                "'a' AS tensor, 1 AS values | column values of values must be of FLOAT or DOUBLE or arrays of these,"
                        + " was INT (cast it to say how it is rounded)"
            })
    void longTablesWithoutAColumn(String other, String sentence) throws IOException {
        for (int odd = 1; odd <= 2; odd++) {
            Path file = file(other, odd);
            file(USUAL, 3 - odd);
            checkRefused(runLong(), odd + ".parquet: " + sentence);
            FormatException one = assertThrows(FormatException.class, () -> OneMachineTest.onOneMachine(in()));
            assertTrue(one.getMessage().startsWith(file + ": "), one.getMessage());
        }
    }

    /** Spark reads one type: that which changes no float. */
    @Test
    void floatsAndDoublesOfLongTables() throws IOException {
        String doubles = "'a' AS tensor, 2.1D AS values";
        for (String[] pair : new String[][] {
            {USUAL, doubles},
            {doubles, USUAL},
            {"'a' AS tensor, array(1.1F, NULL) AS values", "'b' AS tensor, array(CAST(NULL AS DOUBLE)) AS values"}
        }) {
            file(pair[0], 1);
            file(pair[1], 2);
            CalibrateRun run = runLong();
            assertEquals(0, run.code(), run.err());
            assertArrayEquals(OneMachineTest.onOneMachine(in()), Files.readAllBytes(folder.resolve("s")));
        }
    }

    /** One machine takes both, Spark does not: a sentence, and nothing read as what it is not. */
    @Test
    void arraysAndValuesOfLongTables() throws IOException {
        file("'a' AS tensor, array(1F) AS values", 1);
        Path usual = file(USUAL, 2);
        checkRefused(
                runLong(), "2.parquet: column values must have one type in all files, was FLOAT, and ARRAY<FLOAT> in ");
        Files.write(usual, "PAR1 is not all of it PAR1".getBytes(StandardCharsets.US_ASCII));
        checkRefused(runLong(), "2.parquet: file must be whole, was refused by its reader (");
    }

    /** In no file, but for all rows of a folder. */
    @Test
    void namesOfFolders() throws IOException {
        for (String tensor : List.of("a", "b")) {
            Path place = Files.createDirectories(in().resolve("tensor=" + tensor));
            Files.move(file("1F AS values", 1), place.resolve("1.parquet"));
        }
        CalibrateRun run = runLong();
        assertEquals(0, run.code(), run.err());
        Dataset<Row> table = spark().sql("SELECT * FROM VALUES ('a', 1F), ('b', 1F) AS t(tensor, values)");
        assertArrayEquals(
                Activations.written(OctantSpark.summaries(table, "tensor", "values")),
                Files.readAllBytes(folder.resolve("s")));
    }

    /** Of the last, Spark would make one tensor without a word. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1D AS v | column v must have one type in all files, was DOUBLE, and FLOAT in ",
                "1 AS v | column v must have one type in all files, was INT, and FLOAT in ",
                "array(1F) AS v | column v must have one type in all files, was ARRAY<FLOAT>, and FLOAT in ",
                "1F AS V | table must have columns whose names Spark can tell apart, had V, and v in "
            })
    void wideTables(String other, String sentence) throws IOException {
        file("1F AS v, 'x' AS t", 1);
        file(other, 2);
        for (String layout : List.of("--wide", "--files")) {
            checkRefused(run(layout), "in/2.parquet: " + sentence);
        }
    }

    /** Writers other than Spark make row groups without rows: there are tensors where values may be missing. */
    @Test
    void rowGroupsWithoutRows() {
        StructType schema = (StructType) DataType.fromDDL(
                "a FLOAT, b FLOAT NOT NULL, c ARRAY<FLOAT> NOT NULL, s STRUCT<x: FLOAT NOT NULL> NOT NULL, d FLOAT");
        Dataset<Row> table = spark().createDataFrame(List.of(), schema);
        for (boolean hasRows : new boolean[] {false, true}) {
            WideColumns wide = WideColumns.of(
                    (org.apache.spark.sql.classic.Dataset<Row>) table,
                    List.of(new FileColumns("x", schema, true, hasRows)));
            assertEquals(hasRows ? List.of("a", "b", "c", "s.x", "d") : List.of("a", "c", "d"), wide.names());
            assertEquals(hasRows ? 0 : 2, wide.leftOut().size());
        }
        WideColumns none = WideColumns.of(
                (org.apache.spark.sql.classic.Dataset<Row>) table, List.of(new FileColumns("x", schema, false, false)));
        assertEquals(List.of(), none.names());
        assertEquals(List.of(), none.leftOut());
        assertTrue(none.hasColumnsWithoutRows());
    }
}
