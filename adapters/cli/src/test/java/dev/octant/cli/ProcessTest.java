// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What only a process of its own shows: its descriptors, its end by a signal, its locale. */
class ProcessTest {
    private static final String SENTENCE = "octant: standard output must take all that is written, was full or closed";

    private static final String SILU =
            "silu --input-scale 0.1 --input-zero-point 0 --output-scale 0.1 --output-zero-point 0";

    private static final String ROWS =
            "op;type;input_scale;input_zero_point;output_scale;output_zero_point" + ";output_low;output_high";

    @TempDir
    private Path folder;

    @BeforeEach
    void posix() throws IOException {
        Assumptions.assumeTrue(
                Files.exists(Path.of("/bin/sh")) && Files.exists(Path.of("/dev/full")),
                "needs a POSIX shell and Linux");
        Files.writeString(folder.resolve("x.csv"), "v\n1\n-2\n3\n");
    }

    /** Runs a script in the folder; {@code octant} in it is the command line, in a JVM of its own. */
    private Shell script(String text) throws IOException, InterruptedException {
        Process process = process(text).start();
        int code = process.waitFor();
        return new Shell(code, said("out"), said("err"));
    }

    /** As text, which bytes of a summary are not. */
    private String said(String file) throws IOException {
        return new String(Files.readAllBytes(folder.resolve(file)), StandardCharsets.UTF_8);
    }

    private ProcessBuilder process(String text) {
        List<String> words = new ArrayList<>(List.of(
                "/bin/sh",
                "-c",
                text.replace("octant ", "\"$@\" "),
                "sh",
                Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        words.addAll(List.of("-XX:TieredStopAtLevel=1", "-cp", classes, Octant.class.getName()));
        return new ProcessBuilder(words)
                .directory(folder.toFile())
                .redirectOutput(folder.resolve("out").toFile())
                .redirectError(folder.resolve("err").toFile());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--help",
                "--version",
                "calibrate --help",
                "generate-completion",
                "info",
                "table " + SILU,
                "compare --profile onnx --profile onnxruntime " + SILU,
                "calibrate x.csv",
                "evaluate x.csv"
            })
    void aFullStandardOutputIsAnError(String words) throws IOException, InterruptedException {
        assertEquals(new Shell(2, "", SENTENCE + "\n"), script("octant " + words + " >/dev/full"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"--version", "info", "table " + SILU})
    void aClosedStandardOutputIsAnError(String words) throws IOException, InterruptedException {
        assertEquals(new Shell(2, "", SENTENCE + "\n"), script("octant " + words + " >&-"));
    }

    /** A pipe whose reader has gone before anything is written. */
    @Test
    void aReaderThatHasGoneIsAnError() throws IOException, InterruptedException {
        Shell shell = script("mkfifo pipe && { : <pipe & exec 3>pipe; wait; octant info >&3; }");
        assertEquals(new Shell(2, "", SENTENCE + "\n"), shell);
    }

    @Test
    void aFullStandardOutputCostsNoFile() throws IOException, InterruptedException {
        assertEquals(
                0,
                script("octant calibrate x.csv -o one.json --summary one.summary")
                        .code());
        String both = "octant calibrate x.csv -o two.json --summary two.summary >/dev/full";
        assertEquals(new Shell(2, "", SENTENCE + "\n"), script(both));
        for (String ending : List.of(".json", ".summary")) {
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("one" + ending)),
                    Files.readAllBytes(folder.resolve("two" + ending)));
        }
    }

