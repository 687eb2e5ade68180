// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.CalibrationResult;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import dev.octant.observers.estimators.MinMax;
import dev.octant.observers.estimators.RangeStability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files of batches are one tensor where a pattern says so: the same bytes as if the batches were one file. */
class NamedInputsTest {
    private static final int BATCHES = 20;
    private static final int ROWS = 3;
    private static final int ROW = 40;
    private static final NamePattern BATCH = new NamePattern("{name}_*");

    @TempDir
    private Path folder;

    private float[] values;

    @BeforeEach
    void batches() throws IOException {
        Random random = new Random(8);
        values = new float[BATCHES * ROWS * ROW];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 100 == 7 ? Float.NaN : (float) random.nextGaussian() * (1 + i / 500);
        }
        Path many = Files.createDirectory(folder.resolve("many"));
        Path folders = Files.createDirectory(folder.resolve("folders"));
        for (int batch = 0; batch < BATCHES; batch++) {
            String number = String.format(Locale.ROOT, "%03d", batch);
            write(many.resolve("batch_" + number + ".npy"), batch, batch + 1);
            write(Files.createDirectory(folders.resolve(number)).resolve("batch.npy"), batch, batch + 1);
        }
        write(Files.createDirectory(folder.resolve("one")).resolve("batch.npy"), 0, BATCHES);
        write(Files.createDirectory(folder.resolve("batch")).resolve("000.npy"), 0, 7);
        write(folder.resolve("batch").resolve("001.npy"), 7, BATCHES);
    }

    private void write(Path file, int from, int to) throws IOException {
        int length = ROWS * ROW;
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", ElementType.FLOAT32, List.of((long) (to - from) * ROWS, (long) ROW)),
                out -> out.writeFloats(values, from * length, (to - from) * length));
    }

    private TensorInputs open(String input, NamePattern names) throws IOException {
        return TensorInputs.open(List.of(folder.resolve(input)), names, TensorChoice.ALL, false);
    }

    private static SortedMap<String, TensorSummary> read(TensorInputs data) throws IOException {
        return CalibrationRun.of(data.files(), Given.settings(2)).run().tensors();
    }

    @Test
    void filesOfBatchesAreOneTensor() throws IOException {
        TensorInputs named = open("many", BATCH);
        assertEquals(Set.of("batch"), named.tensors());
        assertEquals(BATCHES, named.named());
        assertEquals(BATCHES, open("many", NamePattern.WHOLE).tensors().size());
        named.count();
        assertEquals(values.length, named.totalSize());
        assertEquals(ROWS * ROW, named.longestArray());
        byte[] whole = Given.bytes(read(open("one", NamePattern.WHOLE)));
        assertArrayEquals(whole, Given.bytes(read(named)));
        assertArrayEquals(whole, Given.bytes(read(open("batch", new NamePattern("{name}/*")))));
        TensorInputs alsoGiven = TensorInputs.open(
                List.of(folder.resolve("many").resolve("batch_000.npy"), folder.resolve("one")),
                BATCH,
                TensorChoice.ALL,
                false);
        assertEquals(1, alsoGiven.named());
        assertEquals(Set.of("batch"), alsoGiven.tensors(), "a name that does not match stays");
    }

    @Test
    void shardsOfBatchesMerge() throws IOException {
        List<Path> summaries = new ArrayList<>();
        List<Path> files = new ArrayList<>();
        try (var all = Files.list(folder.resolve("many"))) {
            all.sorted().forEach(files::add);
        }
        for (List<Path> shard : List.of(files.subList(0, 3), files.subList(3, BATCHES))) {
            Path summary = folder.resolve(summaries.size() + ".summary");
            SummaryFile.write(summary, read(TensorInputs.open(shard, BATCH, TensorChoice.ALL, false)));
            summaries.add(summary);
        }
        Path merged = folder.resolve("merged");
        assertEquals(1, SummaryFile.merge(summaries, merged));
        assertArrayEquals(Given.bytes(read(open("one", NamePattern.WHOLE))), Files.readAllBytes(merged));
    }

    /** Rounds bring a tensor forward, of which each file has a piece: one a round until there is a million. */
    @Test
    void roundsAreOfTheTensor() throws IOException {
        RunSettings settings =
                new RunSettings(2, true, Given.settings(1).choice(), Optional.of(new RangeStability(0.1, 1)));
        RunOutcome outcome =
                CalibrationRun.of(open("many", BATCH).files(), settings).run();
        assertEquals(Given.summary(values, ROW), outcome.tensors().get("batch"));
        assertTrue(outcome.reason().contains("batch had data for 1 of the 2 rounds"), outcome.reason());
    }

    private static CalibrationResult ordered(String method, TensorInputs data) throws IOException {
        return Calibration.parse(method, ParameterRule.of(QuantType.INT8, QuantScheme.ASYMMETRIC), OpChoice.NONE)
                .ordered(data)
                .run(values -> {});
    }

    /** An array is a batch of the engines, whatever its tensor is called. */
    @ParameterizedTest
    @ValueSource(strings = {"moving-average=0.5", "ort-entropy", "torch-histogram"})
    void arraysOfOneTensorAreBatches(String method) throws IOException {
        List<Path> separate = new ArrayList<>();
        try (var all = Files.list(folder.resolve("folders"))) {
            all.sorted().map(own -> own.resolve("batch.npy")).forEach(separate::add);
        }
        CalibrationResult expected = ordered(method, TensorInputs.open(separate));
        assertEquals(expected.table(), ordered(method, open("many", BATCH)).table());
    }

    private record Seen(List<String> events) implements TensorInputs.Visitor {
        @Override
        public void begin(String tensor, long sampleLength) {
            events.add("begin " + tensor);
        }

        @Override
        public void visit(String tensor, float[] block, int length) {
            events.add(tensor + " " + Arrays.toString(Arrays.copyOf(block, length)));
        }

        @Override
        public void end(String tensor) {
            events.add("end " + tensor);
        }
    }

    /** Columns of one tensor are arrays of it: one after the other, though the text has them in turns. */
    @Test
    void columnsOfOneTensorComeOneAfterTheOther() throws IOException {
        Path csv = Files.writeString(folder.resolve("x.csv"), "a_0,b_0,a_1\n1,2,3\n4,5,6\n");
        TensorInputs data = TensorInputs.open(List.of(csv), BATCH, TensorChoice.ALL, false);
        assertEquals(Set.of("a", "b"), data.tensors());
        Seen seen = new Seen(new ArrayList<>());
        long[] read = {0};
        data.count();
        data.stream(values -> read[0] += values, seen);
        assertEquals(
                List.of(
                        "begin a",
                        "begin b",
                        "a [1.0, 4.0]",
                        "b [2.0, 5.0]",
                        "end a",
                        "end b",
                        "begin a",
                        "a [3.0, 6.0]",
                        "end a"),
                sorted(seen.events()));
        assertEquals(6, read[0]);
        assertEquals(6, data.totalSize());
        SortedMap<String, TensorSummary> tensors = read(data);
        assertEquals(
                Given.summary(new float[] {1, 4, 3, 6}, 0).values(),
                tensors.get("a").values());
        assertEquals(
                Given.summary(new float[] {2, 5}, 0).values(), tensors.get("b").values());
    }

    /** Which of the columns of a pass comes first is the text's affair. */
    private static List<String> sorted(List<String> events) {
        List<String> sorted = new ArrayList<>(events);
        int firstPass = events.indexOf("end b") + 1;
        List<String> rank = List.of("begin a", "begin b", "a [", "b [", "end a", "end b");
        sorted.subList(0, firstPass).sort((one, other) -> Integer.compare(rank(rank, one), rank(rank, other)));
        return sorted;
    }

    private static int rank(List<String> rank, String event) {
        for (int i = 0; i < rank.size(); i++) {
            if (event.startsWith(rank.get(i))) {
                return i;
            }
        }
        return rank.size();
    }

    @Test
    void theChoiceIsByTheNamesOfTensors() throws IOException {
        Path csv = Files.writeString(folder.resolve("x.csv"), "a_0,b_0,a_1,note\n1,2,3,x\n4,5,6,y\n");
        TensorInputs data = TensorInputs.open(List.of(csv), BATCH, new TensorChoice(List.of("a"), List.of()), false);
        assertEquals(Set.of("a"), data.tensors());
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> TensorInputs.open(List.of(csv), BATCH, new TensorChoice(List.of("a_0"), List.of()), false));
        assertTrue(refused.getMessage().contains("must match one of the inputs, was 'a_0'"), refused.getMessage());
    }

    @Test
    void whatIsLeftOutHasTheNameOfItsTensor() throws IOException {
        Path many = folder.resolve("many");
        for (String number : List.of("900", "901")) {
            ArrayWriter.write(
                    many.resolve("ids_" + number + ".npy"),
                    ArrayHeader.of("x", ElementType.INT8, List.of(2L)),
                    out -> out.writeBytes(new byte[2], 0, 2));
            ArrayWriter.write(
                    many.resolve("batch_" + number + ".npy"),
                    ArrayHeader.of("x", ElementType.FLOAT32, List.of(0L, 5L)),
                    out -> {});
        }
        TensorInputs data = open("many", BATCH);
        assertEquals(1, data.leftOut().size(), data.leftOut()::toString);
        assertEquals("ids", data.leftOut().get(0).tensor());
        assertEquals(
                Optional.of(many.resolve("ids_900.npy")), data.leftOut().get(0).file());
    }

    @Test
    void namesThatCannotBeAreRefused() throws IOException {
        IllegalArgumentException unused =
                assertThrows(IllegalArgumentException.class, () -> open("many", new NamePattern("{name}-*")));
        assertEquals(
                "pattern of names must match one of the inputs, was '{name}-*', where they are batch_000, batch_001,"
                        + " batch_002 and others",
                unused.getMessage());
        Path file = folder.resolve("many").resolve("  _1.npy");
        write(file, 0, 1);
        FormatException blank = assertThrows(FormatException.class, () -> open("many", BATCH));
        assertEquals(
                file + ": name of a tensor must have visible characters and no control characters, was \"  \" by the"
                        + " pattern of names",
                blank.getMessage());
        assertEquals(
                "inputs must be at least one, was none",
                assertThrows(IllegalArgumentException.class, () -> TensorInputs.open(List.of()))
                        .getMessage());
    }

    /** A checkpoint is of the tensors, which the files alone do not tell: the names of the folders count. */
    @Test
    void aCheckpointKnowsTheNames() throws IOException {
        Path place = folder.resolve("c");
        RunSettings settings = new RunSettings(1, true, new Given.Choice(new MinMax()), Optional.empty());
        List<Path> files = List.of(folder.resolve("batch"));
        NamePattern first = new NamePattern("{name}/00?");
        CalibrationRun run = CalibrationRun.withCheckpoint(
                TensorInputs.open(files, first, TensorChoice.ALL, false).files(), settings, place, Duration.ZERO);
        run.stop();
        assertTrue(run.run().isSaved());
        assertTrue(CalibrationRun.withCheckpoint(
                        TensorInputs.open(files, new NamePattern("{name}/*"), TensorChoice.ALL, false)
                                .files(),
                        settings,
                        place,
                        Duration.ZERO)
                .isResumed());
        FormatException other = assertThrows(
                FormatException.class,
                () -> CalibrationRun.withCheckpoint(TensorInputs.open(files).files(), settings, place, Duration.ZERO));
        assertTrue(other.getMessage().startsWith(place + ": checkpoint must "), other.getMessage());

        // The same names, of other parts.
        Path swapped = Files.createDirectories(folder.resolve("swapped"));
        Files.writeString(swapped.resolve("x.csv"), "a_b,b_a\n1,2\n");
        NamePattern begin = new NamePattern("{name}_?");
        NamePattern end = new NamePattern("?_{name}");
        Path second = folder.resolve("d");
        run = CalibrationRun.withCheckpoint(open("swapped", begin).files(), settings, second, Duration.ZERO);
        run.stop();
        assertTrue(run.run().isSaved());
        assertEquals(
                second + ": checkpoint must belong to the same tensors, was of the same data by other names; start anew"
                        + " with --fresh or delete the file",
                assertThrows(
                                FormatException.class,
                                () -> CalibrationRun.withCheckpoint(
                                        open("swapped", end).files(), settings, second, Duration.ZERO))
                        .getMessage());
    }

    @Test
    void foldersInFoldersAreTold() throws IOException {
        assertEquals(List.of(), open("many", NamePattern.WHOLE).folders());
        Path hidden = Files.createDirectory(folder.resolve("many").resolve(".cache"));
        Files.writeString(hidden.resolve("x.csv"), "a\n1\n");
        assertEquals(List.of(), open("many", NamePattern.WHOLE).folders());
        Path inner = Files.createDirectory(folder.resolve("many").resolve("inner"));
        write(inner.resolve("deep.npy"), 0, 1);
        TensorInputs data = open("many", NamePattern.WHOLE);
        assertEquals(List.of(inner), data.folders());
        assertEquals(BATCHES, data.tensors().size());
        TensorInputs both = TensorInputs.open(List.of(folder.resolve("many"), inner));
        assertEquals(List.of(), both.folders());
        assertEquals(BATCHES + 1, both.tensors().size());
    }
}
