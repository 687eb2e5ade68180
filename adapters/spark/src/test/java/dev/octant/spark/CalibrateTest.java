// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.Calibration;
import dev.octant.calibration.methods.OpChoice;
import dev.octant.calibration.methods.ParameterRule;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorChoice;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command: what it writes, and the one sentence where it cannot. */
class CalibrateTest {
    private static final Activations DATA = Activations.random(5, 12, 25);

    @TempDir
    private static Path inputs;

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    /** What is wrong in many ways, made once. */
    @BeforeAll
    static void inputs() throws IOException {
        write(inputs, DATA.table(), "long");
        write(inputs, LocalSpark.session().sql("SELECT 'a' AS text"), "text");
        write(inputs, DATA.table().filter("tensor = 'none'"), "empty");
        write(inputs, DATA.table(), "cut");
        try (Stream<Path> files = Files.list(inputs.resolve("cut"))) {
            for (Path file : files.toList()) {
                byte[] bytes = Files.readAllBytes(file);
                if (file.toString().endsWith(".parquet")) {
                    Arrays.fill(bytes, 10, bytes.length / 2, (byte) 7);
                    Files.write(file, bytes);
                } else {
                    // Hadoop's checksums of local files would find it first.
                    Files.delete(file);
                }
            }
        }
        byte[] whole = Files.readAllBytes(DATA.file(inputs, true));
        Files.write(inputs.resolve("cut.npz"), Arrays.copyOf(whole, whole.length / 2));
        whole[whole.length / 3] ^= 16;
        Files.write(inputs.resolve("damaged.npz"), whole);
        Files.write(inputs.resolve("what.bin"), new byte[] {1, 2, 3});
        ArrayWriter.write(
                inputs.resolve("ints.npy"),
                ArrayHeader.of("ints", ElementType.INT8, List.of(3L)),
                out -> out.writeBytes(new byte[3], 0, 3));
    }

