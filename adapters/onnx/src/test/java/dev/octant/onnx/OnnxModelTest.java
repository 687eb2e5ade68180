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
import dev.octant.formats.tensor.NpzWriter;
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
import org.junit.jupiter.api.function.Executable;
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

    private static String notRead(byte[] bytes) {
        return assertThrows(FormatException.class, () -> OnnxModel.of(bytes)).getMessage();
    }

    /** A text, of which Git's pointers to large files are one, is another mistake than a download that broke off. */
    @Test
    void whatIsNoModelIsCalledByWhatItIs() throws IOException {
        for (String text : List.of("{\"ir_version\": 8}", "version https://x/spec/v1\noid sha256:0\n", "h", "[1, 2]")) {
            String first = text.lines().findFirst().orElseThrow();
            assertEquals(
                    "model: file must be an ONNX model, was a text that begins with '" + first + "'",
                    notRead(text.getBytes(StandardCharsets.UTF_8)));
        }
        assertEquals("model: file must be an ONNX model, was empty", notRead(new byte[0]));
        byte[] whole = small().proto().removeOpsetImport(1).build().toByteArray();
        int graph = small().graph.build().getSerializedSize();
        for (int length = 1; length < whole.length; length++) {
            String message = notRead(Arrays.copyOf(whole, length));
            boolean isNamed = message.equals(
                    "model: file must be an ONNX model, was cut: it ends within a field, after " + length + " bytes");
            assertTrue(isNamed || message.contains(": model must "), length + " of " + whole.length + ": " + message);
            assertTrue(isNamed || length < whole.length - graph || length > graph, message);
        }
        assertEquals(
                "model: file must be an ONNX model, was no protobuf message of that kind",
                notRead(new byte[] {0, 1, 2, 3}));
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
                broken(
                        "huge product of an unknown type",
                        m -> unknown(m).setDims(0, 1L << 62).addDims(4).addDims(4),
                        "fewer than 2^63 elements, was [4611686018427387904, 4, 4]"),
                broken(
                        "huge sum",
                        m -> {
                            TensorProto.Builder huge = unknown(m).setDims(0, 1L << 62);
                            m.getGraphBuilder()
                                    .addInitializer(huge.build().toBuilder().setName("v"));
                        },
                        "constants must have fewer than 2^63 elements and bytes in all, was more"),
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

    private static TensorProto.Builder unknown(ModelProto.Builder model) {
        return constant(model).clearRawData().setDataType(99);
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

    /** ONNX Runtime takes the last. */
    @Test
    void keysOfExternalDataStandOnce() throws IOException {
        Path models = Files.createDirectories(folder.resolve("models"));
        Files.write(models.resolve("w.bin"), new byte[16]);
        for (String[] twice :
                List.of(new String[] {"location", "w.bin"}, new String[] {"offset", "0", "offset", "8"}, new String[] {
                    "length", "8", "length", "8"
                })) {
            String message = refused("w.bin", twice).getMessage();
            assertTrue(message.endsWith("must have each key once, was '" + twice[0] + "' again"), message);
        }
    }

    @Test
    void externalDataOfATypeThatIsNotKnownAreRefused() throws IOException {
        ModelProto.Builder model = small().proto();
        external(model, "w.bin");
        constant(model).setDataType(99);
        Files.write(folder.resolve("w.bin"), new byte[8]);
        Path file = Files.write(folder.resolve("m.onnx"), model.build().toByteArray());
        String message =
                assertThrows(FormatException.class, () -> OnnxModel.read(file)).getMessage();
        assertEquals(file + ", tensor w: type of a tensor in external data must be known, was number 99", message);
    }

    @Test
    void aNameOfDigitsIsNoLength() throws IOException {
        ModelProto.Builder model = small().proto();
        String digits = "99999999999999999999";
        model.getGraphBuilder()
                .getInputBuilder(0)
                .getTypeBuilder()
                .getTensorTypeBuilder()
                .getShapeBuilder()
                .getDimBuilder(0)
                .setDimParam(digits);
        ModelInfo info = OnnxModel.of(model.build().toByteArray()).info();
        assertEquals("[x float32 ['" + digits + "', 2]]", info.inputs().toString());
        Path rows = folder.resolve("x.npz");
        NpzWriter.write(rows, List.of(TestData.floats("x", List.of(3L, 2L), 1, 2, 3, 4, 5, 6)));
        ModelData data = ModelData.open(info.inputs(), List.of(rows));
        assertEquals(3, data.rows());
        assertTrue(data.fixedRows().isEmpty());
    }

    private static TestGraph body(String input, String output) {
        return new TestGraph().node("Identity", output, input).output(output, OnnxType.FLOAT32, "n", "2");
    }

    private static TestGraph branches(TestGraph first, TestGraph second) {
        TestGraph graph = small();
        graph.graph.addInput(new TestGraph().input("c", OnnxType.BOOL).graph.getInput(0));
        return graph.node("If", "z", "c").with("then_branch", first).with("else_branch", second);
    }

    /** A body reads its own values and those of all graphs around it, not those of a body beside it. */
    @Test
    void bodiesReadWhatIsAroundThem() throws IOException {
        TestGraph inner = new TestGraph().node("If", "b", "c").with("then_branch", body("x", "d"));
        inner.with("else_branch", body("y", "e")).output("b", OnnxType.FLOAT32, "n", "2");
        assertEquals(
                5,
                branches(inner, body("w", "a")).model().info().ops().values().stream()
                                .mapToInt(Integer::intValue)
                                .sum()
                        - 1);
        String message = assertThrows(
                        FormatException.class,
                        () -> branches(body("x", "a"), body("a", "b")).model())
                .getMessage();
        assertTrue(message.endsWith("must be values of the graph, was a"), message);
    }

    private Path copied() throws IOException {
        for (String name : List.of("model.onnx", "model.onnx.data")) {
            Files.copy(GivenModel.FP16_EXTERNAL.file(name), folder.resolve(name));
        }
        return folder.resolve("model.onnx");
    }

    @Test
    void externalDataAreNotWrittenOver() throws IOException {
        OnnxModel model = OnnxModel.read(copied());
        Path data = folder.resolve("model.onnx.data");
        byte[] before = Files.readAllBytes(data);
        assertEquals(List.of(data.toAbsolutePath()), model.externalFiles());
        Path link = Files.createLink(folder.resolve("hard.npz"), data);
        for (Path target : List.of(data, link)) {
            for (Executable write : List.<Executable>of(
                    () -> model.write(target),
                    () -> OutputFile.write(target, model, GivenModel.FP16_EXTERNAL.test()))) {
                String message = assertThrows(FormatException.class, write).getMessage();
                assertTrue(message.startsWith(target + ": output must be no file that the model's data"), message);
            }
        }
        assertThrows(FormatException.class, () -> model.write(folder.resolve("model.onnx")));
        assertArrayEquals(before, Files.readAllBytes(data));
    }

    @Test
    void dataGoToAnOrdinaryFile() throws IOException {
        OnnxModel model = OnnxModel.read(copied());
        Path target = folder.resolve("copy.onnx");
        Path data = folder.resolve("copy.onnx.data");
        Files.createSymbolicLink(data, folder.resolve("elsewhere"));
        requireRefused(model, target, data + ": file of the model's data must be an ordinary one, was a link");
        Files.delete(data);
        Files.createDirectory(data);
        requireRefused(model, target, data + ": output must be a file, was a folder");
        Files.delete(data);
        Path longest = folder.resolve("m".repeat(252));
        requireRefused(model, longest, longest + ".data: output must be writable");
        assertFalse(Files.exists(target));
        assertFalse(Files.exists(longest));
        assertEquals(data, model.dataFile(target).orElseThrow());
    }

    private static void requireRefused(OnnxModel model, Path target, String beginning) {
        for (Executable request : List.<Executable>of(() -> model.dataFile(target), () -> model.write(target))) {
            String message = assertThrows(FormatException.class, request).getMessage();
            assertTrue(message.startsWith(beginning), message);
        }
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
