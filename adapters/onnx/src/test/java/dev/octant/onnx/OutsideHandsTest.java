// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.formats.FormatException;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Models whose files others change meanwhile, and models that ask for more memory than there is. */
class OutsideHandsTest {
    private static final int SIDE = 64;

    @TempDir
    private Path folder;

    private Path model() throws IOException {
        Files.write(folder.resolve("w.data"), new byte[SIDE * SIDE * Float.BYTES]);
        TestGraph graph = new TestGraph().input("x", OnnxType.FLOAT32, "n", String.valueOf(SIDE));
        graph.graph.addInitializer(TensorProto.newBuilder()
                .setName("w")
                .setDataType(OnnxType.FLOAT32.code())
                .addDims(SIDE)
                .addDims(SIDE)
                .setDataLocation(TensorProto.DataLocation.EXTERNAL)
                .addExternalData(
                        StringStringEntryProto.newBuilder().setKey("location").setValue("w.data")));
        graph.node("MatMul", "y", "x", "w").output("y", OnnxType.FLOAT32, "n", String.valueOf(SIDE));
        return Files.write(folder.resolve("m.onnx"), graph.proto().build().toByteArray());
    }

    private void requireNoticed(Executable work) {
        assertEquals(
                folder.resolve("w.data") + ": file must stay as it is while it is read, was changed",
                assertThrows(FormatException.class, work).getMessage());
    }

    /** Longer, so that what maps it stays whole. */
    private void change() throws IOException {
        Files.write(folder.resolve("w.data"), new byte[2 * SIDE * SIDE * Float.BYTES]);
    }

    @Test
    void externalDataThatWereChangedAreNoticedBeforeTheyAreRead() throws IOException {
        OnnxModel model = OnnxModel.read(model());
        change();
        requireNoticed(() -> ModelRunner.open(model).close());
        requireNoticed(() -> model.write(folder.resolve("copy.onnx")));
    }

    @Test
    void externalDataThatWereChangedAreNoticedBetweenRuns() throws IOException {
        Map<String, TensorValue> inputs = Map.of("x", TensorValue.of(List.of(1L, (long) SIDE), new float[SIDE]));
        try (ModelRunner runner = ModelRunner.open(OnnxModel.read(model()))) {
            assertEquals(1, runner.run(inputs).size());
            change();
            requireNoticed(() -> runner.run(inputs));
        }
    }

    private static TestGraph graph() {
        return new TestGraph().input("x", OnnxType.FLOAT32, "n", "4").output("y", OnnxType.FLOAT32, "a", "b");
    }

    private static TestGraph filled(long... shape) {
        return graph().longs("s", shape).node("ConstantOfShape", "c", "s").node("Add", "y", "x", "c");
    }

    static Stream<Arguments> sizes() {
        long many = 1L << 40;
        TestGraph body = new TestGraph().node("ConstantOfShape", "y", "s").output("y", OnnxType.FLOAT32, "a", "b");
        return Stream.of(
                Arguments.of("ConstantOfShape", filled(many, 4)),
                Arguments.of("ConstantOfShape", filled(Long.MAX_VALUE, Long.MAX_VALUE)),
                Arguments.of("Expand", graph().longs("s", many, 4).node("Expand", "y", "x", "s")),
                Arguments.of("Tile", graph().longs("s", many, 1).node("Tile", "y", "x", "s")),
                Arguments.of("Pad", graph().longs("s", 0, 0, many, 0).node("Pad", "y", "x", "s")),
                Arguments.of(
                        "Resize",
                        graph().constant("none", List.of(0L))
                                .longs("s", many, 4)
                                .node("Resize", "y", "x", "none", "none", "s")),
                Arguments.of(
                        "Resize",
                        graph().constant("s", List.of(2L), (float) many, 1).node("Resize", "y", "x", "", "s")),
                Arguments.of(
                        "Range",
                        graph().longs("t", 0)
                                .node("Constant", "a")
                                .with("value_int", 0)
                                .node("Constant", "b")
                                .with("value_int", many)
                                .node("Constant", "d")
                                .with("value_int", 1)
                                .node("Range", "r", "a", "b", "d")
                                .node("Cast", "f", "r")
                                .with("to", 1)
                                .node("ReduceSum", "q", "f")
                                .node("Add", "y", "x", "q")),
                Arguments.of(
                        "RandomNormal",
                        graph().node("RandomNormal", "c")
                                .with("shape", List.of(many, 4L))
                                .node("Add", "y", "x", "c")),
                Arguments.of(
                        "ConstantOfShape",
                        graph().longs("s", many, 4)
                                .node("Constant", "k")
                                .with("value_int", 1)
                                .node("Cast", "is", "k")
                                .with("to", 9)
                                .node("If", "y", "is")
                                .with("then_branch", body)
                                .with("else_branch", body)));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void sizesThatConstantsStateAreBounded(String op, TestGraph graph) throws IOException {
        OnnxModel model = graph.model();
        String message = assertThrows(
                        FormatException.class, () -> ModelRunner.open(model).close())
                .getMessage();
        assertTrue(
                message.startsWith("model: node ")
                        && message.contains(
                                " (" + op + ") must make at most 1073741824 elements of what constants say"),
                message);
    }

    /** What is computed is known to ONNX Runtime alone: no machine has 2^60 bytes. */
    @Test
    void whatItCannotAllocateIsOneSentence() throws IOException {
        OnnxModel model = graph().longs("s", 1L << 29, 1)
                .node("Mul", "t", "s", "s")
                .node("ConstantOfShape", "c", "t")
                .node("Add", "y", "x", "c")
                .model();
        Map<String, TensorValue> inputs = Map.of("x", TensorValue.of(List.of(1L, 4L), 1, 2, 3, 4));
        String message = assertThrows(FormatException.class, () -> {
                    try (ModelRunner runner = ModelRunner.open(model)) {
                        runner.run(inputs);
                    }
                })
                .getMessage();
        assertTrue(message.contains("the memory that there is, ONNX Runtime was refused it: "), message);
    }

    @Test
    void sizesThatFitAreRun() throws IOException {
        Map<String, TensorValue> inputs = Map.of("x", TensorValue.of(List.of(1L, 4L), 1, 2, 3, 4));
        try (ModelRunner runner = ModelRunner.open(filled(1000, 4).model())) {
            assertEquals(List.of(1000L, 4L), runner.run(inputs).get("y").shape());
        }
    }
}