    /** The log that {@code -o} names stands in standard output already, and is read as an input by nobody. */
    @Test
    void standardOutputIsAnOutput() throws IOException, InterruptedException {
        Shell shell = script("echo before >log; octant table " + SILU + " -o /dev/stdout >>log; echo $?");
        assertEquals("2\n", shell.out(), shell::toString);
        assertTrue(shell.err().contains("output must end in .json"), shell::err);
        shell = script("octant calibrate x.csv -o /dev/stdout >>log && echo after >>log");
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.err().startsWith("int8, ") && shell.err().endsWith("table: standard output\n"), shell::err);
        String log = Files.readString(folder.resolve("log"));
        assertTrue(log.startsWith("before\n{\n") && log.endsWith("}\nafter\n"), log);
        shell = script("octant calibrate x.csv -o log >>log");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals(log, Files.readString(folder.resolve("log")));
        shell = script("octant calibrate x.csv >>x.csv");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("v\n1\n-2\n3\n", Files.readString(folder.resolve("x.csv")));
        assertFalse(Files.exists(Path.of("/dev/stdout.checkpoint")));
    }

    /** Nobody writes to this pipe, and nobody waits for it. */
    @ParameterizedTest
    @ValueSource(strings = {"calibrate pipe", "evaluate pipe", "ranges pipe", "convert pipe out.json"})
    void whatIsReadMoreThanOnceMustBeAFile(String words) throws IOException, InterruptedException {
        Shell shell = script("mkfifo pipe && octant " + words);
        assertEquals(
                new Shell(
                        2,
                        "",
                        "octant " + words.substring(0, words.indexOf(' '))
                                + ": pipe: input must be a regular file, was a pipe or device\n"),
                shell);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "merge IN -o OUT",
                "table --batch IN -o OUT",
                "quantize IN --scale 1 --zero-point 0 -o OUT",
                "convert IN OUT --lossy --to tflite --from octant"
            })
    void whatIsReadOnceMayBeAPipe(String words) throws IOException, InterruptedException {
        Path input = folder.resolve("input");
        switch (words.substring(0, words.indexOf(' '))) {
            case "table" -> Files.writeString(input, ROWS + "\nsilu;int8;0.1;0;0.1;0;;\n");
            case "quantize" -> Arrays.floats(input, 1f, -2f, 3f);
            case "merge" ->
                assertEquals(0, script("octant calibrate x.csv --summary input").code());
            default -> assertEquals(0, script("octant calibrate x.csv -o input").code());
        }
        String of = words.replace("IN", "input").replace("OUT", "one");
        String through = words.replace("IN", "pipe").replace("OUT", "two");
        assertEquals(0, script("octant " + of).code());
        Shell shell = script("mkfifo pipe && { cat input >pipe & octant " + through + "; }");
        assertEquals(0, shell.code(), shell::toString);
        assertArrayEquals(Files.readAllBytes(folder.resolve("one")), Files.readAllBytes(folder.resolve("two")));
    }

    /**
     * What one command writes there is what it writes to a file: the next program reads it, and people read the rest.
     */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrate x.csv -o",
                "calibrate x.csv --summary",
                "calibrate x.csv --json",
                "calibrate x.csv --method moving-average -o",
                "evaluate x.csv --json",
                "evaluate x.csv --report",
                "ranges s -o",
                "ranges s --method best --report",
                "merge s -o",
                "convert t --lossy --to aimet",
            })
    void standardOutputHoldsTheOutputAlone(String words) throws IOException, InterruptedException {
        assertEquals(0, script("octant calibrate x.csv -o t --summary s").code());
        Shell file = script("octant " + words + " file");
        assertEquals(0, file.code(), file::toString);
        for (String name : List.of("/dev/stdout", "-")) {
            Shell stream = script("octant " + words + " " + name);
            assertEquals(0, stream.code(), stream::toString);
            assertArrayEquals(
                    Files.readAllBytes(folder.resolve("file")), Files.readAllBytes(folder.resolve("out")), words);
            assertEquals(file.err() + file.out().replaceAll(": file\n", ": standard output\n"), stream.err());
        }
        assertFalse(Files.exists(folder.resolve("-")));
    }

    /** A dash is what stands in standard input, a pipe or a file, from where it was read up to. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "quantize IN --scale 0.5 --zero-point 3 -o OUT",
                "dequantize IN --scale 0.5 --zero-point 3 -o OUT",
                "apply " + SILU + " IN -o OUT",
                "table --batch IN -o OUT",
                "merge IN -o OUT",
                "convert IN OUT --lossy --from 'octant' --to tflite"
            })
    void aDashIsAStandardStream(String words) throws IOException, InterruptedException {
        Path input = folder.resolve("input");
        switch (words.substring(0, words.indexOf(' '))) {
            case "table" -> Files.writeString(input, ROWS + "\nsilu;int8;0.1;0;0.1;0;;\n");
            case "quantize" -> Arrays.floats(input, 1f, -2f, 3f);
            case "dequantize", "apply" -> Arrays.bytes(input, ElementType.INT8, (byte) 1, (byte) -2);
            case "merge" ->
                assertEquals(0, script("octant calibrate x.csv --summary input").code());
            default -> assertEquals(0, script("octant calibrate x.csv -o input").code());
        }
        String of = words.replace("IN", "input").replace("OUT", "one");
        assertEquals(0, script("octant " + of).code());
        byte[] expected = Files.readAllBytes(folder.resolve("one"));
        String through = "octant " + words.replace("IN", "-").replace("OUT", "-");
        for (String script : List.of(
                "cat input | " + through + " | cat",
                through + " <input",
                "{ echo skipped; cat input; } >longer; " + "{ dd bs=1 count=8 of=/dev/null 2>/dev/null; " + through
                        + "; } <longer")) {
            Shell shell = script(script);
            assertEquals(0, shell.code(), shell::toString);
            assertArrayEquals(expected, Files.readAllBytes(folder.resolve("out")), script);
        }
        Shell file = script("cp input ./-; octant " + words.replace("IN", "./-").replace("OUT", "two"));
        assertEquals(0, file.code(), file::toString);
        assertArrayEquals(expected, Files.readAllBytes(folder.resolve("two")));
    }

    @Test
    void dashesChain() throws IOException, InterruptedException {
        Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f);
        String grid = " --scale 0.5 --zero-point 3 -o -";
        Shell shell = script("cat x.npy | octant quantize -" + grid + " | octant dequantize -" + grid);
        assertEquals(0, shell.code(), shell::toString);
        assertArrayEquals(new float[] {1, -2, 3}, Arrays.readFloats(folder.resolve("out"), 3));
        shell = script("cat x.npy | octant calibrate -");
        assertEquals(
                new Shell(
                        2,
                        "",
                        "octant calibrate: standard input: input must be a regular file, was a pipe or device\n"),
                shell);
        script("octant calibrate x.csv -o t.json -q");
        for (String way :
                List.of("octant convert - o.encodings <t.json", "cat t.json | octant convert - o.encodings")) {
            shell = script(way);
            assertEquals(new Shell(2, "", "octant convert: --from must be given with -, was missing\n"), shell);
        }
        script("octant calibrate x.csv --summary s -q");
        String ranges = script("octant ranges s").out();
        assertEquals(ranges, script("octant ranges - <s").out());
        assertTrue(ranges.contains("minmax"), ranges);
        assertEquals(
                new Shell(2, "", "octant ranges: standard input: input must be a regular file, was a pipe or device\n"),
                script("cat s | octant ranges -"));
        script("octant calibrate x.csv --op silu -o t.json -q");
        assertTrue(script("octant table --from t.json -o - --as csv").out().startsWith("input_code,output_code,"));
        shell = script("octant calibrate x.csv -o - --json -");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out());
        shell = script("octant calibrate x.csv --checkpoint - -o t");
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().startsWith("octant calibrate: standard output: file of --checkpoint"), shell::err);
        shell = script("octant table " + SILU + " -o -");
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().endsWith("was standard output; without -o the table is printed\n"), shell::err);
    }

    /** The command to run next reads the same data, and no file that nobody has written. */
    @Test
    void theNextCommandNamesNoStreamAsAFile() throws IOException, InterruptedException {
        Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f);
        Shell shell = script("octant evaluate - --op silu <x.npy");
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().replaceAll("\\s+", " ").contains("octant calibrate - --op silu --method "), shell::out);
        shell = script("octant calibrate x.npy --op silu --method best -o - 2>&1 >t.json");
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(
                shell.out().replaceAll("\\s+", " ").contains(" octant table --from table.json -o tables/ "),
                shell::out);
    }

    /** In sentences and titles a standard stream has one name, by whatever word it was given. */
    @Test
    void aStandardStreamHasOneName() throws IOException, InterruptedException {
        Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f);
        assertEquals(0, script("octant calibrate x.npy --summary s -q").code());
        for (String name : List.of("-", "/dev/stdout")) {
            Shell merged = script("octant merge - -o " + name + " <s");
            assertEquals("1 file, 1 tensor: standard output\n", merged.err());
        }
        for (String name : List.of("-", "/dev/stdin")) {
            Shell evaluated = script("octant evaluate " + name + " --json f.json --report r.html <x.npy");
            assertTrue(evaluated.out().startsWith("Octant evaluate: standard input\n"), evaluated::out);
            for (String file : List.of("f.json", "r.html")) {
                String report = Files.readString(folder.resolve(file));
                assertTrue(report.contains("standard input") && !report.contains("/dev/stdin"), file);
            }
            Shell refused = script("octant quantize " + name + " --scale 1 --zero-point 0 -o q.npy <x.csv");
            assertEquals(2, refused.code());
            assertTrue(refused.err().startsWith("octant quantize: standard input: "), refused::err);
        }
        assertEquals(
                "octant calibrate: standard output must be no input, was the input x.csv\n",
                script("octant calibrate x.csv >>x.csv 2>e; cat e >&2").err());
    }

    /** Two outputs there would be no file for anybody. */
    @Test
    void standardOutputIsOneOutput() throws IOException, InterruptedException {
        Shell shell = script("octant calibrate x.csv -o /dev/stdout --json /dev/fd/1");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out());
        assertTrue(shell.err().contains("must be another than that of -o"), shell::err);
    }

    /** A descriptor that cannot be written is refused before the data are read, of which a line is no number. */
    @ParameterizedTest
    @CsvSource({
        "calibrate broken.csv -o",
        "calibrate broken.csv --summary",
        "calibrate broken.csv --report",
        "evaluate broken.csv --json",
        "merge broken.csv -o",
        "ranges broken.csv -o",
        "convert broken.csv --to aimet",
        "quantize broken.csv --scale 1 --zero-point 0 -o",
        "table --batch broken.csv -o"
    })
    void aDescriptorThatIsNotOpenForWritingIsRefusedFirst(String words) throws IOException, InterruptedException {
        Files.writeString(folder.resolve("broken.csv"), "v\nno number\n");
        // A shell opens descriptors below 10; the JVM opens some of those that are closed.
        for (String descriptor : List.of("/dev/fd/9", "/dev/fd/199")) {
            Shell shell = script("octant " + words + " " + descriptor + " 9<x.csv");
            assertEquals(2, shell.code(), shell::toString);
            assertEquals("", shell.out());
            String was = descriptor.endsWith("199") ? "closed" : "open for reading only";
            assertTrue(
                    shell.err()
                            .endsWith(": " + descriptor + ": descriptor must be open for writing, was " + was + "\n"),
                    shell::err);
        }
    }

    /** Commands that wait for more of their input while they write are told to end. */
    @ParameterizedTest
    @CsvSource({
        "INT, 130, quantize pipe --scale 1 --zero-point 0 -o out.npy",
        "TERM, 143, quantize pipe --scale 1 --zero-point 0 -o out.npy",
        "HUP, 129, quantize pipe --scale 1 --zero-point 0 -o out.npy",
        "TERM, 143, table --batch pipe -o out.npy"
    })
    void aSignalLeavesNothingBehind(String signal, int code, String words) throws IOException, InterruptedException {
        assumeHeard(signal);
        Path pipe = folder.resolve("pipe");
        assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
        Path target = Files.writeString(folder.resolve("out.npy"), "old");
        // Open for both, so that neither side waits for the other.
        try (FileChannel feed = FileChannel.open(pipe, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            feed.write(ByteBuffer.wrap(
                    words.startsWith("table")
                            ? (ROWS + "\n").getBytes(StandardCharsets.UTF_8)
                            : Arrays.npy("<f4", "(1000,)", new byte[8])));
            Process child = process("exec octant " + words).start();
            try {
                while (temporaries() == 0 && child.isAlive()) {
                    Thread.sleep(1);
                }
                assertTrue(child.isAlive(), Files.readString(folder.resolve("err")));
                String pid = String.valueOf(child.pid());
                assertEquals(
                        0, new ProcessBuilder("kill", "-" + signal, pid).start().waitFor());
                assertEquals(code, child.waitFor());
            } finally {
                child.destroyForcibly();
            }
        }
        assertEquals(0, temporaries());
        assertEquals("old", Files.readString(target));
        assertEquals("", Files.readString(folder.resolve("err")));
    }

    /** A process started in the background, or by nohup, hands its children that a signal is to be ignored. */
    private static void assumeHeard(String signal) throws IOException {
        Path status = Path.of("/proc/self/status");
        Assumptions.assumeTrue(Files.exists(status), "needs Linux");
        int number = Map.of("HUP", 1, "INT", 2, "TERM", 15).get(signal);
        String ignored = Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("SigIgn:"))
                .map(line -> line.substring("SigIgn:".length()).strip())
                .findFirst()
                .orElseThrow();
        Assumptions.assumeTrue((Long.parseUnsignedLong(ignored, 16) >> (number - 1) & 1) == 0, signal + " is ignored");
    }

    private long temporaries() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(".octant-"))
                    .count();
        }
    }

    /** Two names that the locale cannot spell are the same to the JVM: neither is read, none is written. */
    @ParameterizedTest
    @CsvSource({"C, \\303\\251, \\303\\274", "C.UTF-8, \\351, \\374"})
    void aNameTheLocaleCannotSpellIsRefused(String locale, String one, String other)
            throws IOException, InterruptedException {
        String names = "one=$(printf '" + one + "').csv other=$(printf '" + other + "').csv; export LC_ALL=" + locale
                + "; mkdir -p d; cp x.csv d/\"$one\"; cp x.csv d/\"$other\"; ";
        for (String words : List.of(
                "calibrate d", "evaluate d", "calibrate d/\"$one\" d/\"$other\"", "calibrate x.csv -o \"$one\"")) {
            Shell shell = script(names + "octant " + words);
            assertEquals(2, shell.code(), shell::toString);
            assertEquals("", shell.out());
            String rule = locale.equals("C")
                    ? "must have only characters of this locale (ANSI_X3.4-1968; set LC_ALL=C.UTF-8 for others), "
                    : "must have only bytes that are UTF-8 text, as this locale says; give the file another name, ";
            assertTrue(shell.err().contains(rule), shell::err);
        }
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(4, files.count(), "d, x.csv, out and err");
        }
    }
}
