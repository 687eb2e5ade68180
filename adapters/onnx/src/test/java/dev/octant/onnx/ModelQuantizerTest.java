// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelQuantizerTest {
    @TempDir
    private Path folder;

    private static TestGraph product() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .random("w", 1, 4L, 3L)
                .node("MatMul", "y", "x", "w")
                .output("y", OnnxType.FLOAT32, "n", "3");
    }

    private OnnxModel quantized(TestGraph graph, float... x) throws IOException {
        OnnxModel model = graph.model();
        ModelData data =
                TestData.of(model, folder.resolve("x.npz"), TestData.floats("x", List.of(x.length / 4L, 4L), x));
        return new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(model, data);
    }

    private String refused(TestGraph graph, float... x) {
        return assertThrows(FormatException.class, () -> quantized(graph, x)).getMessage();
    }

    /** What users run, and what they debug with. */
    @ParameterizedTest
    @EnumSource(GivenModel.class)
    void optimizationsOfTheInt8ModelAgree(GivenModel given) throws IOException {
        OnnxModel model =
                new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(given.model(), given.calibration());
        Set<String> outputs =
                model.info().outputs().stream().map(output -> output.name()).collect(Collectors.toSet());
        Map<String, Float> steps = new HashMap<>();
        new QuantizedGraph(model.proto()).activations.forEach((name, params) -> steps.put(name, params.scale()));
        try (Session plain = Session.open(model.proto(), model.external(), Optimization.NONE, Threads.ONE);
                Session fused = Session.open(model.proto(), model.external(), Optimization.ALL, Threads.ONE)) {
            double[] sums = new double[2];
            given.test().forEachBatch(batch -> {
                Map<String, TensorValue> all = new HashMap<>();
                plain.run(batch, outputs, (name, output) -> all.put(name, output.value()));
                fused.run(batch, outputs, (name, output) -> {
                    double[] a = all.get(name).doubles();
                    double[] b = output.value().doubles();
                    for (int i = 0; i < a.length; i++) {
                        sums[0] += a[i] * a[i];
                        sums[1] += (a[i] - b[i]) * (a[i] - b[i]);
                    }
                });
            });
            assertTrue(10 * Math.log10(sums[0] / sums[1]) > 25 || sums[1] == 0, given + ": " + sums[0] + " " + sums[1]);
        }
    }

    @Test
    void theModelGivenStaysAsItIs() throws IOException {
        OnnxModel model = GivenModel.OPS_A.model();
        byte[] before = model.proto().toByteArray();
        OnnxModel first =
                new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(model, GivenModel.OPS_A.calibration());
        OnnxModel second =
                new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(model, GivenModel.OPS_A.calibration());
        assertEquals(first.proto(), second.proto());
        assertEquals(List.of(before.length), List.of(model.proto().toByteArray().length));
        assertTrue(first.info().isQuantized());
    }

    @Test
    void nodesStayFloatByName() throws IOException {
        GivenModel given = GivenModel.OPS_A;
        // The first has no name, and is called by its output.
        QuantizeSettings settings = QuantizeSettings.ONNX_RUNTIME.withFloatNodes(Set.of("c2", "Gemm_ge"));
        OnnxModel model = new ModelQuantizer(settings).quantize(given.model(), given.calibration());
        QuantizedGraph graph = new QuantizedGraph(model.proto());
        assertFalse(graph.weights.containsKey("w2"));
        assertFalse(graph.weights.containsKey("gw"));
        assertTrue(graph.weights.containsKey("w1"));
        assertEquals(
                List.of("q:fl", "init:gw", "init:gb"), graph.nodes.get("ge").inputs());
        assertEquals(
                "nodes to keep in float must be in the model, was nobody",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> new ModelQuantizer(settings.withFloatNodes(Set.of("nobody")))
                                        .quantize(given.model(), given.calibration()))
                        .getMessage());
    }

    @Test
    void aModelThatIsQuantizedIsRefused() throws IOException {
        GivenModel given = GivenModel.OPS_A;
        OnnxModel model = OnnxModel.read(given.file("quantize_static_u8s8_minmax_tensor.onnx"));
        FormatException e = assertThrows(
                FormatException.class,
                () -> new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(model, given.calibration()));
        assertTrue(
                e.getMessage()
                        .endsWith("tensor.onnx: model must be float, was quantized already: it has DequantizeLinear"),
                e.getMessage());
    }

    /** An SQNR that is no number is not one that is too low. */
    @Test
    void testDataThatAreNoNumbersAreSaidToBeSo() throws IOException {
        OnnxModel model = product().model();
        ModelData data = TestData.of(model, folder.resolve("good.npz"), TestData.random("x", 1, 8L, 4L));
        ModelData test = TestData.of(
                model,
                folder.resolve("bad.npz"),
                TestData.floats("x", List.of(2L, 4L), 1, 2, 3, 4, 5, Float.NaN, 7, 8));
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN.withLeastSqnr(30));
        FormatException e =
                assertThrows(FormatException.class, () -> new ModelQuantizer(settings).quantize(model, data, test));
        assertEquals(
                "model: output y must be finite on the test data to have an SQNR, was NaN or infinite somewhere",
                e.getMessage());
    }

    @Test
    void valuesThatAreNoNumbersAreRefused() {
        assertTrue(refused(product(), 1, 2, Float.NaN, 4).contains("activations of x must be numbers"));
        TestGraph roots = product();
        roots.node("Sqrt", "r", "y").node("MatMul", "z", "r", "v").random("v", 2, 3L, 2L);
        String message = refused(roots, -1, -2, -3, -4, 1, 2, 3, 4);
        assertTrue(
                message.startsWith("model: activations of r must be numbers on the calibration data, were "), message);
        String infinite = refused(product(), 1, 2, Float.POSITIVE_INFINITY, Float.NaN);
        assertEquals(
                "model: activations of x must be numbers on the calibration data, were 1 times NaN, 1 times infinite"
                        + " and 2 times finite",
                infinite);
        TestGraph weight = product();
        weight.graph.clearInitializer();
        weight.constant("w", List.of(4L, 3L), 1, 2, 3, 4, 5, Float.POSITIVE_INFINITY, 7, 8, 9, 10, 11, 12);
        assertEquals("model, tensor w: constant must be finite, was Infinity", refused(weight, 1, 2, 3, 4));
    }

    @Test
    void constantActivationsAreQuantized() throws IOException {
        OnnxModel model = quantized(product(), 0, 0, 0, 0);
        QuantizedGraph.Activation x = new QuantizedGraph(model.proto()).activations.get("x");
        assertEquals(1, x.scale());
        assertEquals(0, x.zeroPoint());
    }

    /** Zeros, as of a loader that found nothing, give a model that is of no use, and that is said. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void whatDidNotVaryIsNamed(Target target) throws IOException {
        OnnxModel model = product()
                .input("ids", OnnxType.INT64, "n", "1")
                .node("Cast", "unread", "ids")
                .with("to", 1L)
                .output("unread", OnnxType.FLOAT32, "n", "1")
                .model();
        ModelQuantizer quantizer = new ModelQuantizer(QuantizeSettings.of(target));
        ByteBuffer ids = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
        ids.putLong(7).putLong(7);
        NpzWriter.Item sevens = new NpzWriter.Item(
                "ids", NumberType.INT64, List.of(2L, 1L), () -> new ByteArrayInputStream(ids.array()));
        Path file = folder.resolve("constant.npz");
        ModelData data =
                TestData.of(model, file, TestData.floats("x", List.of(2L, 4L), 2, 2, 2, 2, 2, 2, 2, 2), sevens);
        Map<String, Double> found = new HashMap<>();
        quantizer.quantize(model, data, data).constants().forEach(one -> found.put(one.value(), one.number()));
        assertEquals(2.0, found.get("x"));
        assertEquals(7.0, found.get("ids"), "an input that does not become codes");
        assertEquals(7.0, found.get("unread"), "an output");
        ModelData rows =
                TestData.of(model, file, TestData.floats("x", List.of(2L, 4L), 2, 2, 2, 2, 2, 2, 2, 3), sevens);
        List<String> names = quantizer.quantize(model, rows, rows).constants().stream()
                .map(QuantizedModel.Constant::value)
                .sorted()
                .filter(name -> !name.contains("unread_"))
                .toList();
        assertEquals(List.of("ids", "unread"), names);
    }

    /** What the model itself holds, or computes of that alone, no data can vary: nothing is said of it. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void constantsOfTheModelAreNoneOfTheData(Target target) throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .random("w", 1, 4L, 3L)
                .random("v", 2, 3L, 3L)
                .node("MatMul", "product", "x", "w")
                .node("Constant", "two")
                .with("value_float", 2f)
                .node("Neg", "minus", "two")
                .node("Shape", "shape", "product")
                .node("ConstantOfShape", "zeros", "shape")
                .node("Expand", "minuses", "minus", "shape")
                .node("Mul", "scaled", "product", "two")
                .node("Add", "shifted", "scaled", "minuses")
                .node("Add", "same", "shifted", "zeros")
                .node("MatMul", "y", "same", "v")
                .output("y", OnnxType.FLOAT32, "n", "3")
                .output("minus", OnnxType.FLOAT32)
                .model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 8L, 4L));
        assertEquals(
                List.of(),
                new ModelQuantizer(QuantizeSettings.of(target))
                        .quantize(model, data, data)
                        .constants());
    }

    /** Of data that vary nothing is said. */
    @ParameterizedTest
    @EnumSource(GivenModel.class)
    void givenDataVary(GivenModel given) throws IOException {
        ModelData data = given.calibration();
        assertEquals(
                List.of(),
                new ModelQuantizer(QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN))
                        .quantize(given.model(), data, data)
                        .constants());
    }

    @Test
    void aModelWithNothingToQuantizeIsRefused() {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .node("Neg", "y", "x")
                .output("y", OnnxType.FLOAT32, "n", "4");
        assertEquals(
                "model: model must have a node that becomes int8, had none: its ops are Neg",
                refused(graph, 1, 2, 3, 4));
    }

    @Test
    void whatOnnxRuntimeRefusesIsOneSentence() {
        TestGraph graph = product();
        graph.graph.getNodeBuilder(0).setOpType("NoSuchOp");
        String message = refused(graph, 1, 2, 3, 4);
        assertTrue(message.startsWith("model: model must be one that ONNX Runtime loads, was refused: "), message);
        assertEquals(1, message.lines().count());
    }

    @Test
    void namesThatAreTakenGetANumber() throws IOException {
        TestGraph graph = product().constant("x_scale", List.of(3L), 1, 2, 3);
        graph.node("Add", "z", "y", "x_scale").output("z", OnnxType.FLOAT32, "n", "3");
        OnnxModel model = quantized(graph, 1, 2, 3, 4, -5, -6, -7, -8);
        assertTrue(model.proto().getGraph().getInitializerList().stream()
                .anyMatch(constant -> constant.getName().equals("x_scale_1")));
        Path file = folder.resolve("q.onnx");
        model.write(file);
        try (ModelRunner runner = ModelRunner.open(OnnxModel.read(file))) {
            assertEquals(
                    2,
                    runner.run(Map.of("x", TensorValue.of(List.of(1L, 4L), 1, 2, 3, 4)))
                            .size());
        }
    }

    /** Weights of old files are inputs with a default. */
    @Test
    void constantsThatAreInputsBecomeCodes() throws IOException {
        TestGraph graph = product().input("w", OnnxType.FLOAT32, "4", "3");
        OnnxModel model = quantized(graph, 1, 2, 3, 4, -5, -6, -7, -8);
        assertEquals(
                List.of("x"),
                model.info().inputs().stream().map(input -> input.name()).toList());
        assertTrue(new QuantizedGraph(model.proto()).weights.containsKey("w"));
    }

    /** Large constants stay outside; a file that data are read from is not written. */
    @Test
    void externalDataGoWithTheModel() throws IOException {
        GivenModel given = GivenModel.FP16_EXTERNAL;
        Path copy = folder.resolve("m.onnx");
        given.model().write(copy);
        byte[] data = Files.readAllBytes(folder.resolve("m.onnx.data"));
        OnnxModel model = OnnxModel.read(copy);
        FormatException e = assertThrows(FormatException.class, () -> model.write(copy));
        assertTrue(e.getMessage().contains("must be no file that the model's data are read from"), e.getMessage());
        assertEquals(data.length, Files.size(folder.resolve("m.onnx.data")));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME).quantize(model, given.calibration());
        int8.write(folder.resolve("q.onnx"));
        ModelComparison.of(int8, OnnxModel.read(folder.resolve("q.onnx")), given.test())
                .outputs()
                .forEach(output -> assertEquals(0, output.largestError()));
    }
}
