// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.apache.spark.sql.functions.call_function;
import static org.apache.spark.sql.functions.col;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.apache.spark.sql.streaming.StreamingQueryException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/spark.md run, and give the bytes of one machine. */
@Tag("exhaustive")
class RecipesTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "spark.md");
    private static final Path SOURCE = Path.of("src/test/java/dev/octant/spark/Recipes.java");
    private static final Activations DATA = Activations.random(21, 12, 20);

    @TempDir
    private Path folder;

    private String uri(String name) {
        return folder.resolve(name).toUri().toString();
    }

    @Test
    void thePageShowsWhatRunsHere() throws Exception {
        String source = withoutBlanks(Files.readString(SOURCE));
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        int blocks = 0;
        while (block.find()) {
            assertTrue(source.contains(withoutBlanks(block.group(1))), block.group(1));
            blocks++;
        }
        assertEquals(5, blocks);
    }

    private static String withoutBlanks(String text) {
        return text.replaceAll("\\s+", "").replace("privatestaticfinallongserialVersionUID=1L;", "");
    }

    @Test
    void tablesAndFilesTogether() throws Exception {
        DATA.table().write().parquet(uri("long"));
        DATA.wideTable().write().parquet(uri("wide"));
        Path file = DATA.file(folder, false);
        Recipes.summaries(
                LocalSpark.session(), uri("long"), uri("wide"), file.toUri().toString(), uri("s.summary"));
        assertArrayEquals(
                Activations.onOneMachine(false, file, file, file), Files.readAllBytes(folder.resolve("s.summary")));
    }

    /** Stopped within a batch after its file was written, and begun again from the checkpoint: each value once. */
    @Test
    void aStreamGoesOnFromItsCheckpoint() throws Exception {
        Path in = Files.createDirectory(folder.resolve("in"));
        Dataset<Row> rows = LocalSpark.session()
                .readStream()
                .schema(Activations.LONG)
                .option("maxFilesPerTrigger", 1)
                .parquet(in.toUri().toString());
        List<Activations> pieces = DATA.pieces(3);
        add(pieces.get(0), in, 0);
        StreamingQuery broken = rows.groupBy(col("tensor"))
                .agg(call_function("octant_summary", col("values")).as("summary"))
                .writeStream()
                .outputMode("complete")
                .option("checkpointLocation", uri("checkpoint"))
                .foreachBatch((VoidFunction2<Dataset<Row>, Long>) (all, batch) -> {
                    OctantSpark.write(all, uri("s.summary"));
                    throw new IllegalStateException("killed");
                })
                .start();
        assertThrows(StreamingQueryException.class, broken::processAllAvailable);
        for (int i = 1; i < 3; i++) {
            add(pieces.get(i), in, i);
            StreamingQuery query = Recipes.stream(rows, uri("s.summary"), uri("checkpoint"));
            query.processAllAvailable();
            query.stop();
        }
        assertArrayEquals(
                Activations.onOneMachine(false, DATA.file(folder, false)),
                Files.readAllBytes(folder.resolve("s.summary")));
    }

    private void add(Activations piece, Path in, int number) throws Exception {
        Path made = folder.resolve("made" + number);
        piece.table().coalesce(1).write().parquet(made.toUri().toString());
        try (var files = Files.list(made)) {
            Path part = files.filter(file -> file.toString().endsWith(".parquet"))
                    .findFirst()
                    .orElseThrow();
            Files.move(part, in.resolve(number + ".parquet"));
        }
    }

    @Test
    void functionsForFlinkAndBeam() {
        float[][] rows = DATA.rows().get("layer 1");
        Recipes.FlinkSummary flink = new Recipes.FlinkSummary();
        Recipes.BeamSummary beam = new Recipes.BeamSummary();
        byte[] all = flink.createAccumulator();
        List<byte[]> parts = new ArrayList<>();
        for (float[] row : rows) {
            all = flink.add(row, all);
            parts.add(beam.addInput(beam.createAccumulator(), row));
        }
        byte[] halves = flink.merge(flink.add(rows[0], flink.createAccumulator()), flink.createAccumulator());
        for (int i = 1; i < rows.length; i++) {
            halves = flink.merge(flink.add(rows[i], flink.createAccumulator()), halves);
        }
        assertArrayEquals(all, halves);
        assertArrayEquals(flink.getResult(all), beam.extractOutput(beam.mergeAccumulators(parts)));
        List<Row> spark = OctantSpark.summaries(DATA.table().filter("tensor = 'layer 1'"), "tensor", "values")
                .collectAsList();
        assertArrayEquals((byte[]) spark.get(0).get(1), all);
    }
}