    private int run(String... words) {
        return Calibrate.run(
                words,
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    private String uri(String name) {
        return folder.resolve(name).toUri().toString();
    }

    private void writeTable(Dataset<Row> table, String name) {
        write(folder, table, name);
    }

    private static void write(Path folder, Dataset<Row> table, String name) {
        table.repartition(2).write().parquet(folder.resolve(name).toUri().toString());
    }

    @Test
    void longTablesWithATable() throws IOException {
        writeTable(DATA.table().withColumnRenamed("tensor", "n.a`me").withColumnRenamed("values", "v v"), "long");
        Path table = folder.resolve("table.json");
        Path summary = folder.resolve("s.summary");
        assertEquals(
                0,
                run(
                        uri("long"),
                        "--tensor",
                        "n.a`me",
                        "--values",
                        "v v",
                        "--summary",
                        uri("s.summary"),
                        "-o",
                        table.toString(),
                        "--method",
                        "percentile=99.9",
                        "--type",
                        "uint8"),
                err::toString);
        byte[] expected = Activations.onOneMachine(false, DATA.file(folder, false));
        assertArrayEquals(expected, Files.readAllBytes(summary));
        Calibration calibration = Calibration.parse(
                "percentile=99.9", ParameterRule.of(QuantType.UINT8, QuantScheme.ASYMMETRIC), OpChoice.NONE);
        try (SummaryFile.Reader reader = SummaryFile.open(summary)) {
            assertEquals(
                    calibration.calibrate(reader, TensorChoice.ALL).table().entries(),
                    CalibrationFile.read(table).table().entries());
        }
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("(7 tensors)"), out::toString);
    }

    @Test
    void samplesWideTablesAndFiles() throws IOException {
        writeTable(DATA.table(), "long");
        assertEquals(
                0,
                run(uri("long"), "--tensor", "tensor", "--values", "values", "--samples", "--summary", uri("1")),
                err::toString);
        assertArrayEquals(
                Activations.onOneMachine(true, DATA.file(folder, true)), Files.readAllBytes(folder.resolve("1")));
        writeTable(DATA.wideTable(), "wide");
        Path file = DATA.file(folder, true);
        byte[] expected = Activations.onOneMachine(false, file);
        assertEquals(0, run(uri("wide"), "--wide", "--summary", uri("2")), err::toString);
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("2")));
        assertEquals(0, run(file.toString(), "--files", "--summary", uri("3")), err::toString);
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("3")));
        // A folder of Parquet and a file of NumPy: all twice.
        assertEquals(0, run(uri("wide"), file.toString(), "--files", "--summary", uri("4")), err::toString);
        assertArrayEquals(Activations.onOneMachine(false, file, file), Files.readAllBytes(folder.resolve("4")));
    }

    /** In one sentence, with what was there before untouched. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--summary s --wide | inputs must be at least one, was none",
                "long --wide | option --summary must be given, was missing",
                "long --summary | option --summary must have a value, was the last word",
                "long --summary s --summary s --wide | option --summary must be given once, was again",
                "long --summary s | layout must be one of --tensor with --values, --wide and --files, was none",
                "long --summary s --wide --files | was more than one",
                "long --summary s --tensor tensor | options --tensor and --values must be given together",
                "long --summary s --wide --samples | option --samples must come with --tensor or --files",
                "long --summary s --wide --method minmax | option --method must come with -o, was without",
                "long --summary s --wide --metod minmax | option must be one of those of --help, was '--metod'",
                "long --summary s --wide -o t --method minimax | method must be one of minmax",
                "long --summary s --wide -o t --type int4 | type must be one of",
                "long --summary s --wide -o t --method mean | method must be one of a histogram without --samples",
                "long --summary s --tensor tensor --values values -o t --method median | without --samples, was median",
                "long --summary s --wide -o no/such/t.json | folder of the output must exist, was missing",
                "long --summary s --tensor no --values values | table must have the column no, had tensor ST",
                "long --summary s --tensor tensor --values no | table must have the column no, had tensor STRING",
                "long --summary s --tensor values --values values | column values of names must be of STRING",
                "long --summary s --tensor tensor --values tensor | column tensor of values must be of FLOAT or DOUBLE",
                "text --summary s --wide | table must have a column of FLOAT or DOUBLE or arrays",
                "missing --summary s --wide | [PATH_NOT_FOUND]",
                "missing --summary s --files | input must exist, was missing",
                "missing.npy --summary s --files | input must exist, was missing",
                "empty --summary s --wide | data must have at least one value, had none",
                "empty --summary s --tensor tensor --values values | data must have at least one value, had none",
                "cut.npz --summary s --files | cut.npz: ",
                "damaged.npz --summary s --files | damaged.npz, array ",
                "ints.npy --summary s --files | inputs must have a tensor that can be calibrated, had none: ints",
                "what.bin --summary s --files | file must be one of",
                "cut --summary s --wide | cut",
                "long --summary no/such/folder --wide | no/such",
                "long --summary folder --wide | folder: output must be"
            })
    void whatCannotBeDoneIsRefused(String words, String sentence) throws IOException {
        Files.writeString(folder.resolve("s"), "as before");
        Files.createDirectory(folder.resolve("folder"));
        List<String> before = names();
        String[] arguments = words.split(" ");
        for (int i = 0; i < arguments.length; i++) {
            if (i == 0 && !arguments[0].startsWith("--")) {
                arguments[i] = inputs.resolve(arguments[i]).toUri().toString();
            } else if (i > 0 && arguments[i - 1].equals("--summary")) {
                arguments[i] = uri(arguments[i]);
            }
        }
        assertEquals(2, run(arguments));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("octant calibrate: ") && said.contains(sentence), said);
        assertEquals(1, said.lines().count(), said);
        assertFalse(said.contains("\tat ") || said.contains("SparkException"), said);
        assertEquals("as before", Files.readString(folder.resolve("s")));
        assertEquals(before, names(), "nothing new is left");
        assertEquals("", out.toString(StandardCharsets.UTF_8).replaceAll("Left out: .*\n", ""));
    }

    /** Whether a tensor has a finite value is known only when it was read: the summary is whole then. */
    @Test
    void whereOnlyTheTableFailsTheSummaryIsWhole() throws IOException {
        Path csv = Files.writeString(folder.resolve("x.csv"), "a,b\nnan,inf\nnan,nan\n");
        Path table = folder.resolve("t.json");
        String[] words = {csv.toString(), "--files", "--summary", uri("s"), "-o", table.toString()};
        assertEquals(2, run(words));
        String said = err.toString(StandardCharsets.UTF_8);
        assertTrue(said.startsWith("octant calibrate: ") && said.contains("finite"), said);
        assertEquals(1, said.lines().count(), said);
        assertArrayEquals(Activations.onOneMachine(false, csv), Files.readAllBytes(folder.resolve("s")));
        assertFalse(Files.exists(table));
    }

    /** As with the thin jar on a Spark whose libraries are older than those that Octant needs. */
    @Test
    void aMissingClassIsOneSentence() {
        assertEquals(
                "class path must hold all that the jar octant-spark_2.13-all.jar holds, was without or with another"
                        + " version: tools/jackson/core/JsonParser",
                Calibrate.sentence(new IllegalStateException(
                        "Job aborted\n\tat it", new NoClassDefFoundError("tools/jackson/core/JsonParser"))));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(Path::toString).sorted().toList();
        }
    }

    @Test
    void helpSaysHow() {
        assertEquals(0, run("--help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).startsWith("spark-submit --class dev.octant.spark.Calibrate "));
    }
}
