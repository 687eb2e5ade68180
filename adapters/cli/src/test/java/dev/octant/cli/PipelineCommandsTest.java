// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunProgress;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.cli.words.Progress;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands around summaries and long runs: the same bytes whatever way the data takes. */
class PipelineCommandsTest {
    private static final int ROW = 600;

    @TempDir
    private Path folder;

    /** Rows of three tensors by name. */
    private final Map<String, List<float[]>> rows = new TreeMap<>();

    private Path whole;

    private static Shell ok(Shell shell) {
        assertEquals(0, shell.code(), shell::toString);
        return shell;
    }

    private static String refused(Shell shell) {
        assertEquals(2, shell.code(), shell::toString);
        List<String> lines = shell.err().lines().toList();
        assertEquals(1, lines.size(), shell::err);
        assertFalse(shell.err().contains("Exception"), shell::err);
        return lines.get(0);
    }

    @BeforeEach
    void data() throws IOException {
        Random random = new Random(4);
        for (String tensor : List.of("act", "gate", "odd name = x")) {
            List<float[]> own = new ArrayList<>();
            for (int r = 0; r < 60; r++) {
                float[] row = new float[ROW];
                for (int i = 0; i < ROW; i++) {
                    row[i] = switch (random.nextInt(100)) {
                        case 0 -> Float.NaN;
                        case 1 -> Float.NEGATIVE_INFINITY;
                        case 2 -> 0;
                        default -> (float) (random.nextGaussian() * (1 + tensor.length()));
                    };
                }
                own.add(row);
            }
            rows.put(tensor, own);
        }
        whole = Files.createDirectory(folder.resolve("whole"));
        for (String tensor : rows.keySet()) {
            write(whole.resolve(tensor + ".npy"), rows.get(tensor));
        }
    }

    private static void write(Path file, List<float[]> rows) throws IOException {
        ArrayWriter.write(
                file, ArrayHeader.of("x", ElementType.FLOAT32, List.of((long) rows.size(), (long) ROW)), out -> {
                    for (float[] row : rows) {
                        out.writeFloats(row, 0, row.length);
                    }
                });
    }

