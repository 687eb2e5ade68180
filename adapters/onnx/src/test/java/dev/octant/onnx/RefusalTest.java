// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.formats.FormatException;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** Which model a refusal is about. */
class RefusalTest {
    private static final String ESCAPE = "\u001b[31m";

    @TempDir
    private Path folder;

    private Path file(String name, TestGraph graph) throws IOException {
        return Files.write(folder.resolve(name), graph.proto().build().toByteArray());
    }

    private ModelData data(OnnxModel model) throws IOException {
        return TestData.of(model, folder.resolve("x.npz"), TestData.floats("x", List.of(1L, 4L), 1, 2, 3, 4));
    }

    private static TestGraph product(Long columns, float... weights) {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .constant("w", List.of(4L, columns), weights)
                .node("MatMul", "y", "x", "w")
                .output("y", OnnxType.FLOAT32, "n", columns.toString());
    }

    /** Loads, and cannot run. */
    private static TestGraph failing(String output) {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .node("Reshape", output, "x", "t")
                .output(output, OnnxType.FLOAT32, "k");
        graph.graph.addInitializer(TensorProto.newBuilder()
                .setName("t")
                .setDataType(OnnxType.INT64.code())
                .addDims(1)
                .addInt64Data(7));
        graph.graph.getNodeBuilder(0).setName("name" + ESCAPE);
        return graph;
    }

    private static void requireNamed(Path file, String end, Executable work) {
        String message = assertThrows(FormatException.class, work).getMessage();
        assertTrue(message.startsWith(file.toString()) && message.contains(end), message);
        assertFalse(message.substring(1).contains(file + ": " + file), message);
    }

    @Test
    void constantsOfAModelAreNamedWithIt() throws IOException {
        for (QuantizeSettings settings : List.of(QuantizeSettings.CPU, QuantizeSettings.ONNX_RUNTIME)) {
            Path infinite = file("inf.onnx", product(2L, 1, 2, 3, 4, Float.POSITIVE_INFINITY, 5, 6, 7));
            OnnxModel model = OnnxModel.read(infinite);
            ModelData data = data(model);
            requireNamed(
                    infinite,
                    ", tensor w: constant must be finite, was Infinity",
                    () -> new ModelQuantizer(settings).quantize(model, data));
        }
    }

    @Test
    void aModelOfAnEmptyWeightAloneIsNamed() throws IOException {
        Path empty = file("empty.onnx", product(0L));
        OnnxModel model = OnnxModel.read(empty);
        ModelData data = data(model);
        requireNamed(
                empty,
                ": model must have a node that becomes int8, had none: its ops are MatMul",
                () -> new ModelQuantizer(QuantizeSettings.CPU).quantize(model, data));
    }

    @Test
    void theModelThatDoesNotRunIsNamed() throws IOException {
        Path good = file(
                "good.onnx",
                new TestGraph()
                        .input("x", OnnxType.FLOAT32, "n", "4")
                        .node("Relu", "y", "x")
                        .output("y", OnnxType.FLOAT32, "n", "4"));
        Path fails = file("fails.onnx", failing("y"));
        Path unknown = file(
                "unknown.onnx",
                new TestGraph()
                        .input("x", OnnxType.FLOAT32, "n", "4")
                        .node("Nothing", "y", "x")
                        .output("y", OnnxType.FLOAT32, "n", "4"));
        OnnxModel first = OnnxModel.read(good);
        ModelData data = data(first);
        requireNamed(
                fails,
                ": model must run on these inputs, was refused: ",
                () -> ModelComparison.of(first, OnnxModel.read(fails), data));
        requireNamed(
                unknown,
                ": model must be one that ONNX Runtime loads, was refused: ",
                () -> ModelComparison.of(first, OnnxModel.read(unknown), data));
    }

    /** An array by such a name could not be read again. */
    @Test
    void outputsHaveNamesThatFilesOfArraysHold() throws IOException {
        for (String name : List.of("y" + ESCAPE, " ", "y\u202e", "y".repeat(70_000))) {
            Path file = file(
                    "named.onnx",
                    new TestGraph()
                            .input("x", OnnxType.FLOAT32, "n", "4")
                            .node("Relu", name, "x")
                            .output(name, OnnxType.FLOAT32, "n", "4"));
            OnnxModel model = OnnxModel.read(file);
            ModelData data = data(model);
            Path target = folder.resolve("y.npz");
            requireNamed(file, ": names of outputs must have ", () -> OutputFile.write(target, model, data));
            assertFalse(Files.exists(target));
        }
    }

    /** Runs a model that fails, in a process of its own: ONNX Runtime's logger writes past Java. */
    public static void main(String[] args) throws IOException {
        OnnxModel model = OnnxModel.read(Path.of(args[0]));
        ModelData data = ModelData.open(model.info().inputs(), List.of(Path.of(args[1])));
        try {
            OutputFile.write(Path.of(args[2]), model, data);
        } catch (FormatException e) {
            System.out.println(e.getMessage());
        }
    }

    @Test
    void onnxRuntimeWritesNothingOnStandardError() throws IOException, InterruptedException {
        Path file = file("fails.onnx", failing("y"));
        data(OnnxModel.read(file));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                        RefusalTest.class.getName(),
                        file.toString(),
                        folder.resolve("x.npz").toString(),
                        folder.resolve("y.npz").toString())
                .redirectErrorStream(true)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertFalse(out.contains(ESCAPE), out);
        List<String> lines = out.lines()
                .filter(line -> !line.isEmpty() && !line.startsWith("WARNING: "))
                .toList();
        assertEquals(1, lines.size(), out);
        assertTrue(lines.get(0).startsWith(file + ": model must run on these inputs"), out);
    }
}
