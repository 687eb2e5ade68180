// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.observers.HistogramObserver;
import dev.octant.observers.HistogramSummary;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.internal.run.AllOutputs;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import dev.octant.onnx.values.TensorOverride;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What users change of a target's settings. */
class SettingsTest {
    private static final QuantizeSettings PLAIN = QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN);

    @TempDir
    private Path folder;

    private static TestGraph layers() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "8")
                .random("w", 1, 8L, 6L)
                .random("b", 2, 6L)
                .node("Gemm", "/a/h", "x", "w", "b")
                .node("Tanh", "/a/t", "/a/h")
                .random("v", 3, 6L, 6L)
                .node("MatMul", "/b/p", "/a/t", "v")
                .node("MatMul", "y", "/b/p", "v")
                .output("y", OnnxType.FLOAT32, "n", "6");
    }

    private OnnxModel model(QuantizeSettings settings) throws IOException {
        OnnxModel model = layers().model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 50L, 8L));
        OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
        double sqnr = ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > 20, () -> "SQNR " + sqnr + " dB");
        return int8;
    }

    private QuantizedGraph quantized(QuantizeSettings settings) throws IOException {
        return new QuantizedGraph(model(settings).proto());
    }

    private String refused(QuantizeSettings settings) {
        return assertThrows(IllegalArgumentException.class, () -> model(settings))
                .getMessage();
    }

    /** Half the codes, twice the step. */
    @ParameterizedTest
    @EnumSource(WeightScales.class)
    void reducedRange(WeightScales weights) throws IOException {
        OnnxModel reduced = model(PLAIN.withWeights(weights).withReducedRange(true));
        int largest = 0;
        for (TensorProto constant : reduced.proto().getGraph().getInitializerList()) {
            if (constant.getName().equals("w_quantized") || constant.getName().equals("v_quantized")) {
                for (byte code : constant.getRawData().toByteArray()) {
                    largest = Math.max(largest, Math.abs(code));
                }
            }
        }
        assertEquals(64, largest);
        List<Float> usual =
                quantized(PLAIN.withWeights(weights)).weights.get("w").scales();
        List<Float> found = new QuantizedGraph(reduced.proto()).weights.get("w").scales();
        for (int i = 0; i < usual.size(); i++) {
            assertEquals(usual.get(i) * 254 / 128, found.get(i), 1e-7);
        }
    }

    @Test
    void rangesAndScalesOfSomeTensors() throws IOException {
        QuantizedGraph graph = quantized(PLAIN.withOverrides(Map.of(
                "x", TensorOverride.of(RealRange.of(-5.1, 5.1)),
                "/a/t", TensorOverride.of(QuantScheme.SYMMETRIC),
                "/b/p", TensorOverride.of(QuantParams.of(QuantType.UINT8, 0.125f, 100)),
                "w", TensorOverride.of(RealRange.of(-2.54, 1)))));
        assertEquals(128, graph.activations.get("x").zeroPoint());
        assertEquals(0.04f, graph.activations.get("x").scale(), 1e-8);
        assertEquals(128, graph.activations.get("/a/t").zeroPoint());
        assertEquals(new QuantizedGraph.Activation(0.125f, 100, "uint8", "/b/p"), graph.activations.get("/b/p"));
        assertEquals(null, graph.weights.get("w").axis());
        assertEquals(0.02f, graph.weights.get("w").scales().get(0), 1e-8);
    }

    @Test
    void overridesOfWhatHasNoParametersAreRefused() {
        assertEquals(
                "tensor with a range or scale of its own must become codes with parameters of its own, was nobody,"
                        + " which does not become codes",
                refused(PLAIN.withOverrides(Map.of("nobody", TensorOverride.of(RealRange.UNIT)))));
        assertEquals(
                "scale of tensor x must be one of uint8 codes, was int8(scale=1.0, zeroPoint=0)",
                refused(PLAIN.withOverrides(Map.of("x", TensorOverride.of(QuantParams.of(QuantType.INT8, 1, 0))))));
        assertEquals(
                "scheme of a weight must be symmetric, was asked for otherwise for w",
                refused(PLAIN.withOverrides(Map.of("w", TensorOverride.of(QuantScheme.ASYMMETRIC)))));
        assertEquals(
                "range of a tensor must be finite, was [0.0, Infinity]",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> TensorOverride.of(RealRange.of(0, Double.POSITIVE_INFINITY)))
                        .getMessage());
    }

    /** By name, output, op, pattern; what is called so comes before what is of that op. */
    @ParameterizedTest
    @CsvSource({"/a/h_node, w", "/a/h, w", "Gemm, w", "/a/*, w", "/?/h, w", "*, 'w v'", "MatMul, v", "/b/p y, v"})
    void nodesInFloat(String words, String weights) throws IOException {
        Set<String> kept = Set.of(words.split(" "));
        if (words.equals("*")) {
            assertThrows(IOException.class, () -> model(PLAIN.withFloatNodes(kept)), "nothing is left");
            return;
        }
        Set<String> left = new java.util.TreeSet<>(Set.of("w", "v"));
        left.removeAll(Set.of(weights.split(" ")));
        assertEquals(left, quantized(PLAIN.withFloatNodes(kept)).weights.keySet());
    }

    @ParameterizedTest
    @CsvSource({"nobody", "gemm", "/c/*", "'['", "\\Q*"})
    void whatIsNotThereIsRefused(String word) {
        assertEquals(
                "nodes to keep in float must be in the model, was " + word,
                refused(PLAIN.withFloatNodes(Set.of(word))));
    }

    private static Map<String, double[]> computed(GivenModel given, Target target) throws IOException {
        OnnxModel model = given.model();
        ModelProto prepared = ModelQuantizer.prepared(model.proto(), model.external(), target);
        Map<String, double[]> values = new HashMap<>();
        try (Session session =
                Session.open(AllOutputs.of(prepared), model.external(), Optimization.NONE, Threads.ONE)) {
            Set<String> names = session.outputTypes().keySet();
            given.calibration().read(batch -> {
                session.run(
                        batch,
                        names,
                        (name, output) -> values.put(name, output.value().doubles()));
                return false;
            });
        }
        return values;
    }

    /** So summaries of one target serve another that asks for no other values. */
    @ParameterizedTest
    @EnumSource(GivenModel.class)
    void valuesOfANameAreThoseOfAnyTarget(GivenModel given) throws IOException {
        Map<String, double[]> cpu = computed(given, Target.CPU);
        for (Target target : List.of(Target.QNN, Target.ONNX_RUNTIME, Target.TENSORRT)) {
            Map<String, double[]> others = computed(given, target);
            others.keySet().retainAll(cpu.keySet());
            assertTrue(others.size() > cpu.size() / 2, others::toString);
            others.forEach((name, found) -> {
                double[] right = cpu.get(name);
                double largest = Arrays.stream(right).map(Math::abs).max().orElse(0);
                assertEquals(right.length, found.length, name);
                for (int i = 0; i < found.length; i++) {
                    assertEquals(right[i], found[i], 1e-4 * largest, name);
                }
            });
        }
    }

    /** Those that lack what a target asks for are refused by its name. */
    @Test
    void summariesOfAnotherTarget() throws IOException {
        GivenModel given = GivenModel.ENCODER;
        Map<String, HistogramSummary> cpu = summaries(given, Target.CPU);
        ModelQuantizer tensorRt = new ModelQuantizer(QuantizeSettings.of(Target.TENSORRT));
        assertEquals(
                tensorRt.quantize(given.model(), summaries(given, Target.TENSORRT))
                        .model()
                        .proto(),
                tensorRt.quantize(given.model(), cpu).model().proto());
        HashMap<String, HistogramSummary> less = new HashMap<>(cpu);
        less.remove("/l/l.0/n1/LayerNormalization_output_0");
        String message = assertThrows(FormatException.class, () -> tensorRt.quantize(given.model(), less))
                .getMessage();
        assertTrue(
                message.contains("summaries must hold the activations of /l/l.0/n1/LayerNormalization_output_0, which"
                        + " this target asks for, was without"),
                message);
    }

    private static Map<String, HistogramSummary> summaries(GivenModel given, Target target) throws IOException {
        OnnxModel model = given.model();
        ModelProto prepared = ModelQuantizer.prepared(model.proto(), model.external(), target);
        Map<String, HistogramObserver> observers = new HashMap<>();
        try (Session session =
                Session.open(AllOutputs.of(prepared), model.external(), Optimization.NONE, Threads.ONE)) {
            session.outputTypes().forEach((name, type) -> {
                if (type == OnnxType.FLOAT32) {
                    observers.put(name, new HistogramObserver());
                }
            });
            Set<String> names = Set.copyOf(observers.keySet());
            given.calibration()
                    .forEachBatch(batch -> session.run(
                            batch, names, (name, output) -> observers.get(name).observe(output.floats())));
        }
        Map<String, HistogramSummary> summaries = new HashMap<>();
        observers.forEach((name, observer) -> summaries.put(name, observer.summary()));
        return summaries;
    }
}
