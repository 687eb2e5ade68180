// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.NamePattern;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.formats.LongTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The long tables that Spark writes are read on one machine, too, with the same outcome. */
class OneMachineTest {
    @TempDir
    private Path folder;

    /** The summary file of one machine for a long table with the columns of {@link Activations#LONG}. */
    static byte[] onOneMachine(Path table) throws IOException {
        TensorInputs inputs = TensorInputs.open(
                List.of(table),
                Optional.of(new LongTable("tensor", "values")),
                NamePattern.WHOLE,
                TensorChoice.ALL,
                false);
        RunSettings settings =
                RunSettings.of((tensor, summary) -> summary.values().range());
        Path target = Files.createTempFile("one", ".summary");
        try {
            SummaryFile.write(
                    target, CalibrationRun.of(inputs.files(), settings).run().tensors());
            return Files.readAllBytes(target);
        } finally {
            Files.delete(target);
        }
    }

    private void check(Dataset<Row> rows, Map<String, String> options, String name) throws IOException {
        Path place = folder.resolve(name);
        rows.coalesce(2).write().options(options).parquet(place.toUri().toString());
        Dataset<Row> table = LocalSpark.session().read().parquet(place.toUri().toString());
        assertEquals(rows.count(), table.count());
        byte[] one = onOneMachine(place);
        assertTrue(one.length > 100);
        assertArrayEquals(one, Activations.written(OctantSpark.summaries(table, "tensor", "values")), name);
    }

    @Test
    void everyWayOfWriting() throws IOException {
        Dataset<Row> lists = Activations.random(31, 200, 23).table();
        check(lists, Map.of(), "usual");
        check(
                lists,
                Map.of(
                        "parquet.writer.version", "v2",
                        "parquet.page.size", "3000",
                        "parquet.block.size", "20000",
                        "compression", "zstd"),
                "small-pages");
        check(lists, Map.of("parquet.enable.dictionary", "false", "compression", "none"), "plain");
        lists.createOrReplaceTempView("lists");
        Dataset<Row> holes = LocalSpark.session()
                .sql("SELECT tensor, CASE WHEN size(values) = 0 OR abs(hash(values)) % 5 = 0 THEN NULL"
                        + " WHEN abs(hash(values)) % 5 = 1 THEN array()"
                        + " ELSE transform(values, (v, i) -> IF(i % 3 = 1, NULL, CAST(v AS DOUBLE))) END AS values"
                        + " FROM lists");
        check(holes, Map.of("parquet.page.size", "2000"), "holes");
        check(
                LocalSpark.session().sql("SELECT tensor, explode(values) AS values FROM lists"),
                Map.of("compression", "gzip"),
                "scalars");
    }
}
