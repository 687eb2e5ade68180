// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever the layout, the partitions and the failures, the summary file has the bytes of one machine. */
class SameBytesTest {
    private static final Activations DATA = Activations.random(7, 60, 41);

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void longTables(int partitions) throws IOException {
        byte[] expected = Activations.onOneMachine(false, DATA.file(folder, false));
        Dataset<Row> table = LocalSpark.failingFirst(DATA.table().repartition(partitions));
        assertEquals(partitions, table.rdd().getNumPartitions());
        Dataset<Row> summaries = OctantSpark.summaries(table, "tensor", "values");
        assertArrayEquals(expected, Activations.written(LocalSpark.failingFirst(summaries)));
    }

    @ParameterizedTest
    @ValueSource(ints = {2, 50})
    void samplesOfLongTables(int partitions) throws IOException {
        byte[] expected = Activations.onOneMachine(true, DATA.file(folder, true));
        Dataset<Row> table = LocalSpark.failingFirst(DATA.table().repartition(partitions));
        Dataset<Row> summaries = OctantSpark.samples(table, "tensor", "values");
        assertArrayEquals(expected, Activations.written(LocalSpark.failingFirst(summaries)));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void wideTables(int partitions) throws IOException {
        byte[] expected = Activations.onOneMachine(false, DATA.file(folder, false));
        Dataset<Row> table = DATA.wideTable().repartition(partitions);
        assertArrayEquals(expected, Activations.written(OctantSpark.wide(LocalSpark.failingFirst(table))));
        String place = folder.resolve("wide").toUri().toString();
        table.write().parquet(place);
        Dataset<Row> columns = LocalSpark.session().read().parquet(place);
        assertArrayEquals(expected, Activations.written(LocalSpark.failingFirst(OctantSpark.wide(columns))));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 50})
    void files(int pieces) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Activations piece : DATA.pieces(pieces)) {
            Files.move(piece.file(folder, true), files(files));
        }
        byte[] expected = Activations.onOneMachine(false, files.toArray(Path[]::new));
        List<String> uris = files.stream().map(file -> file.toUri().toString()).toList();
        // A file is a task: none is shorter than that.
        LocalSpark.session().conf().set("spark.sql.files.maxPartitionBytes", "1");
        try {
            List<String> leftOut = new ArrayList<>();
            Dataset<Row> summaries = OctantSpark.files(LocalSpark.session(), uris, leftOut::add);
            assertArrayEquals(expected, Activations.written(LocalSpark.failingFirst(summaries)));
            assertEquals(List.of(), leftOut);
        } finally {
            LocalSpark.session().conf().unset("spark.sql.files.maxPartitionBytes");
        }
        assertArrayEquals(
                expected,
                Activations.written(OctantSpark.files(
                        LocalSpark.session(), List.of(folder.toUri().toString()))));
    }

    private Path files(List<Path> files) {
        files.add(folder.resolve("piece" + files.size() + ".npz"));
        return files.get(files.size() - 1);
    }

    /** One tensor has 99 of 100 values, and its rows are longer than others. */
    @Test
    void oneTensorWithNearlyAllData() throws IOException {
        Map<String, float[][]> rows = new LinkedHashMap<>();
        rows.put("small", Activations.random(1, 9, 100).rows().get("aten::mul"));
        rows.put("large", Activations.random(2, 18, 5000).rows().get("layer 1"));
        Activations data = new Activations(rows);
        byte[] expected = Activations.onOneMachine(false, data.file(folder, false));
        Dataset<Row> table = LocalSpark.failingFirst(data.table().repartition(5));
        assertArrayEquals(expected, Activations.written(OctantSpark.summaries(table, "tensor", "values")));
    }

    /** More tensors than Spark keeps in a hash map: it sorts rows from there on. */
    @Test
    void moreTensorsThanATaskHolds() throws IOException {
        Map<String, float[][]> rows = new LinkedHashMap<>();
        float[][] values = Activations.random(3, 4, 30).rows().get("layer 1");
        for (int i = 0; i < 500; i++) {
            rows.put("tensor" + i, new float[][] {values[i % 4], values[(i + 1) % 4], {i, -i, i / 3f}});
        }
        rows.replaceAll((tensor, own) -> new float[][] {own[0], own[1], Arrays.copyOf(own[2], 30)});
        Activations data = new Activations(rows);
        byte[] expected = Activations.onOneMachine(false, data.file(folder, false));
        assertArrayEquals(
                expected, Activations.written(OctantSpark.summaries(data.table().repartition(3), "tensor", "values")));
    }

    @Test
    void namesComeInTheOrderOfTheFile() throws IOException {
        byte[] file = Activations.written(OctantSpark.summaries(DATA.table(), "tensor", "values"));
        String text = new String(file, StandardCharsets.ISO_8859_1);
        // Modified UTF-8: a surrogate is three bytes.
        assertTrue(text.indexOf("m\u00ed\u00a0\u00bd") < text.indexOf("m\u00ef\u00bd\u009e"), "order of names");
    }
}
