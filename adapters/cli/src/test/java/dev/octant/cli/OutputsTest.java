// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** No output of any command is one of its inputs or another of its outputs, by whatever name. */
class OutputsTest {
    private static final String GRID =
            " --input-scale 0.1 --input-zero-point 0 --output-scale 0.1 --output-zero-point 0 ";

    @TempDir
    private Path folder;

    /** A folder with an input of every kind. */
    @BeforeEach
    void inputs() throws IOException {
        Path data = Files.createDirectory(folder.resolve("data"));
        Arrays.floats(data.resolve("x.npy"), 1f, -2f, 3f);
        Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f);
        Arrays.bytes(folder.resolve("q.npy"), ElementType.INT8, (byte) 1, (byte) -2);
        Files.writeString(folder.resolve("params.csv"), """
                op;type;input_scale;input_zero_point;output_scale;output_zero_point;output_low;output_high
                silu;int8;0.1;0;0.1;0;;
                """);
        for (String name : List.of("a", "b")) {
            Shell made = run("calibrate @/x.npy --summary @/" + name + ".summary -o @/" + name + ".json");
            assertEquals(0, made.code(), made::toString);
        }
    }

    /** Runs a command line in which {@code @} is the folder. */
    private Shell run(String words) {
        return Shell.run(Stream.of(words.trim().split(" +"))
                .map(word -> word.replace("@", folder.toString()))
                .toArray());
    }

    private Map<String, String> content() throws IOException {
        Map<String, String> content = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path file : all.filter(Files::isRegularFile).toList()) {
                content.put(
                        folder.relativize(file).toString(),
                        java.util.Arrays.toString(Files.readAllBytes(file)) + Files.getLastModifiedTime(file));
            }
        }
        return content;
    }

    /** Refused in one sentence, with every file as it was and no file more. */
    private void refused(String words, String rule) throws IOException {
        Map<String, String> before = content();
        Shell shell = run(words);
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out(), words);
        assertEquals(1, shell.err().lines().count(), shell::err);
        assertTrue(shell.err().contains(rule), shell::err);
        assertEquals(before, content(), words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrate @/x.npy -o @/x.npy",
                "calibrate @/x.npy --summary @/x.npy",
                "calibrate @/x.npy -o @/t --checkpoint @/x.npy",
                "calibrate @/x.npy -o @/t --report @/x.npy",
                "calibrate @/x.npy -o @/t --json @/x.npy",
                "calibrate @/data --summary @/data/x.npy",
                "calibrate @/x.npy --method moving_average -o @/x.npy",
                "evaluate @/x.npy --report @/x.npy",
                "evaluate @/x.npy @/data --json @/data/x.npy",
                "merge @/a.summary @/b.summary -o @/b.summary",
                "ranges @/a.summary -o @/a.summary",
                "ranges @/a.summary --method best --report @/a.summary",
                "ranges @/a.summary --json @/a.summary",
                "convert @/a.json @/a.json",
                "convert @/a.json @/a.json --to tensorrt --lossy",
                "table --batch @/params.csv -o @/params.csv",
                "quantize @/x.npy --scale 0.1 --zero-point 0 -o @/x.npy",
                "dequantize @/q.npy --scale 0.1 --zero-point 0 -o @/q.npy",
                "apply silu @/q.npy -o @/q.npy" + GRID
            })
    void anOutputIsNoInput(String words) throws IOException {
        refused(words, " must be no input, was the input ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "calibrate @/x.npy -o @/same --summary @/same",
                "calibrate @/x.npy --summary @/same --checkpoint @/same",
                "calibrate @/x.npy -o @/same --checkpoint @/same",
                "calibrate @/x.npy -o @/same --report @/same",
                "calibrate @/x.npy -o @/t --report @/same --json @/same",
                "calibrate @/x.npy -o @/same --summary @/same.checkpoint",
                "calibrate @/x.npy --summary @/same --json @/same.checkpoint",
                "calibrate @/x.npy -o @/same --summary @/data/../same",
                "calibrate @/x.npy -o @/same --summary @/./data/.././same",
                "evaluate @/x.npy --report @/same --json @/same",
                "evaluate @/x.npy --report @/none/same --json @/none/./same",
                "evaluate --json octant-report.html",
                "ranges @/a.summary -o @/same --report @/same",
                "ranges @/a.summary --json @/same --report @/same"
            })
    void outputsAreDifferentFiles(String words) throws IOException {
        refused(words, " must be another than that of ");
        assertFalse(Files.exists(Path.of("octant-report.html")));
    }

    /** The file system tells one file from another, not the spelling. */
    @ParameterizedTest
    @ValueSource(strings = {"hard", "symbolic", "chain", "through/x.npy", "data/../x.npy", "./x.npy"})
    void aFileByAnyName(String name) throws IOException {
        try {
            Files.createLink(folder.resolve("hard"), folder.resolve("x.npy"));
            Files.createSymbolicLink(folder.resolve("symbolic"), Path.of("x.npy"));
            Files.createSymbolicLink(folder.resolve("chain"), Path.of("symbolic"));
            Files.createSymbolicLink(folder.resolve("through"), Path.of("."));
        } catch (UnsupportedOperationException e) {
            Assumptions.abort("no links here");
        }
        refused("calibrate @/x.npy -o @/" + name, " must be no input");
        refused("calibrate @/" + name + " -o @/x.npy", " must be no input");
        refused("quantize @/" + name + " --scale 1 --zero-point 0 -o @/x.npy", " must be no input");
        Path relative = Path.of("").toAbsolutePath().relativize(folder.resolve(name));
        refused("calibrate @/x.npy --summary " + relative, " must be no input");
        Files.createSymbolicLink(folder.resolve("dangling"), Path.of("new"));
        refused("calibrate @/x.npy -o @/dangling --summary @/new", " must be another than");
    }

    /** Where folders are inputs, what lies in them under such a name would be read by the next run. */
    @Test
    void aNewInputIsNoOutput() throws IOException {
        for (String name : List.of("new.npy", "new.CSV", "../data/new.parquet")) {
            refused("calibrate @/data -o @/data/" + name, " must not have the name of an input in a folder of inputs");
            refused("evaluate @/data --json @/data/" + name, " must not have the name of an input");
        }
        assertEquals(0, run("calibrate @/data -o @/data/table.json").code());
        assertEquals(0, run("calibrate @/data/x.npy -o @/data/new.csv").code());
    }

    @Test
    void streamsMayMeet() {
        Assumptions.assumeTrue(Files.exists(Path.of("/dev/null")));
        assertEquals(
                0, run("calibrate @/x.npy -o /dev/null --summary /dev/null").code());
        assertEquals(
                0, run("evaluate @/x.npy --report /dev/null --json /dev/null").code());
        assertFalse(Files.exists(Path.of("/dev/null.checkpoint")));
        Shell shell = run("calibrate @/x.npy -o @/t --checkpoint /dev/null");
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().contains("must be an ordinary one, was a pipe or device"), shell::err);
    }

    /** Before the data is looked at: the checkpoint's name must fit behind the output's. */
    @ParameterizedTest
    @CsvSource({"n, 245", "\u00e9, 123"})
    void aNameThatCannotBeIsRefusedFirst(String letter, int count) throws IOException {
        String locale = System.getProperty("sun.jnu.encoding");
        Assumptions.assumeTrue(Charset.forName(locale).newEncoder().canEncode(letter), locale);
        String name = letter.repeat(count);
        for (String output : List.of("-o", "--summary")) {
            refused("calibrate @/x.npy " + output + " @/" + name, ".checkpoint: output must be writable, was refused");
            refused(
                    "calibrate @/x.npy " + output + " @/" + name,
                    "; that is the checkpoint beside " + output + ", which --checkpoint puts elsewhere");
            assertEquals(
                    0,
                    run("calibrate @/x.npy " + output + " @/" + name + " --checkpoint @/c")
                            .code());
            Files.delete(folder.resolve(name));
        }
        String fits = letter.repeat(count - 1);
        assertEquals(0, run("calibrate @/x.npy -o @/" + fits).code());
        assertTrue(Files.exists(folder.resolve(fits)));
        for (String words : List.of(
                "calibrate @/x.npy -o @/t --checkpoint ",
                "evaluate @/x.npy --report ",
                "merge @/a.summary -o ",
                "ranges @/a.summary -o ",
                "convert @/a.json --to octant ",
                "table --batch @/params.csv -o ",
                "quantize @/x.npy --scale 1 --zero-point 0 -o ")) {
            refused(words + "@/" + letter.repeat(256), ": output must be writable, was refused");
        }
    }

    /** Replacing one's own output again and again is what a run does. */
    @Test
    void anOldOutputIsReplaced() throws IOException {
        byte[] before = Files.readAllBytes(folder.resolve("a.json"));
        for (int round = 0; round < 2; round++) {
            assertEquals(0, run("ranges @/a.summary -o @/a.json").code());
            assertArrayEquals(before, Files.readAllBytes(folder.resolve("a.json")));
        }
    }

    /**
     * A file's name is a file's name, whatever stands in it, and a file that is named like a list of options is none.
     */
    @Test
    void noArgumentIsExpanded() throws IOException {
        Path listed = Files.writeString(folder.resolve("@evil.csv"), "--summary\n" + folder.resolve("owned") + "\n");
        Path working = Path.of("").toAbsolutePath().relativize(listed);
        Shell shell = Shell.run("calibrate", listed);
        assertEquals(2, shell.code(), shell::toString);
        // As a shell gives it in the folder itself: the word begins with @.
        shell = Shell.run("calibrate", "@" + working, folder.resolve("x.npy"));
        assertEquals(2, shell.code(), shell::toString);
        assertTrue(shell.err().contains("@" + working + ": input must exist, was missing"), shell::err);
        assertFalse(Files.exists(folder.resolve("owned")));
        List<String> strange = new ArrayList<>(
                List.of("-x.npy", "--threads=9", "${sys:user.home}", "${env:HOME}", "'quoted'", "\"quoted\"", "a,b"));
        for (String word : strange) {
            shell = Shell.run("calibrate", "--", word);
            assertEquals(2, shell.code(), shell::toString);
            assertTrue(shell.err().contains(": " + word + ": input must exist, was missing"), shell::err);
        }
        Path file = Arrays.floats(folder.resolve("${sys:user.home}"), 1f);
        assertEquals(2, Shell.run("calibrate", file, "--summ", "x").code(), "no short forms");
        assertEquals(
                0,
                Shell.run("calibrate", file, "-o", folder.resolve("${env:HOME}"))
                        .code());
        assertTrue(Files.exists(folder.resolve("${env:HOME}")));
    }
}