    /** The same rows in files of any number, in any order. */
    private List<Path> split(Random random, int round) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String tensor : rows.keySet()) {
            List<float[]> left = new ArrayList<>(rows.get(tensor));
            Collections.shuffle(left, random);
            for (int from = 0; from < left.size(); ) {
                int to = Math.min(left.size(), from + 1 + random.nextInt(30));
                Path own = Files.createDirectories(folder.resolve("split" + round + "-" + files.size()));
                write(own.resolve(tensor + ".npy"), left.subList(from, to));
                files.add(own.resolve(tensor + ".npy"));
                from = to;
            }
        }
        Collections.shuffle(files, random);
        return files;
    }

    private byte[] table(List<Path> inputs, Object... more) throws IOException {
        Path table = folder.resolve("t.json");
        List<Object> words = new ArrayList<>(List.of("calibrate"));
        words.addAll(inputs);
        words.addAll(List.of("-o", table));
        words.addAll(Arrays.asList(more));
        ok(Shell.run(words.toArray()));
        assertTrue(Files.notExists(folder.resolve("t.json.checkpoint")));
        return Files.readAllBytes(table);
    }

    @Test
    void threadsDoNotMatter() throws IOException {
        byte[] one = table(List.of(whole), "--threads", 1, "--method", "mse");
        for (int threads : new int[] {2, 4}) {
            assertArrayEquals(one, table(List.of(whole), "--threads", threads, "--method", "mse"));
        }
        List<String> names = List.copyOf(
                CalibrationFile.read(folder.resolve("t.json")).table().entries().keySet());
        assertEquals(List.of("act", "gate", "odd name = x"), names);
    }

    @ParameterizedTest
    @ValueSource(strings = {"percentile=99.9", "median"})
    void twentySplitsAndOrdersDoNotMatter(String method) throws IOException {
        byte[] expected = table(List.of(whole), "--method", method);
        Random random = new Random(8);
        for (int round = 0; round < 20; round++) {
            assertArrayEquals(
                    expected,
                    table(split(random, round), "--method", method, "--threads", 1 + random.nextInt(4)),
                    "round " + round);
        }
    }

    @Test
    void sevenShardsMergeToWhatOneRunWrites() throws IOException {
        Path all = folder.resolve("all.summary");
        table(List.of(whole), "--summary", all);
        Random random = new Random(9);
        List<Path> files = split(random, 0);
        List<Object> words = new ArrayList<>(List.of("merge"));
        for (int shard = 0; shard < 7; shard++) {
            List<Object> own = new ArrayList<>(List.of("calibrate"));
            for (int i = shard; i < files.size(); i += 7) {
                own.add(files.get(i));
            }
            Path summary = folder.resolve("shard" + random.nextInt(1000) + "-" + shard);
            own.addAll(List.of("--summary", summary));
            ok(Shell.run(own.toArray()));
            words.add(1 + random.nextInt(words.size()), summary);
        }
        Path merged = folder.resolve("merged.summary");
        words.addAll(List.of("-o", merged));
        assertEquals(
                "7 files, 3 tensors: " + merged,
                ok(Shell.run(words.toArray())).out().strip());
        assertArrayEquals(Files.readAllBytes(all), Files.readAllBytes(merged));
    }

    /** Every method that does not depend on the order of the data, asked of the summary alone. */
    @Test
    void rangesWithoutDataAreThoseWithData() throws IOException {
        Path summary = folder.resolve("c.summary");
        table(List.of(whole), "--summary", summary);
        Path ranges = folder.resolve("r.json");
        for (String method : List.of(
                "minmax", "absmax", "percentile=99", "entropy", "mse", "saturation", "fixed=-1,2", "mean", "median")) {
            for (List<Object> grid : List.<List<Object>>of(
                    List.of(), List.of("--type", "uint8"), List.of("--scheme", "symmetric", "--policy", "pytorch"))) {
                List<Object> words = new ArrayList<>(List.of("ranges", summary, "-o", ranges, "--method", method));
                words.addAll(grid);
                Shell shell = ok(Shell.run(words.toArray()));
                assertEquals("", shell.err());
                List<Object> more = new ArrayList<>(List.of("--method", method));
                more.addAll(grid);
                assertArrayEquals(table(List.of(whole), more.toArray()), Files.readAllBytes(ranges), method);
            }
        }
        ok(Shell.run("ranges", summary, "--method", "best", "--op", "act=silu", "-o", ranges));
        assertArrayEquals(table(List.of(whole), "--method", "best", "--op", "act=silu"), Files.readAllBytes(ranges));
    }

    @Test
    void shortSamplesAreKeptWhenAskedFor() throws IOException {
        Path file = folder.resolve("short.npy");
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", ElementType.FLOAT32, List.of(2L, 2L)),
                out -> out.writeFloats(new float[] {1, 2, -3, 8}, 0, 4));
        Path summary = folder.resolve("s.summary");
        ok(Shell.run("calibrate", file, "--summary", summary));
        String sentence = refused(Shell.run("ranges", summary, "--method", "mean"));
        assertTrue(sentence.contains("short: samples must be known of all 4 values for mean, were of 0"), sentence);
        ok(Shell.run("calibrate", file, "--summary", summary, "--samples"));
        ok(Shell.run("ranges", summary, "--method", "mean", "-o", folder.resolve("r.json")));
        var range = CalibrationFile.read(folder.resolve("r.json"))
                .table()
                .entry("short")
                .range();
        assertEquals(-1, range.min());
        assertEquals(5, range.max());
        // Asked for the mean, calibrate keeps them by itself.
        ok(Shell.run("calibrate", file, "--method", "mean"));
    }

    /** Rounds of a million values: the range is known after the first, the data goes on for twelve. */
    @Test
    void stopsWhenStable() throws IOException {
        Path data = Files.createDirectory(folder.resolve("long"));
        Random random = new Random(3);
        for (int i = 0; i < 12; i++) {
            Path own = Files.createDirectory(data.resolve("" + i)).resolve("x.npy");
            List<float[]> part = new ArrayList<>();
            for (int r = 0; r < 1800; r++) {
                float[] row = new float[ROW];
                for (int k = 0; k < ROW; k++) {
                    row[k] = random.nextInt(256);
                }
                part.add(row);
            }
            write(own, part);
        }
        List<Object> words = new ArrayList<>(List.of("calibrate", "--until-stable"));
        try (Stream<Path> own = Files.list(data)) {
            words.addAll(own.sorted().toList());
        }
        words.addAll(List.of("-o", folder.resolve("stable.json")));
        Shell shell = ok(Shell.run(words.toArray()));
        assertTrue(
                shell.out()
                        .contains("Stopped after 33% of the data (4,320,000 values): no range moves any more; last to"
                                + " settle was x in round 4, stable: the last 3 ranges lie within 0.00 of a step"),
                shell.out());
        words.set(1, "--until-stable=0.5,1");
        assertTrue(ok(Shell.run(words.toArray())).out().contains("Stopped after 17%"));
        words.set(1, "--until-stable=0.5,20");
        String all = ok(Shell.run(words.toArray())).out();
        assertFalse(all.contains("Stopped"));
        assertTrue(
                all.contains("All data was read (12,960,000 values); its range was never stable: x had data for "),
                all);
        words.set(1, "--until-stable=0,3");
        assertTrue(refused(Shell.run(words.toArray())).contains("fraction must be positive"));
        words.set(1, "--until-stable=3");
        assertTrue(refused(Shell.run(words.toArray())).contains("FRACTION,ROUNDS"));
    }

    /** A device that is always full stands for a disk that is: the checkpoint is kept elsewhere. */
    @Test
    void aFullDiskAtTheEndLosesNothing() throws IOException {
        assumeTrue(Files.exists(Path.of("/dev/full")));
        Path checkpoint = folder.resolve("c");
        String sentence = refused(Shell.run("calibrate", whole, "-o", "/dev/full", "--checkpoint", checkpoint));
        assertTrue(sentence.contains("/dev/full: output must be writable"), sentence);
        assertTrue(Files.exists(checkpoint));
        Shell again = ok(Shell.run("calibrate", whole, "-o", folder.resolve("t2.json"), "--checkpoint", checkpoint));
        assertEquals(
                "octant calibrate: going on from " + checkpoint + ", 100% done",
                again.err().strip());
        assertArrayEquals(table(List.of(whole)), Files.readAllBytes(folder.resolve("t2.json")));
        assertTrue(Files.notExists(checkpoint));
        // Beside a device there is no place for one.
        refused(Shell.run("calibrate", whole, "-o", "/dev/full"));
        assertFalse(Files.exists(Path.of("/dev/full.checkpoint")));
    }

    /** What Ctrl-C leaves of a run over all files, before it has read anything. */
    private Path interrupted(boolean samples) throws IOException {
        Path checkpoint = folder.resolve("interrupted");
        RunSettings settings = new RunSettings(
                1, samples, (tensor, summary) -> summary.values().range(), Optional.empty());
        CalibrationRun run = CalibrationRun.withCheckpoint(
                TensorInputs.open(List.of(whole)).files(), settings, checkpoint, Duration.ofHours(1));
        run.stop();
        assertTrue(run.run().isSaved());
        return checkpoint;
    }

    @Test
    void aCheckpointOfAnotherRunIsRefused() throws IOException {
        Path checkpoint = interrupted(false);
        String sentence =
                refused(Shell.run("calibrate", whole, "--method", "mse", "--samples", "--checkpoint", checkpoint));
        assertTrue(
                sentence.contains(checkpoint + ": checkpoint must belong to a run with 'all samples', was"), sentence);
        assertTrue(sentence.endsWith("start anew with --fresh or delete the file"), sentence);
        sentence = refused(Shell.run("calibrate", whole.resolve("act.npy"), "--checkpoint", checkpoint));
        assertTrue(sentence.contains("files of data"), sentence);
        // Ranges are chosen of what was observed, so any other method goes on.
        Shell other = ok(Shell.run("calibrate", whole, "--method", "mse", "--checkpoint", checkpoint));
        assertTrue(other.err().contains("going on from " + checkpoint), other::err);
        assertTrue(Files.notExists(checkpoint));
        interrupted(false);
        ok(Shell.run("calibrate", whole, "--samples", "--checkpoint", checkpoint, "--fresh"));
        assertTrue(Files.notExists(checkpoint));
        Files.writeString(checkpoint, "a letter");
        refused(Shell.run("calibrate", whole, "--checkpoint", checkpoint));
        refused(Shell.run("calibrate", whole, "--checkpoint", checkpoint, "--fresh"));
        assertEquals("a letter", Files.readString(checkpoint));
    }

    /** All zeros have no parameters there: the command is refused when all is read, and the next one is right. */
    @Test
    void aCommandIsNotStoppedByTheCheckpointOfARefusedOne() throws IOException {
        Path zeros = Files.createDirectory(folder.resolve("zeros"));
        write(zeros.resolve("z.npy"), List.of(new float[ROW], new float[ROW]));
        Path table = folder.resolve("t.json");
        Path checkpoint = folder.resolve("t.json.checkpoint");
        String wrong = refused(Shell.run("calibrate", zeros, "--policy", "tflite", "-o", table));
        assertTrue(wrong.contains("had none: z: "), wrong);
        assertTrue(Files.exists(checkpoint), "what was read is kept");

        // With another question about the same data it goes on.
        Shell corrected = ok(Shell.run("calibrate", zeros, "-o", table));
        assertTrue(corrected.err().contains("going on from " + checkpoint + ", 100% done"), corrected::err);
        assertTrue(Files.notExists(checkpoint));

        // With other data or samples it starts anew, and says so.
        for (List<Object> words :
                List.<List<Object>>of(List.of(whole), List.of(zeros, "--samples"), List.of(zeros, whole))) {
            refused(Shell.run("calibrate", zeros, "--policy", "tflite", "-o", table));
            List<Object> command = new ArrayList<>(List.of("calibrate", "-o", table));
            command.addAll(words);
            Shell other = ok(Shell.run(command.toArray()));
            assertTrue(
                    other.err()
                            .startsWith("octant calibrate: starting anew, in place of a run that failed: " + checkpoint
                                    + ": checkpoint must "),
                    other::err);
            assertEquals(1, other.err().lines().count());
            assertTrue(Files.notExists(checkpoint));
        }
    }

    @Test
    void whatCannotWorkIsRefusedAtOnce() throws IOException {
        Path missing = folder.resolve("none").resolve("t.json");
        assertTrue(refused(Shell.run("calibrate", whole, "-o", missing)).contains("folder of the output must exist"));
        assertTrue(refused(Shell.run("calibrate", whole, "--summary", missing)).contains("folder of the output"));
        assertTrue(refused(Shell.run("calibrate", whole, "--threads", 0)).contains("threads must be at least 1"));
        assertTrue(refused(Shell.run("calibrate", whole, "-o", folder.resolve("t"), "--checkpoint-every", "-1"))
                .contains("seconds between checkpoints"));
        assertTrue(refused(Shell.run("calibrate", whole, "--method", "moving-average", "--threads", 2))
                .contains("order of the data with --threads, was moving-average"));
        assertTrue(refused(Shell.run("ranges", folder.resolve("none"))).contains("must exist"));
        assertTrue(refused(Shell.run("ranges", whole.resolve("act.npy"))).contains("OCTF"));
        assertTrue(refused(Shell.run("merge", folder.resolve("none"), "-o", folder.resolve("m")))
                .contains("must exist"));
        refused(Shell.run("merge", "-o", folder.resolve("m")));
        refused(Shell.run("merge", folder.resolve("none")));
        Path summary = folder.resolve("c.summary");
        ok(Shell.run("calibrate", whole, "--summary", summary));
        assertTrue(
                refused(Shell.run("ranges", summary, "--method", "ort-entropy")).contains("order of the data"));
        Files.write(summary, Arrays.copyOf(Files.readAllBytes(summary), 5000));
        assertTrue(refused(Shell.run("ranges", summary)).contains("must be whole"));
        assertTrue(
                refused(Shell.run("merge", summary, "-o", folder.resolve("m"))).contains("must be whole"));
        assertFalse(Files.exists(folder.resolve("m")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"calibrate", "merge", "ranges"})
    void theyHaveHelp(String command) {
        Shell shell = ok(Shell.run(command, "--help"));
        assertTrue(shell.out().contains("Usage: octant " + command), shell::out);
        assertFalse(shell.out().contains("null"), shell::out);
    }

    @Test
    void theProgressLineTellsSpeedShareTimeAndTensors() {
        try (Progress progress = new Progress(0, true)) {
            progress.beginWith(new RunProgress(1_000_000, 250, 1000, 0, 64));
            assertEquals(
                    "2.0 M values/s, 50% done, 4 s left, 7 of 64 tensors settled",
                    progress.line(new RunProgress(5_000_000, 500, 1000, 7, 64), 2_000_000_000L));
            assertEquals(
                    "0.0 M values/s, 25% done, unknown time left, 0 of 64 tensors settled",
                    progress.line(new RunProgress(1_000_000, 250, 1000, 0, 64), 0));
        }
        assertEquals("ranges of 7 of 1,064 tensors chosen", Progress.rangesLine(7, 1064));
    }
}
