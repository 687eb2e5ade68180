// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which columns and files are the tensors of a wide table, by what one machine makes of the same files of Parquet. */
class WideTablesTest {
    private static final String HALF = "CASE WHEN id % 2 = 0 THEN NULL ELSE ";

    @TempDir
    private Path folder;

    private static SparkSession spark() {
        return LocalSpark.session();
    }

    private static Dataset<Row> rows(String... columns) {
        return spark().range(0, 60, 1, 2).selectExpr(columns);
    }

    private Path file(Dataset<Row> rows, String name) throws IOException {
        return OneFile.of(rows, folder.resolve(name));
    }

    private static String uri(Path path) {
        return path.toUri().toString();
    }

    private static byte[] read(Path... files) throws IOException {
        List<String> paths = Stream.of(files).map(Path::toString).toList();
        return Activations.written(OctantSpark.files(spark(), paths, left -> {}));
    }

    /** As floats, doubles, arrays, fields and elements, in columns and in rows. */
    @Test
    void nullsAreNoValues() throws IOException {
        Dataset<Row> rows = rows(
                HALF + "CAST(id + 5 AS FLOAT) END AS f",
                HALF + "CAST(id + 5 AS DOUBLE) END AS d",
                HALF + "array(CAST(id + 5 AS FLOAT), NULL) END AS a",
                HALF + "array(NULL, CAST(id + 5 AS DOUBLE)) END AS ad",
                HALF + "array(array(CAST(id AS FLOAT)), NULL, array(), array(NULL, 9F)) END AS n",
                HALF + "named_struct('f', " + HALF + "CAST(id + 5 AS FLOAT) END, 'g', CAST(id % 3 AS DOUBLE)) END AS s",
                HALF + "array(named_struct('x', 7F, 'y', 'text'), NULL) END AS l");
        Path file = file(rows, "all/x.parquet");
        byte[] expected = Activations.onOneMachine(false, file);
        Dataset<Row> table = spark().read().parquet(uri(file));
        assertArrayEquals(expected, read(file), "files");
        assertArrayEquals(expected, Activations.written(OctantSpark.wide(table)), "columns");
        assertArrayEquals(expected, Activations.written(OctantSpark.wide(table.repartition(3))), "rows");
        Dataset<Row> cached = table.select("f", "d", "a", "ad", "n", "s", "l").cache();
        try {
            assertEquals(60, cached.count());
            assertArrayEquals(expected, Activations.written(OctantSpark.wide(cached)), "cached");
        } finally {
            cached.unpersist();
        }
        spark().conf().set("spark.sql.parquet.enableVectorizedReader", "false");
        try {
            Dataset<Row> slow = spark().read().parquet(uri(file));
            assertArrayEquals(expected, Activations.written(OctantSpark.wide(slow)), "without vectors");
        } finally {
            spark().conf().unset("spark.sql.parquet.enableVectorizedReader");
        }
        Path orc = folder.resolve("orc");
        rows.write().orc(uri(orc));
        assertArrayEquals(
                expected, Activations.written(OctantSpark.wide(spark().read().orc(uri(orc)))), "ORC");
        // Floats alone are what Spark keeps in columns where it caches.
        Dataset<Row> floats = table.select("f", "d").cache();
        try {
            assertEquals(60, floats.count());
            List<Row> ranges = OctantSpark.wide(floats)
                    .selectExpr("octant_range(summary, 'minmax').min")
                    .collectAsList();
            assertEquals(2, ranges.size());
            ranges.forEach(range -> assertEquals(6, range.getDouble(0)));
        } finally {
            floats.unpersist();
        }
    }

