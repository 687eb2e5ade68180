// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorSummary;
import dev.octant.observers.HistogramSummary;
import dev.octant.observers.PerSampleSummary;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A table of another writer, and what one machine told of its values before there was a reader of such tables. */
class GoldenTest {
    private static final Path GOLDEN = golden();

    @TempDir
    private Path folder;

    private static Path golden() {
        try {
            return Path.of(Objects.requireNonNull(GoldenTest.class.getResource("golden"), "golden")
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Dataset<Row> table() {
        Dataset<Row> table =
                LocalSpark.session().read().parquet(GOLDEN.resolve("long").toString());
        assertEquals(Activations.LONG.catalogString(), table.schema().catalogString());
        return table;
    }

    /** What a summary of version 1 tells is what those of today tell: counts, extremes and bins of full width. */
    private void assertTells(String golden, byte[] written) throws IOException {
        Path file = Files.write(folder.resolve("written.summary"), written);
        try (SummaryFile.Reader old = SummaryFile.open(GOLDEN.resolve(golden));
                SummaryFile.Reader own = SummaryFile.open(file)) {
            int tensors = 0;
            while (old.next()) {
                assertTrue(own.next());
                assertEquals(old.name(), own.name());
                assertSame(old.name(), old.summary().values(), own.summary().values());
                PerSampleSummary expected = old.summary().samples();
                PerSampleSummary samples = own.summary().samples();
                assertEquals(expected.values(), samples.values());
                assertSame(old.name(), expected.minima(), samples.minima());
                assertSame(old.name(), expected.maxima(), samples.maxima());
                tensors++;
            }
            assertFalse(own.next());
            assertTrue(tensors > 1);
        }
    }

    private static void assertSame(String name, HistogramSummary expected, HistogramSummary own) {
        assertEquals(expected.counts(), own.counts(), name);
        assertEquals(expected.exponent(), own.exponent(), name);
        assertEquals(expected.binsPerSign(), own.binsPerSign(), name);
        for (int k = 0; k < expected.binsPerSign(); k++) {
            assertEquals(expected.positive(k), own.positive(k), name);
            assertEquals(expected.negative(k), own.negative(k), name);
        }
    }

    @Test
    void valuesOfALongTable() throws IOException {
        byte[] written = Activations.written(OctantSpark.summaries(table(), "tensor", "values"));
        assertTells("small.summary", written);
        assertArrayEquals(OneMachineTest.onOneMachine(GOLDEN.resolve("long")), written);
    }

    @Test
    void rowsThatAreSamples() throws IOException {
        assertTells(
                "small-with-samples.summary", Activations.written(OctantSpark.samples(table(), "tensor", "values")));
    }

    /** Summaries of version 1, as a table of years ago may have them, are merged with those of today. */
    @Test
    void summariesOfBothVersions() throws IOException {
        List<Row> old = new ArrayList<>();
        SortedMap<String, TensorSummary> twice = new TreeMap<>();
        Path file = Files.write(folder.resolve("today.summary"), OneMachineTest.onOneMachine(GOLDEN.resolve("long")));
        try (SummaryFile.Reader golden = SummaryFile.open(GOLDEN.resolve("small.summary"));
                SummaryFile.Reader today = SummaryFile.open(file)) {
            while (golden.next() && today.next()) {
                old.add(RowFactory.create(golden.name(), golden.summary().toBytes()));
                twice.put(golden.name(), golden.summary().merge(today.summary()));
            }
        }
        Path expected = folder.resolve("twice.summary");
        SummaryFile.write(expected, twice);
        Dataset<Row> summaries = OctantSpark.summaries(table(), "tensor", "values");
        Dataset<Row> both =
                LocalSpark.session().createDataFrame(old, summaries.schema()).union(summaries);
        assertArrayEquals(Files.readAllBytes(expected), Activations.written(both));
    }
}
