// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model that is too long for one file, with a limit that a test can reach. */
class ModelWriterTest {
    private static final long LIMIT = 8_000;

    @TempDir
    private Path folder;

    private static float[] numbers(int count, float first) {
        float[] numbers = new float[count];
        for (int i = 0; i < count; i++) {
            numbers[i] = first + i;
        }
        return numbers;
    }

    /** Large and small constants: of the graph, of a node, and of a body of a node. */
    private static ModelProto model() {
        NodeProto inner = constant("inner", Tensors.ofFloats("", List.of(700L), numbers(700, 3)));
        GraphProto body = GraphProto.newBuilder()
                .setName("body")
                .addNode(inner)
                .addInitializer(Tensors.ofFloats("in_body", List.of(600L), numbers(600, 4)))
                .build();
        return ModelProto.newBuilder()
                .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                .setGraph(GraphProto.newBuilder()
                        .addInitializer(Tensors.ofFloats("large", List.of(2L, 500L), numbers(1000, 1)))
                        .addInitializer(Tensors.ofFloats("small", List.of(3L), numbers(3, 2)))
                        .addNode(constant("outer", Tensors.ofFloats("", List.of(800L), numbers(800, 5))))
                        .addNode(NodeProto.newBuilder()
                                .setOpType("If")
                                .addInput("small")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("then_branch")
                                        .setType(AttributeProto.AttributeType.GRAPH)
                                        .setG(body))))
                .build();
    }

    private static NodeProto constant(String output, TensorProto value) {
        return NodeProto.newBuilder()
                .setOpType("Constant")
                .addOutput(output)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("value")
                        .setType(AttributeProto.AttributeType.TENSOR)
                        .setT(value))
                .build();
    }

    private ModelProto read(Path file) throws IOException {
        return ModelReader.read(InputFile.of(file), ExternalData.beside(file));
    }

    private static List<TensorProto> constants(ModelProto model) {
        GraphProto graph = model.getGraph();
        GraphProto body = graph.getNode(1).getAttribute(0).getG();
        return List.of(
                graph.getInitializer(0),
                graph.getInitializer(1),
                graph.getNode(0).getAttribute(0).getT(),
                body.getInitializer(0),
                body.getNode(0).getAttribute(0).getT());
    }

    @Test
    void largeConstantsGoOutsideWhereverTheyAre() throws IOException {
        Path file = folder.resolve("m.onnx");
        ModelWriter.write(model(), ExternalData.NONE, file, LIMIT);
        ModelProto outside = read(file);
        List<TensorProto> before = constants(model());
        List<TensorProto> after = constants(outside);
        ExternalData external = ExternalData.beside(file);
        for (int i = 0; i < before.size(); i++) {
            assertEquals(
                    i != 1, ExternalData.isExternal(after.get(i)), before.get(i).getName());
            assertEquals(before.get(i).getDimsList(), after.get(i).getDimsList());
            assertArrayEquals(Tensors.floats(before.get(i), ExternalData.NONE), Tensors.floats(after.get(i), external));
        }
        assertTrue(Files.size(file) < 1_500);
        // Written again from there, bytes are copied from file to file.
        Path copy = folder.resolve("copy.onnx");
        ExternalData source = ExternalData.beside(file);
        ModelWriter.write(ModelReader.read(InputFile.of(file), source), source, copy);
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("m.onnx.data")),
                Files.readAllBytes(folder.resolve("copy.onnx.data")));
    }

    @Test
    void aModelThatFitsIsOneFile() throws IOException {
        Path file = folder.resolve("m.onnx");
        ModelWriter.write(model(), ExternalData.NONE, file, 1 << 20);
        assertEquals(model(), read(file));
        assertFalse(Files.exists(folder.resolve("m.onnx.data")));
    }

    @Test
    void nothingIsLeftWhereAFileCannotBeWritten() throws IOException {
        Path missing = folder.resolve("no").resolve("m.onnx");
        assertThrows(FormatException.class, () -> ModelWriter.write(model(), ExternalData.NONE, missing, LIMIT));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(List.of(), files.toList());
        }
    }
}
