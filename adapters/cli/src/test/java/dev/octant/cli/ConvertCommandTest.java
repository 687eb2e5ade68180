// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.formats.calibration.CalibrationFile;
import dev.octant.formats.calibration.CalibrationFormat;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calibration tables from tool to tool. */
class ConvertCommandTest {
    @TempDir
    private Path folder;

    private Path activations;

    @BeforeEach
    void activations() throws IOException {
        activations = Arrays.floats(folder.resolve("act.npy"), -1f, 0.5f, 3f);
    }

    private Path calibrated(String... options) {
        Path table = folder.resolve("table.json");
        Object[] words = new Object[options.length + 4];
        words[0] = "calibrate";
        words[1] = activations;
        words[2] = "-o";
        words[3] = table;
        System.arraycopy(options, 0, words, 4, options.length);
        assertEquals(0, Shell.run(words).code());
        return table;
    }

    private static void refused(Shell shell, String part) {
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out(), shell::toString);
        List<String> lines = shell.err().lines().toList();
        assertEquals(1, lines.size(), shell::err);
        assertTrue(lines.get(0).contains(part), shell::err);
        assertFalse(shell.err().contains("Exception"), shell::err);
    }

    @ParameterizedTest
    @EnumSource
    void symmetricTablesGoToEveryToolAndBack(CalibrationFormat format) throws IOException {
        Path table = calibrated("--scheme", "symmetric");
        Path theirs = folder.resolve("theirs" + format.ending());
        Shell there = Shell.run("convert", table, theirs);
        assertEquals(0, there.code(), there::toString);
        assertEquals("1 tensor, octant to " + format + ": " + theirs + System.lineSeparator(), there.out());
        assertEquals(format == CalibrationFormat.OCTANT, there.err().isEmpty(), there::err);
        Path back = folder.resolve("back.json");
        Shell again = format == CalibrationFormat.ONNXRUNTIME
                ? Shell.run("convert", theirs, back, "--scheme", "symmetric")
                : Shell.run("convert", theirs, back);
        assertEquals(0, again.code(), again::toString);
        QuantParams params = CalibrationFile.read(table).table().params("act");
        assertEquals(QuantParams.of(QuantType.INT8, 0x1.83060cp-6f, 0), params);
        assertEquals(params, CalibrationFile.read(back).table().params("act"));
    }

    @Test
    void whatATableLosesIsSaidAndWhereItChangesRefused() throws IOException {
        Path table = calibrated();
        Path cache = folder.resolve("calibration.cache");
        refused(
                Shell.run("convert", table, cache),
                "table.json: parameters must be such as tensorrt holds, or --lossy be given, was with others: 1 "
                        + "tensor; act"
                        + " has int8(scale=0.015686275, zeroPoint=-64) here and int8(scale=0.023622047, "
                        + "zeroPoint=0) there");
        assertFalse(Files.exists(cache));
        Shell lossy = Shell.run("convert", table, cache, "--lossy", "--tool", "TensorRT 8601");
        assertEquals(0, lossy.code(), lossy::toString);
        assertEquals(
                List.of(
                        "octant convert: to tensorrt: other parameters: 1 tensor; act has int8(scale=0.015686275,"
                                + " zeroPoint=-64) here and int8(scale=0.023622047, zeroPoint=0) there",
                        "octant convert: to tensorrt: another range: 1 tensor; act has [-1.0, 3.0] here and"
                                + " [-2.999999988824129, 2.999999988824129] there",
                        "octant convert: to tensorrt: not held by tensorrt: digest, method, observed values, "
                                + "policy, scheme",
                        "octant convert: to tensorrt: TensorRT uses the cache with the calibrator and version of "
                                + "its first"
                                + " line, TRT-8601-EntropyCalibration2"),
                lossy.err().lines().toList());
        assertEquals("TRT-8601-EntropyCalibration2\nact: 3cc18306\n", Files.readString(cache));
    }

    @Test
    void typeAndSchemeAreForFilesThatDoNotSayThem() throws IOException {
        Path table = calibrated("--type", "uint8");
        Path theirs = folder.resolve("theirs.json");
        assertEquals(
                0, Shell.run("convert", table, theirs, "--to", "onnxruntime").code());
        Path back = folder.resolve("back.json");
        Shell shell = Shell.run("convert", theirs, back, "--type", "uint8");
        assertEquals(0, shell.code(), shell::toString);
        CalibrationFile read = CalibrationFile.read(back);
        assertEquals(
                CalibrationFile.read(table).table().params("act"), read.table().params("act"));
        assertEquals(QuantScheme.ASYMMETRIC, read.scheme().orElseThrow());
        refused(Shell.run("convert", table, back, "--type", "int8"), "--type must not be given for octant");
        refused(Shell.run("convert", table, back, "--scheme", "symmetric"), "--scheme must not be given for octant");
    }

    @Test
    void theTableSaysWhichDataItIsFrom() throws IOException {
        String digest =
                CalibrationFile.read(calibrated()).table().entry("act").digest().orElseThrow();
        activations = Arrays.floats(folder.resolve("act.npy"), 3f, -1f, 0.5f);
        assertEquals(
                digest,
                CalibrationFile.read(calibrated()).table().entry("act").digest().orElseThrow());
        activations = Arrays.floats(folder.resolve("act.npy"), 3f, -1f, 0.625f);
        assertFalse(CalibrationFile.read(calibrated())
                .table()
                .entry("act")
                .digest()
                .orElseThrow()
                .equals(digest));
    }

    @Test
    void badInput() throws IOException {
        Path table = calibrated();
        Path out = folder.resolve("out.json");
        refused(Shell.run("convert", folder.resolve("none"), out), "none: input must exist, was missing");
        refused(Shell.run("convert", folder, out), "input must be a file, was a folder");
        refused(Shell.run("convert", table), "OUT must be given, was missing");
        refused(
                Shell.run("convert", table, folder.resolve("out.txt")),
                "OUT must end in .json, .cache, .encodings or .flatbuffers");
        refused(
                Shell.run("convert", table, out, "--to", "coreml"),
                "format must be one of octant, tensorrt, onnxruntime, onnxruntime-cache, onnxruntime-flatbuffers,"
                        + " aimet, tflite, was 'coreml'");
        refused(Shell.run("convert", table, out, "--from", "tensorrt"), ", line 1 must be TRT-<version>-<algorithm>");
        refused(Shell.run("convert", table, folder.resolve("no/out.json")), "folder of the output must exist");
        refused(Shell.run("convert", table, out, "--tool", " "), "tool must not be blank");
        assertFalse(Files.exists(out));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{\"a\": 1}", "TRT-", "TRT-8601-EntropyCalibration2\nact: 7f800000\n"})
    void brokenTables(String text) throws IOException {
        Path table = Files.writeString(folder.resolve("broken"), text);
        Path out = folder.resolve("out.json");
        refused(Shell.run("convert", table, out), table + "");
        assertFalse(Files.exists(out));
    }
}
