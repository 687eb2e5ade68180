// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import dev.octant.formats.FormatException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MessageBoundTest {
    private static final int COUNT = 1_000_000;

    /** A message of so many empty fields of a number, within the messages around it, from the outermost. */
    private static byte[] empties(int field, int... around) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        for (int i = 0; i < COUNT; i++) {
            coded.writeByteArray(field, new byte[0]);
        }
        coded.flush();
        byte[] inner = out.toByteArray();
        for (int i = around.length - 1; i >= 0; i--) {
            out.reset();
            coded.writeByteArray(around[i], inner);
            coded.flush();
            inner = out.toByteArray();
        }
        return inner;
    }

    /** Fields of as many numbers, none of which a model has. */
    private static byte[] unknown() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        CodedOutputStream coded = CodedOutputStream.newInstance(out);
        for (int i = 0; i < COUNT; i++) {
            coded.writeInt32(1000 + i, 1);
        }
        coded.flush();
        return out.toByteArray();
    }

    private static byte[] groups() {
        byte[] bytes = new byte[2 * COUNT];
        for (int i = 0; i < bytes.length; i += 2) {
            // Field 15, which a model has not, begins and ends a group.
            bytes[i] = 15 << 3 | WireFormat.WIRETYPE_START_GROUP;
            bytes[i + 1] = 15 << 3 | WireFormat.WIRETYPE_END_GROUP;
        }
        return bytes;
    }

    static Stream<Arguments> tooMany() throws IOException {
        Map<String, byte[]> models = new LinkedHashMap<>();
        models.put(
                "attributes",
                empties(NodeProto.ATTRIBUTE_FIELD_NUMBER, ModelProto.GRAPH_FIELD_NUMBER, GraphProto.NODE_FIELD_NUMBER));
        models.put("nodes", empties(GraphProto.NODE_FIELD_NUMBER, ModelProto.GRAPH_FIELD_NUMBER));
        models.put("constants", empties(GraphProto.INITIALIZER_FIELD_NUMBER, ModelProto.GRAPH_FIELD_NUMBER));
        models.put("inputs", empties(GraphProto.INPUT_FIELD_NUMBER, ModelProto.GRAPH_FIELD_NUMBER));
        models.put("functions", empties(ModelProto.FUNCTIONS_FIELD_NUMBER));
        models.put("unknown", unknown());
        models.put("groups", groups());
        return models.entrySet().stream().map(model -> Arguments.of(model.getKey(), model.getValue()));
    }

    @ParameterizedTest
    @MethodSource
    void tooMany(String what, byte[] model) {
        String message = assertThrows(
                        FormatException.class, () -> ModelReader.parse(model, ExternalData.NONE, "m.onnx"))
                .getMessage();
        assertEquals(
                "m.onnx: nodes, attributes, names and the like of a model must take at most 32 bytes of memory for each"
                        + " byte of its file, and 16 MiB besides, was with more, as those have that are empty",
                message,
                what);
    }

    /** Nodes, types and dimensions as short as a checker of models lets them be, a million of each. */
    @Test
    void graphsOfShortNamesAreWithinIt() {
        GraphProto.Builder graph = GraphProto.newBuilder();
        for (int i = 0; i < 100_000; i++) {
            graph.addNode(NodeProto.newBuilder()
                    .addInput("v" + i)
                    .addOutput("v" + (i + 1))
                    .setName("n" + i)
                    .setOpType("Relu"));
            ValueInfoProto.Builder value = ValueInfoProto.newBuilder().setName("v" + i);
            for (int axis = 0; axis < 4; axis++) {
                value.getTypeBuilder()
                        .getTensorTypeBuilder()
                        .setElemType(1)
                        .getShapeBuilder()
                        .addDimBuilder()
                        .setDimValue(axis + 1);
            }
            graph.addValueInfo(value);
        }
        byte[] model = ModelProto.newBuilder().setGraph(graph).build().toByteArray();
        assertDoesNotThrow(() -> MessageBound.require(model, "m.onnx"));
    }

    /** The numbers of a constant may be a byte each. */
    @Test
    void listsOfSmallNumbersAreWithinIt() {
        TensorProto.Builder tensor = TensorProto.newBuilder();
        for (int i = 0; i < 2_000_000; i++) {
            tensor.addInt64Data(i & 1);
        }
        byte[] model = ModelProto.newBuilder()
                .setGraph(GraphProto.newBuilder().addInitializer(tensor))
                .build()
                .toByteArray();
        assertDoesNotThrow(() -> MessageBound.require(model, "m.onnx"));
    }

    @Test
    void bytesOfAnyKindEndInASentenceOrAModel() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = new byte[random.nextInt(64)];
            random.nextBytes(bytes);
            try {
                ModelReader.parse(bytes, ExternalData.NONE, "m.onnx");
            } catch (FormatException e) {
                assertTrue(e.getMessage().startsWith("m.onnx: "), () -> "seed " + seed + ": " + e.getMessage());
            } catch (IOException e) {
                throw new AssertionError("seed " + seed, e);
            }
        }
    }
}