    @Test
    void filesMayHaveDifferentColumns() throws IOException {
        Path one = file(rows("CAST(id + 5 AS FLOAT) AS a", "CAST(id - 90 AS FLOAT) AS b"), "in/1.parquet");
        Path two = file(rows("CAST(id + 9 AS FLOAT) AS b", "CAST(id + 7 AS DOUBLE) AS c"), "in/2.parquet");
        byte[] expected = Activations.onOneMachine(false, one, two);
        assertArrayEquals(expected, read(folder.resolve("in")));
        CalibrateRun run = CalibrateRun.of(uri(folder.resolve("in")), "--wide", "--summary", uri(folder.resolve("s")));
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("s")));
    }

    /** Names that Spark would take for patterns, pass over or take for a URI. */
    @Test
    void filesAreThoseOfTheirNames() throws IOException {
        List<String> names = List.of(
                "a?.parquet",
                "ab.parquet",
                "l[0].parquet",
                "l0.parquet",
                "{x,y}.parquet",
                "x.parquet",
                "*.parquet",
                "b\\c.parquet",
                "_x.parquet",
                ".y.parquet",
                "p%20q.parquet",
                "s p#ace.parquet");
        List<Path> files = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            files.add(file(rows("CAST(id + " + 100 * i + " AS FLOAT) AS v"), "in/" + names.get(i)));
        }
        for (Path file : files) {
            assertArrayEquals(Activations.onOneMachine(false, file), read(file), file.toString());
        }
        byte[] expected = Activations.onOneMachine(false, files.toArray(Path[]::new));
        Path shadow = Files.write(folder.resolve("in/._ab.parquet"), new byte[] {1});
        assertArrayEquals(expected, read(folder.resolve("in")));
        assertTrue(Files.exists(shadow));
    }

    @Test
    void whatIsLeftOutIsSaid() throws IOException {
        Path in = folder.resolve("in/lr=0.5");
        file(
                rows(
                        "CAST(id AS FLOAT) AS v",
                        "id",
                        "named_struct('t', 'x', 'f', 1F) AS s",
                        "CAST(id AS FLOAT) AS __index_level_0__"),
                "in/lr=0.5/x.parquet");
        List<String> said = List.of(
                "id: column must be of FLOAT or DOUBLE or arrays of these, was BIGINT",
                "s.t: column must be of FLOAT or DOUBLE or arrays of these, was STRING",
                "__index_level_0__: column must have a name of its own, was the unnamed index of a pandas table");
        List<String> ofFiles = new ArrayList<>();
        byte[] expected = Activations.onOneMachine(false, in.resolve("x.parquet"));
        assertArrayEquals(
                expected, Activations.written(OctantSpark.files(spark(), List.of(in.toString()), ofFiles::add)));
        assertEquals(said, ofFiles);
        CalibrateRun run = CalibrateRun.of(uri(folder.resolve("in")), "--wide", "--summary", uri(folder.resolve("s")));
        assertEquals(0, run.code(), run.err());
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("s")));
        for (String line : said) {
            assertTrue(run.out().contains("Left out: " + line + "\n"), run.out());
        }
        assertTrue(run.out().contains("Left out: lr: column must be of the data, was made of the names of"), run.out());
    }

    @Test
    void columnsThatAreNotToldApartAreRefused() {
        for (String columns :
                List.of("1F AS x, 2F AS x", "1F AS x, 'a' AS X", "1F AS `s.f`, named_struct('f', 2F) AS s")) {
            Dataset<Row> table = spark().sql("SELECT " + columns);
            String sentence = assertThrows(IllegalArgumentException.class, () -> OctantSpark.wide(table))
                    .getMessage();
            assertTrue(sentence.startsWith("table must have "), sentence);
        }
        Dataset<Row> table = spark().sql("SELECT 'a' AS t, 1F AS v, 2F AS V");
        String sentence = assertThrows(IllegalArgumentException.class, () -> OctantSpark.summaries(table, "t", "v"))
                .getMessage();
        assertEquals("table must have one column that Spark takes for v, had v and V", sentence);
    }

    /** Bytes of a page that are others than those whose checksum was written. */
    @Test
    void damagedPagesAreRefused() throws IOException {
        Path file = file(rows("CAST(rand(1) AS FLOAT) AS v"), "in/x.parquet");
        byte[] bytes = Files.readAllBytes(file);
        for (int i = 0; i < 16; i++) {
            // Spark's pages of random floats are stored as they are: one of these is another float.
            bytes[120 + i] ^= 1;
        }
        Files.write(file, bytes);
        for (String layout : List.of("--wide", "--files")) {
            CalibrateRun run = CalibrateRun.of(file.toString(), layout, "--summary", uri(folder.resolve("s")));
            assertEquals(2, run.code(), run.out());
            assertEquals(1, run.err().lines().count(), run.err());
            assertTrue(run.err().contains("/in/x.parquet: file must be whole, was refused by its reader ("), run.err());
            assertTrue(Files.notExists(folder.resolve("s")));
        }
    }

    @Test
    void typesThatDoNotMergeAreSaid() throws IOException {
        file(rows("CAST(id AS FLOAT) AS act"), "in/1.parquet");
        file(rows("array(CAST(id AS FLOAT)) AS act"), "in/2.parquet");
        for (String layout : List.of("--wide", "--files")) {
            CalibrateRun run =
                    CalibrateRun.of(uri(folder.resolve("in")), layout, "--summary", uri(folder.resolve("s")));
            assertEquals(2, run.code());
            assertTrue(run.err().contains("column act must have one type in all files, was "), run.err());
            assertEquals(1, run.err().lines().count(), run.err());
        }
    }

    @Test
    void foldersWithoutFilesAreRefused() throws IOException {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        CalibrateRun run = CalibrateRun.of(uri(empty), "--wide", "--summary", uri(folder.resolve("s")));
        assertEquals("octant calibrate: inputs must hold a file of Parquet, were without any\n", run.err());
        FormatException none = assertThrows(FormatException.class, () -> read(empty));
        assertTrue(
                none.getMessage()
                        .endsWith("folder must hold .npy, .npz, .safetensors, .csv, .tsv or .parquet files,"
                                + " was without any"),
                none.getMessage());
    }
}
