// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.apache.commons.lang3.StringUtils;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What cannot be calibrated costs the others nothing, is said with its reason, and is an error where that is asked. */
class LeftOutTest {
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private Path real(String name) throws IOException {
        Path file = folder.resolve(name);
        try (InputStream in = LeftOutTest.class.getResourceAsStream("real/" + name)) {
            Files.write(file, in.readAllBytes());
        }
        return file;
    }

    private Set<String> calibrated(Object... words) throws IOException {
        Path table = folder.resolve("table.json");
        List<Object> all = new ArrayList<>(List.of(words));
        all.addAll(List.of("-o", table));
        Shell shell = Shell.run(all.toArray());
        assertEquals(0, shell.code(), shell::toString);
        assertEquals("", shell.err());
        return CalibrationFile.read(table).table().entries().keySet();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "onnx.npz; /model.0/act/Mul_output_0,/model.1/Conv_output_0; ''",
                "mixed.npz; act; input_ids,attention_mask",
                "withempty.npz; a; e",
                "all_nan_beside_good.npz; good,half_over,z; allinf,allnan",
                "half.parquet; f,h; ''"
            })
    void realFilesAreCalibrated(String name, String tensors, String leftOut) throws IOException {
        Path file = real(name);
        Set<String> expected = Set.of(tensors.split(","));
        assertEquals(expected, calibrated("calibrate", file));
        assertEquals(expected, calibrated("calibrate", file, "--method", "best", "--op", "silu"));
        assertEquals(expected, calibrated("calibrate", file, "--method", "ort-entropy"));
        Path summary = folder.resolve("all.summary");
        assertEquals(expected, calibrated("calibrate", file, "--summary", summary));
        byte[] ofData = Files.readAllBytes(folder.resolve("table.json"));
        assertEquals(expected, calibrated("ranges", summary));
        assertArrayEquals(ofData, Files.readAllBytes(folder.resolve("table.json")));
        Shell evaluate = Shell.run("evaluate", file, "--method", "minmax,mse");
        assertEquals(0, evaluate.code(), evaluate::toString);
        for (String tensor : expected) {
            assertTrue(evaluate.out().contains(tensor + " -> identity"), evaluate::toString);
        }
        String said = Shell.run("calibrate", file).out();
        String saidByEvaluate = evaluate.out();
        for (String tensor : leftOut.isEmpty() ? new String[0] : leftOut.split(",")) {
            assertTrue(said.contains("Left out: " + tensor), said);
            assertTrue(saidByEvaluate.contains("Left out: " + tensor), saidByEvaluate);
        }
        assertEquals(!leftOut.isEmpty(), said.contains("Left out"));
        for (String command : List.of("calibrate", "evaluate")) {
            Shell strict = Shell.run(command, file, "--strict", "--method", "minmax");
            assertEquals(leftOut.isEmpty() ? 0 : 2, strict.code(), strict::toString);
            if (!leftOut.isEmpty()) {
                assertTrue(strict.err().contains(": every tensor must be calibrated, was without "), strict::err);
                assertEquals(1, strict.err().lines().count());
            }
        }
    }

    /** The report and the figures name each with its reason, whether it was read or not. */
    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "calibrate"})
    void reportAndFiguresSayWhy(String command) throws IOException {
        Path mixed = real("mixed.npz");
        Path odd = real("all_nan_beside_good.npz");
        Path json = folder.resolve("figures.json");
        Path html = folder.resolve("report.html");
        Shell shell = Shell.run(command, mixed, odd, "--method", "minmax", "--json", json, "--report", html);
        assertEquals(0, shell.code(), shell::toString);
        JsonNode figures = JSON.readTree(json).get("figures");
        String page = Files.readString(html);
        for (String tensor : List.of("input_ids", "attention_mask", "allnan", "allinf")) {
            JsonNode node = figures.valueStream()
                    .filter(item -> item.get("name").stringValue().equals(tensor))
                    .findFirst()
                    .orElseThrow();
            assertTrue(node.get("method").isNull());
            String reason = node.get("leftOut").stringValue();
            assertTrue(reason.contains(" must "), reason);
            assertTrue(page.contains(tensor), tensor);
            assertTrue(page.contains(reason.substring(0, reason.indexOf(", was"))), reason);
        }
        assertTrue(page.contains("<h2>Left out</h2>"));
    }

    @Test
    void allZerosHaveNoParametersOfTflite() throws IOException {
        Arrays.floats(folder.resolve("zero.npy"), 0, 0, 0);
        Arrays.floats(folder.resolve("good.npy"), -1, 0, 2);
        Path table = folder.resolve("t.json");
        for (String method : List.of("minmax", "best")) {
            Shell shell = Shell.run("calibrate", folder, "--policy", "tflite", "--method", method, "-o", table);
            assertEquals(0, shell.code(), shell::toString);
            assertTrue(shell.out().contains("Left out: zero: "), shell::toString);
            assertEquals(
                    Set.of("good"),
                    CalibrationFile.read(table).table().entries().keySet());
        }
        Shell evaluate = Shell.run("evaluate", folder, "--policy", "tflite");
        assertEquals(0, evaluate.code(), evaluate::toString);
        assertTrue(evaluate.out().contains("Left out: zero: "), evaluate::toString);
        Path summary = folder.resolve("s.summary");
        assertEquals(Set.of("good", "zero"), calibrated("calibrate", folder, "--summary", summary));
        assertEquals(Set.of("good"), calibrated("ranges", summary, "--policy", "tflite"));
        assertEquals(
                2,
                Shell.run("ranges", summary, "--policy", "tflite", "--strict").code());
        assertEquals(Set.of("zero"), calibrated("ranges", summary, "--skip", "g*"));
    }

    @Test
    void patternsChoose() throws IOException {
        Path file = real("mixed.npz");
        real("all_nan_beside_good.npz");
        assertEquals(Set.of("act"), calibrated("calibrate", file, "--strict", "--skip", "*ids", "--skip", "*mask"));
        assertEquals(Set.of("act"), calibrated("calibrate", file, "--strict", "--tensors", "a?t"));
        assertEquals(Set.of("good", "z"), calibrated("calibrate", folder, "--tensors", "good", "--tensors", "z"));
        Shell none = Shell.run("calibrate", file, "--tensors", "nothing*");
        assertEquals(2, none.code());
        assertTrue(none.err().contains("must match one of the inputs, was 'nothing*'"), none::err);
        Shell evaluate = Shell.run("evaluate", folder, "--strict", "--tensors", "good", "--method", "minmax");
        assertEquals(0, evaluate.code(), evaluate::toString);
        assertFalse(evaluate.out().contains("Left out"), evaluate::toString);
        Path summary = folder.resolve("one.summary");
        String said = "Skips nothing: --skip g?? matches no tensor of the inputs";
        for (Shell shell : List.of(
                Shell.run("calibrate", file, "--skip", "g??", "--skip", "*ids", "--summary", summary),
                Shell.run("evaluate", file, "--skip", "g??", "--method", "minmax"),
                Shell.run("ranges", summary, "--skip", "g??"))) {
            assertEquals(0, shell.code(), shell::toString);
            assertEquals(1, StringUtils.countMatches(shell.out(), "Skips nothing"), shell::toString);
            assertTrue(shell.out().contains(said), shell::toString);
        }
    }

    @Test
    void nothingLeftIsARefusal() throws IOException {
        Path file = real("mixed.npz");
        for (String command : List.of("calibrate", "evaluate")) {
            Shell shell = Shell.run(command, file, "--tensors", "input_ids");
            assertEquals(2, shell.code(), shell::toString);
            assertEquals(1, shell.err().lines().count(), shell::toString);
            assertTrue(shell.err().contains("had none: input_ids (" + file + "): dtype must be"), shell::err);
            assertEquals("", shell.out());
        }
    }

    /** Whether it shows before the data are read or after, and however many they are. */
    @Test
    void everyTensorIsNamedWhereNoneIsLeft() throws IOException {
        Path ids = real("mixed.npz");
        Path none = Arrays.floats(folder.resolve("none.npy"), Float.NaN, Float.NaN);
        for (String method : List.of("minmax", "best", "moving-average")) {
            Shell shell = Shell.run("calibrate", none, ids, "--skip", "act", "--method", method);
            assertEquals(2, shell.code(), shell::toString);
            assertTrue(
                    shell.err()
                            .startsWith("octant calibrate: inputs must have a tensor that can be calibrated, had none:"
                                    + " input_ids (" + ids + "): dtype must be"),
                    shell::err);
            assertTrue(shell.err().contains("; attention_mask (" + ids + "): dtype must be"), shell::err);
            assertTrue(shell.err().contains("; none: "), shell::err);
            assertEquals(1, shell.err().lines().count());
        }
        Shell evaluate = Shell.run("evaluate", none, ids, "--skip", "act");
        assertEquals(2, evaluate.code(), evaluate::toString);
        assertTrue(evaluate.err().contains("attention_mask") && evaluate.err().contains("; none: "), evaluate::err);
    }

    @Test
    void strictNamesAll() throws IOException {
        int count = 30;
        List<String> names = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            names.add("text" + i);
        }
        Path file = Files.writeString(
                folder.resolve("x.csv"), String.join(",", names) + ",good\n" + "x,".repeat(count) + "1\n");
        for (int i = 0; i < 5; i++) {
            Arrays.floats(folder.resolve("nan" + i + ".npy"), Float.NaN);
        }
        for (String command : List.of("calibrate", "evaluate")) {
            Shell strict = Shell.run(command, file, "--strict", "--method", "minmax");
            assertEquals(2, strict.code(), strict::toString);
            for (String name : names) {
                assertTrue(strict.err().contains(name + " (" + file + "): first row must hold"), strict::err);
            }
            assertFalse(strict.err().contains(" more"), strict::err);
            // What only the data show.
            strict = Shell.run(command, folder, "--skip", "text*", "--strict", "--method", "minmax");
            assertEquals(2, strict.code(), strict::toString);
            for (int i = 0; i < 5; i++) {
                assertTrue(strict.err().contains("nan" + i + ": "), strict::err);
            }
        }
    }

    @Test
    void patternsThatLeaveNothingAreSaid() throws IOException {
        Path file = real("mixed.npz");
        Path summary = folder.resolve("s.summary");
        calibrated("calibrate", file, "--summary", summary);
        String said = ": patterns of skipped tensors must leave one of the inputs, were ";
        for (String command : List.of("calibrate", "evaluate")) {
            Shell shell = Shell.run(command, file, "--skip", "*");
            assertEquals(2, shell.code(), shell::toString);
            assertEquals("octant " + command + said + "'*', which leave none of 3 tensors\n", shell.err());
        }
        Shell shell = Shell.run("calibrate", file, "--tensors", "act", "--skip", "a*", "--skip", "b*");
        assertEquals("octant calibrate" + said + "'a*', 'b*', which leave none of 3 tensors\n", shell.err());
        assertEquals(
                "octant ranges" + said + "'*', which leave none of 1 tensor\n",
                Shell.run("ranges", summary, "--skip", "*").err());
    }

    /** A link by another name is another tensor, where the file's name is the tensor's. */
    @Test
    void linksByOtherNamesAreOtherTensors() throws IOException {
        Path file = Arrays.floats(folder.resolve("a.npy"), 1, 2);
        Files.createSymbolicLink(folder.resolve("b.npy"), file);
        Shell shell = Shell.run("calibrate", folder);
        assertEquals(0, shell.code(), shell::toString);
        assertFalse(shell.out().contains("Read again"), shell::out);
        assertEquals(Set.of("a", "b"), calibrated("calibrate", folder));
        // Names within a file are the same by any name of it.
        Path zip = real("onnx.npz");
        Path link = Files.createSymbolicLink(folder.resolve("other.npz"), zip);
        shell = Shell.run("calibrate", zip, link);
        assertTrue(shell.out().contains("Read again: " + link + " is a file given before"), shell::out);
    }

    @Test
    void standardOutputIsCalledAsItWasWritten() throws IOException {
        Path file = Arrays.floats(folder.resolve("a.npy"), 1, 2);
        Shell shell = Shell.run("calibrate", file, "--json", "-", "-o", "-");
        assertEquals(2, shell.code(), shell::toString);
        assertEquals(
                "octant calibrate: standard output: file of --json must be another than that of -o, was the same as"
                        + " standard output\n",
                shell.err());
    }

    @Test
    void codesAreValuesWhenAsked() throws IOException {
        Path signed = Arrays.bytes(folder.resolve("s.npy"), ElementType.INT8, (byte) -128, (byte) 127);
        Path unsigned = Arrays.bytes(folder.resolve("u.npy"), ElementType.UINT8, (byte) 0, (byte) 255);
        Shell refused = Shell.run("calibrate", signed, unsigned);
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("was int8 codes (--as-values takes them as numbers)"), refused::err);
        Shell shell = Shell.run("calibrate", signed, unsigned, "--as-values");
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().contains("-128.000"), shell::out);
        assertTrue(shell.out().contains("255.000"), shell::out);
        assertEquals(0, Shell.run("evaluate", signed, "--as-values").code());
    }

    @Test
    void filesOfMacOsArePassedOverAndRepeatedOnesAreSaid() throws IOException {
        Path file = Arrays.floats(folder.resolve("a.npy"), 1, 2);
        Files.write(folder.resolve("._a.npy"), new byte[] {0, 5, 22, 7});
        Path other = Files.createDirectory(folder.resolve("other"));
        Files.createLink(other.resolve("a.npy"), file);
        Files.createLink(folder.resolve("b.link"), file);
        Shell shell = Shell.run("calibrate", folder, file, other.resolve("a.npy"), folder.resolve("b.link"));
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().contains("Read again: " + file + " is a file given before"), shell::out);
        assertTrue(shell.out().contains("Read again: " + other.resolve("a.npy")), shell::out);
        assertFalse(shell.out().contains("Read again: " + folder.resolve("b.link")), shell::out);
        assertFalse(Shell.run("calibrate", folder).out().contains("Read again"));
    }

    @Test
    void calibrateSaysHowManyValuesAreNotFinite() throws IOException {
        float inf = Float.POSITIVE_INFINITY;
        Path file = Arrays.floats(folder.resolve("a.npy"), 1, 2, Float.NaN, Float.NaN, inf, -inf);
        for (String method : List.of("minmax", "moving-average")) {
            Shell shell = Shell.run("calibrate", file, "--method", method);
            assertTrue(shell.out().contains(", 2 NaN, 1 +Inf, 1 -Inf"), shell::toString);
        }
    }

    @Test
    void foldersInAFolderAreSaid() throws IOException {
        Arrays.floats(folder.resolve("a.npy"), 1, 2);
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Arrays.floats(inner.resolve("b.npy"), 1, 2);
        for (String command : List.of("calibrate", "evaluate")) {
            Shell shell = Shell.run(command, folder, "--json", "/dev/null");
            assertEquals(0, shell.code(), shell::toString);
            assertTrue(
                    shell.out().contains("Passed over: 1 folder, " + inner + "; those that are given are read\n"),
                    shell::out);
            assertFalse(Shell.run(command, folder, inner).out().contains("Passed over"));
        }
        Files.delete(folder.resolve("a.npy"));
        Shell none = Shell.run("calibrate", folder);
        assertEquals(2, none.code());
        assertTrue(none.err().endsWith("which must be given to be read, as " + folder + "/*/\n"), none::err);
    }

    /** As hooks write them: a file for each batch, or a folder for each tensor. */
    @Test
    void filesOfBatchesAreOneTensorByAPattern() throws IOException {
        for (int batch = 0; batch < 20; batch++) {
            String number = String.format("%03d", batch);
            Arrays.floats(folder.resolve("batch_" + number + ".npy"), -batch, batch / 2f);
            Path own = Files.createDirectories(folder.resolve("layer" + batch % 2));
            Arrays.floats(own.resolve(number + ".npy"), batch, -1);
        }
        Shell shell = Shell.run("calibrate", folder, "--name-from", "{name}_*.npy", "--op", "batch=silu");
        assertEquals(0, shell.code(), shell::toString);
        assertTrue(shell.out().contains("Named by {name}_*.npy: 20 arrays; 1 tensor in all\n"), shell::out);
        assertTrue(shell.out().contains("\nbatch   -19.0000"), shell::out);
        assertEquals(20, calibrated("calibrate", folder).size());
        assertEquals(
                Set.of("layer0", "layer1"),
                calibrated("calibrate", folder.resolve("layer0"), folder.resolve("layer1"), "--name-from", "{name}/*"));
        Shell evaluate = Shell.run("evaluate", folder, "--name-from", "{name}_*", "--method", "minmax,moving-average");
        assertEquals(0, evaluate.code(), evaluate::toString);
        assertTrue(evaluate.out().contains("batch -> identity   40 values"), evaluate::out);
        for (String pattern : List.of("batch_*", "{name}-*", "")) {
            Shell wrong = Shell.run("calibrate", folder, "--name-from", pattern);
            assertEquals(2, wrong.code(), wrong::toString);
            assertEquals("", wrong.out());
            assertTrue(wrong.err().startsWith("octant calibrate: pattern of names must "), wrong::err);
            assertEquals(1, wrong.err().lines().count());
        }
    }

    /** Tables in a file and files of ours hold names whole; on a terminal, see ShownNamesTest. */
    @Test
    void longNamesAreWholeInFiles() throws IOException {
        String start = "encoder.".repeat(6);
        String end = ".activation".repeat(6);
        List<String> names = List.of(start + "0" + end, start + "1" + end, "short", start + "tail");
        Path file = folder.resolve("x.csv");
        Files.writeString(file, String.join(",", names) + "\n1,2,3,4\n5,6,7,8\n");
        Path table = folder.resolve("t.json");
        Path figures = folder.resolve("f.json");
        Shell shell = Shell.run("calibrate", file, "-o", table, "--json", figures);
        assertEquals(0, shell.code(), shell::toString);
        assertEquals(
                Set.copyOf(names), CalibrationFile.read(table).table().entries().keySet());
        Shell evaluate = Shell.run("evaluate", file, "--json", figures, "--method", "minmax");
        String json = Files.readString(figures);
        for (String name : names) {
            assertTrue(shell.out().contains("\n" + name), shell::out);
            assertTrue(evaluate.out().contains("\n" + name), evaluate::out);
            assertTrue(json.contains("\"" + name + "\""), name);
        }
        assertTrue(evaluate.out().contains("\n" + names.get(0) + "\n  -> identity, 2 values\n"), evaluate::out);
    }
}
