// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.ValueInfoProto;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import dev.octant.formats.FormatException;
import dev.octant.onnx.values.ModelInfo;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class OnnxModelTest {
    @TempDir
    private Path folder;

    @Test
    void infoSaysWhatIsThere() throws IOException {
        ModelInfo info = GivenModel.FP16_EXTERNAL.model().info();
        assertEquals("pytorch 2.14.1", info.producer());
        assertEquals(21, info.opset());
        assertEquals(9, info.irVersion());
        assertEquals("[x float16 [batch, 1, 8, 8]]", info.inputs().toString());
        assertEquals("[y float16 [batch, 10]]", info.outputs().toString());
        assertEquals(
                "{Conv=2, Flatten=1, Gelu=1, Gemm=2, Mul=1, Relu=1, Sigmoid=1}",
                info.ops().toString());
        assertEquals(55_018, info.parameters());
        assertEquals(2 * 55_018, info.parameterBytes());
        assertFalse(info.isQuantized());
    }

    @ParameterizedTest
    @EnumSource(GivenModel.class)
    void whatIsReadIsWritten(GivenModel given) throws IOException {
        Path copy = folder.resolve("copy.onnx");
        given.model().write(copy);
        OnnxModel again = OnnxModel.read(copy);
        assertEquals(given.model().info(), again.info());
        if (given == GivenModel.FP16_EXTERNAL) {
            assertTrue(Files.exists(folder.resolve("copy.onnx.data")));
            ModelComparison.of(given.model(), again, given.test())
                    .outputs()
                    .forEach(output -> assertEquals(Double.POSITIVE_INFINITY, output.sqnrDb()));
        } else {
            assertEquals(given.model().proto(), again.proto());
        }
    }

    private static TestGraph small() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "2")
                .constant("w", List.of(2L), 1, 2)
                .node("Mul", "y", "x", "w")
                .output("y", OnnxType.FLOAT32, "n", "2");
    }

    /** Fields of later versions, at every level, and what users write beside a model. */
    @Test
    void whatIsNotKnownIsKept() throws IOException {
        UnknownFieldSet unknown = UnknownFieldSet.newBuilder()
                .addField(
                        9_000,
                        UnknownFieldSet.Field.newBuilder()
                                .addLengthDelimited(ByteString.copyFromUtf8("later"))
                                .build())
                .build();
        TestGraph graph = small();
        graph.graph.setDocString("doc").setUnknownFields(unknown);
        graph.graph.getNodeBuilder(0).clearName().setDocString("a node").setUnknownFields(unknown);
        graph.graph.getInitializerBuilder(0).setUnknownFields(unknown);
        ModelProto model = graph.proto()
                .setUnknownFields(unknown)
                .addMetadataProps(
                        StringStringEntryProto.newBuilder().setKey("author").setValue("me"))
                .build();
        Path file = folder.resolve("m.onnx");
        OnnxModel.of(model.toByteArray()).write(file);
        assertArrayEquals(model.toByteArray(), Files.readAllBytes(file));
    }

    static Stream<Arguments> broken() {
        return Stream.of(
                broken("no graph", m -> m.clearGraph(), "must have a graph, was without one"),
                broken("no opset", m -> m.clearOpsetImport(), "version of ONNX's opset, was without it"),
                broken("opset 0", m -> m.getOpsetImportBuilder(0).setVersion(0), "1 or later, was 0 of domain ''"),
                broken("two opsets", m -> m.addOpsetImportBuilder().setVersion(3), "was 3 of domain '' beside another"),
                broken("no op", m -> node(m).clearOpType(), "node y_node () must have an op, was without one"),
                broken("unknown input", m -> node(m).setInput(0, "z"), "must be values of the graph, was z"),
                broken("no such output", m -> output(m).setName("z"), "output z must be computed by a node"),
                broken("twice", m -> node(m).setOutput(0, "x"), "must be used once, was x again"),
                broken(
                        "an input twice",
                        m -> m.getGraphBuilder().addInput(m.getGraph().getInput(0)),
                        "used once"),
                broken("no name", m -> constant(m).clearName(), "constant must have a name, was without one"),
                broken("not UTF-8", m -> constant(m).setNameBytes(ByteString.copyFrom(new byte[] {-1})), "UTF-8"),
                broken(
                        "short",
                        m -> constant(m).setRawData(ByteString.copyFrom(new byte[7])),
                        "the 8 bytes of raw data"),
                broken(
                        "long",
                        m -> constant(m).setRawData(ByteString.copyFrom(new byte[9])),
                        "of float32 asks for, was 9"),
                broken("too few values", m -> constant(m).clearRawData().addFloatData(1), "must have the 2 values"),
                broken("negative", m -> constant(m).setDims(0, -2), "no negative dimension, was [-2]"),
                broken("huge", m -> constant(m).setDims(0, Long.MAX_VALUE), "fewer than 2^63 bits"),
                broken("huge product", m -> constant(m).setDims(0, 1L << 62).addDims(4), "fewer than 2^63 bits"),
                broken("outside", m -> external(m, "w.bin"), "must be a file in the model's folder, was 'w.bin'"));
    }

    private static Arguments broken(String name, Consumer<ModelProto.Builder> change, String sentence) {
        return Arguments.of(name, change, sentence);
    }

    private static NodeProto.Builder node(ModelProto.Builder model) {
        return model.getGraphBuilder().getNodeBuilder(0);
    }

    private static ValueInfoProto.Builder output(ModelProto.Builder model) {
        return model.getGraphBuilder().getOutputBuilder(0);
    }

    private static TensorProto.Builder constant(ModelProto.Builder model) {
        return model.getGraphBuilder().getInitializerBuilder(0);
    }

    private static void external(ModelProto.Builder model, String location, String... more) {
        TensorProto.Builder constant =
                constant(model).clearRawData().setDataLocation(TensorProto.DataLocation.EXTERNAL);
        constant.addExternalDataBuilder().setKey("location").setValue(location);
        for (int i = 0; i < more.length; i += 2) {
            constant.addExternalDataBuilder().setKey(more[i]).setValue(more[i + 1]);
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("broken")
    void brokenModelsAreRefused(String name, Consumer<ModelProto.Builder> change, String sentence) {
        ModelProto.Builder model = small().proto();
        change.accept(model);
        FormatException e = assertThrows(
                FormatException.class, () -> OnnxModel.of(model.build().toByteArray()));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
    }

    private FormatException refused(String location, String... more) throws IOException {
        ModelProto.Builder model = small().proto();
        external(model, location, more);
        Path file = folder.resolve("models").resolve("m.onnx");
        Files.createDirectories(file.getParent());
        Files.write(file, model.build().toByteArray());
        return assertThrows(FormatException.class, () -> OnnxModel.read(file), location);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "../secret",
                "a/../../secret",
                "/etc/passwd",
                "a\\..\\..\\secret",
                "..",
                "link/../../secret",
                "\u0000"
            })
    void aLocationThatLeavesTheFolderIsRefused(String location) throws IOException {
        Files.write(folder.resolve("secret"), new byte[8]);
        String message = refused(location).getMessage();
        assertTrue(message.contains("must be a file in the model's folder, was '"), message);
    }

    @Test
    void aLinkThatLeavesTheFolderIsRefused() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.write(folder.resolve("secret"), new byte[8]);
        Files.createSymbolicLink(models.resolve("link"), folder.resolve("secret"));
        Files.createSymbolicLink(models.resolve("up"), folder);
        assertTrue(refused("link").getMessage().contains("must be a file in the model's folder"));
        assertTrue(refused("up/secret").getMessage().contains("must be a file in the model's folder"));
    }

    @Test
    void externalDataThatIsNotThereIsRefused() throws IOException {
        assertTrue(refused("w.bin").getMessage().contains("must be in w.bin beside the model, was missing"));
        Files.write(folder.resolve("models").resolve("w.bin"), new byte[15]);
        assertTrue(refused("w.bin", "offset", "8").getMessage().contains("within the 15 bytes of w.bin, was 8 from 8"));
        assertTrue(refused("w.bin", "offset", "-1").getMessage().contains("whole number of bytes, was '-1'"));
        assertTrue(refused("w.bin", "offset", "x").getMessage().contains("whole number of bytes, was 'x'"));
        assertTrue(
                refused("w.bin", "offset", "9223372036854775807").getMessage().contains("must lie within"));
        assertTrue(refused("w.bin", "length", "9").getMessage().contains("must be the 8 bytes"));
        assertTrue(refused("models").getMessage().contains("must"), "a folder");
    }

    @Test
    void filesThatAreNoModelAreRefused() throws IOException {
        for (byte[] content : List.of(new byte[0], "hello".getBytes(StandardCharsets.UTF_8), new byte[1000])) {
            Path file = Files.write(folder.resolve("x.onnx"), content);
            FormatException e = assertThrows(FormatException.class, () -> OnnxModel.read(file));
            assertTrue(e.getMessage().startsWith(file + ": "), e.getMessage());
        }
        assertThrows(FormatException.class, () -> OnnxModel.read(folder));
        assertThrows(FormatException.class, () -> OnnxModel.read(folder.resolve("missing.onnx")));
    }

    /** Messages in messages, deeper than any stack. */
    @Test
    void deepNestingIsRefused() {
        byte[] inner = new byte[0];
        for (int i = 0; i < 5_000; i++) {
            // A graph in an attribute of a node of a graph.
            inner = wrapped(7, wrapped(1, wrapped(5, wrapped(6, inner))));
            inner = inner.length > 1 << 16 ? Arrays.copyOf(inner, 1 << 16) : inner;
        }
        byte[] deep = wrapped(7, inner);
        assertThrows(FormatException.class, () -> OnnxModel.of(deep));
    }

    private static byte[] wrapped(int field, byte[] content) {
        UnknownFieldSet.Field value = UnknownFieldSet.Field.newBuilder()
                .addLengthDelimited(ByteString.copyFrom(content))
                .build();
        return UnknownFieldSet.newBuilder().addField(field, value).build().toByteArray();
    }

    @Test
    void everyTruncationIsRefusedOrRead() throws IOException {
        byte[] good = Files.readAllBytes(GivenModel.OPS_A.file("model.onnx"));
        for (int length = 0; length < good.length; length++) {
            isRead(Arrays.copyOf(good, length));
        }
    }

    /** -Doctant.mutations=100000 for more. */
    @Test
    void mutatedModelsAreRefusedOrRead() throws IOException {
        byte[] good = Files.readAllBytes(GivenModel.OPS_A.file("model.onnx"));
        Random random = new Random(7);
        int mutations = Integer.getInteger("octant.mutations", 5_000);
        int read = 0;
        for (int i = 0; i < mutations; i++) {
            byte[] bytes = good.clone();
            for (int n = random.nextInt(4); n >= 0; n--) {
                // Names, numbers and lengths lie between the constants.
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            read += isRead(bytes) ? 1 : 0;
        }
        assertTrue(read > 0 && read < mutations, "some are read, some refused");
    }

    private static boolean isRead(byte[] bytes) throws IOException {
        try {
            OnnxModel.of(bytes).info().ops();
            return true;
        } catch (FormatException e) {
            assertEquals(1, e.getMessage().lines().count(), e.getMessage());
            return false;
        }
    }
}
