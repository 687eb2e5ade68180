// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.TensorInputs;
import dev.octant.cli.codes.ArrayTask;
import dev.octant.cli.words.QuietOption;
import dev.octant.core.QuantType;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be known to fail is refused before data are read; and data that change while they are read are noticed. */
class KnownBeforeTest {
    @TempDir
    private Path folder;

    private static void refused(Shell shell, String part) {
        assertEquals(2, shell.code(), shell::toString);
        assertEquals("", shell.out());
        assertTrue(shell.err().lines().findFirst().orElse("").contains(part), shell::err);
        assertFalse(shell.err().contains("no number"), shell::err);
    }

    /** Whoever reads this file says that it holds no number; the refusals here are of something else. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "calibrate --method mean | samples must lie one after the other for mean",
                "calibrate --method median --samples | samples must lie one after the other for median",
                "evaluate --method minmax,mean | samples must lie one after the other for mean",
                "calibrate --policy nvidia | scheme must be SYMMETRIC under NVIDIA",
                "evaluate --policy nvidia | scheme must be SYMMETRIC under NVIDIA",
                "calibrate --policy tflite --scheme symmetric --type uint8 | type must be signed",
                "evaluate --policy tflite --scheme symmetric --type uint8 | type must be signed",
                "calibrate --policy nvidia --scheme symmetric --type uint8 --method fixed=-6,6 | must be at least 0",
                "evaluate --policy nvidia --scheme symmetric --type uint8 --method fixed=-6,6 | must be at least 0",
                "evaluate --profile tflite --type int8_narrow --op relu | type must be int8 or uint8 under",
                "evaluate --profile tflite --op elu(0.5) | alpha of elu must be 1 under profile tflite",
                "calibrate --method moving-average=7 | averaging constant",
                "evaluate --method moving-average=7 | averaging constant",
                "calibrate --method ort-entropy=0 | bins must be",
                "evaluate --method ort-entropy=0 | bins must be",
                "calibrate --method consumer | must be told the op",
                "calibrate --op b=silu | tensor of an op must be one of a",
                "evaluate --op b=silu | tensor of an op must be one of a",
                "calibrate --until-stable=0,3 | fraction must be positive",
                "calibrate --samples --tensor t --values v | option --samples must not be given with --tensor",
                "calibrate --threads 1025 | threads must be at most 1024",
                "calibrate --checkpoint none/c | folder of the output must exist",
            })
    void isRefusedBeforeDataAreRead(String words, String part) throws IOException {
        Path file = Files.writeString(folder.resolve("a.csv"), "a\n1\nno number\n");
        Object[] all = (words.strip() + " " + file).split(" ");
        refused(Shell.run(all), part);
    }

    /** As the refusals are about the question, and not about ops and types that do work. */
    @ParameterizedTest
    @CsvSource({
        "tflite, relu",
        "tflite, leaky_relu(0.1)",
        "tflite, tanh",
        "xnnpack, leaky_relu(0.01)",
        "xnnpack, elu(2)",
        "xnnpack, relu",
        "pytorch, relu",
        "pytorch, sigmoid",
        "pytorch, hardsigmoid",
        "onnxruntime, silu",
        "onnx, exp"
    })
    void whatAnEngineHasIsEvaluated(String profile, String op) throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), -3, -1, 0, 0.5f, 4);
        Shell shell = Shell.run("evaluate", file, "--profile", profile, "--op", op, "--method", "minmax");
        assertEquals(0, shell.code(), shell::toString);
    }

    @Test
    void samplesInAnotherOrderAreRefused() throws IOException {
        Path file = folder.resolve("f.npy");
        ArrayWriter.write(
                file,
                new ArrayHeader("x", ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, true, List.of(2L, 3L)),
                out -> out.writeFloats(new float[6], 0, 6));
        refused(Shell.run("calibrate", file, "--method", "mean"), "f.npy: f: samples must lie one after the other");
    }

    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.fromMillis(1));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Does nothing but at the last block, when all has been read. */
    private static ArrayTask.Preparation touchingAtTheEnd(Path file) {
        return header -> (reals, codes, length, position) -> {
            if (position + length == header.size()) {
                touch(file);
            }
        };
    }

    private static void noticed(Path file, Executable reading) {
        assertEquals(
                file + ": file must stay as it is while it is read, was changed",
                assertThrows(FormatException.class, reading).getMessage());
    }

    @Test
    void anArrayThatChangesWhileItIsQuantizedIsNoticed() throws IOException {
        Path in = Arrays.floats(folder.resolve("x.npy"), new float[40_000]);
        Path out = Files.writeString(folder.resolve("q.npy"), "before");
        noticed(in, () -> ArrayTask.floatsToCodes(in, out, QuantType.INT8, new QuietOption(), touchingAtTheEnd(in)));
        assertEquals("before", Files.readString(out));
        Path codes = Arrays.bytes(folder.resolve("c.npy"), ElementType.INT8, new byte[40_000]);
        noticed(codes, () -> ArrayTask.codesToFloats(codes, out, new QuietOption(), touchingAtTheEnd(codes)));
        assertEquals("before", Files.readString(out));
        try (var left = Files.list(folder)) {
            assertEquals(3, left.count());
        }
    }

    @Test
    void aTensorThatChangesWhileItIsEvaluatedIsNoticed() throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), new float[40_000]);
        TensorInputs inputs = TensorInputs.open(List.of(file));
        inputs.count();
        long[] seen = {0};
        noticed(
                file,
                () -> inputs.stream(values -> {}, (tensor, block, length) -> {
                    seen[0] += length;
                    if (seen[0] == 40_000) {
                        touch(file);
                    }
                }));
        assertEquals(40_000, seen[0]);
    }
}
