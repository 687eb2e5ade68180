// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What each target takes, rule by rule. */
class TargetsTest {
    @TempDir
    private Path folder;

    /** Two Convs, a residual Add, a pool, a Gemm and a MatMul of activations. */
    private static TestGraph residual() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L)
                .random("b", 3, 4L)
                .node("Conv", "c", "x", "w", "b")
                .node("Relu", "r", "c")
                .node("Conv", "d", "r", "v", "b")
                .node("Add", "s", "r", "d")
                .node("Relu", "t", "s")
                .node("MatMul", "p", "t", "t")
                .node("GlobalAveragePool", "g", "p")
                .node("Flatten", "f", "g")
                .random("u", 4, 4L, 3L)
                .random("a", 5, 3L)
                .node("Gemm", "z", "f", "u", "a")
                .random("k", 6, 3L, 3L)
                .node("MatMul", "y", "z", "k")
                .output("y", OnnxType.FLOAT32, "n", "3");
    }

    private OnnxModel quantized(TestGraph graph, QuantizeSettings settings) throws IOException {
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 4L, 8L, 8L));
        OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
        double sqnr = ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > 15, () -> "SQNR " + sqnr + " dB");
        return int8;
    }

    private static List<NodeProto> nodes(OnnxModel model, String op) {
        return model.proto().getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals(op))
                .toList();
    }

    /** The places of x64, with codes that arm64 has kernels for. */
    @Test
    void arm64() throws IOException {
        QuantizedGraph arm =
                new QuantizedGraph(quantized(residual(), QuantizeSettings.ARM64).proto());
        QuantizedGraph x64 =
                new QuantizedGraph(quantized(residual(), QuantizeSettings.CPU).proto());
        assertEquals(x64.nodes, arm.nodes);
        arm.activations.forEach((name, codes) -> assertEquals("int8", codes.type(), name));
        assertEquals(-128, arm.activations.get("r").zeroPoint(), "all codes are used by what is positive");
        arm.weights.forEach((name, codes) -> assertEquals(Set.of(0), new HashSet<>(codes.zeroPoints()), name));
    }

    @Test
    void tensorrt() throws IOException {
        OnnxModel model = quantized(residual(), QuantizeSettings.TENSORRT);
        QuantizedGraph graph = new QuantizedGraph(model.proto());
        graph.activations.forEach((name, codes) -> {
            assertEquals("int8", codes.type(), name);
            assertEquals(0, codes.zeroPoint(), name);
        });
        assertEquals(Map.of(), graph.biases, "int32 is refused");
        graph.weights.forEach((name, codes) -> {
            assertEquals("int8", codes.type(), name);
            assertEquals(Set.of(0), new HashSet<>(codes.zeroPoints()), name);
        });
        assertEquals(0, graph.weights.get("w").axis());
        assertEquals(1, graph.weights.get("u").axis());
        assertEquals(1, graph.weights.get("k").axis());
        // Pairs at what is multiplied and at the residual, one for each reader; none at what is written.
        Set<String> quantized = nodes(model, "QuantizeLinear").stream()
                .map(node -> node.getInput(0))
                .collect(Collectors.toSet());
        assertEquals(Set.of("x", "r", "t", "f", "z"), quantized);
        for (NodeProto node : nodes(model, "DequantizeLinear")) {
            long readers = model.proto().getGraph().getNodeList().stream()
                    .flatMap(reader -> reader.getInputList().stream())
                    .filter(node.getOutput(0)::equals)
                    .count();
            assertEquals(1, readers, node.getName());
        }
        assertEquals(List.of("q:r_1", "float:d"), graph.nodes.get("s").inputs());
        assertEquals("Relu", graph.nodes.get("r").op(), "it is fused, not removed");
    }

    /** Of two Convs that are added the later one is fused with the sum. */
    @Test
    void tensorrtQuantizesTheResidualThatIsReadyFirst() throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L)
                .node("Conv", "c", "x", "w")
                .node("Conv", "d", "x", "v")
                .node("Add", "s", "d", "c")
                .node("Add", "y", "s", "x")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        QuantizedGraph found =
                new QuantizedGraph(quantized(graph, QuantizeSettings.TENSORRT.withAccuracy(Accuracy.PLAIN))
                        .proto());
        assertEquals(List.of("float:d", "q:c"), found.nodes.get("s").inputs());
        assertEquals(List.of("float:s", "float:x"), found.nodes.get("y").inputs());
    }

    @ParameterizedTest
    @CsvSource({"UINT8, SYMMETRIC", "INT8, ASYMMETRIC"})
    void tensorrtTakesOneTypeOnly(QuantType type, QuantScheme scheme) {
        assertEquals(
                "activations for tensorrt must be int8 SYMMETRIC, were " + type + " " + scheme,
                assertThrows(
                                IllegalArgumentException.class,
                                () -> QuantizeSettings.TENSORRT.withActivations(type, scheme))
                        .getMessage());
    }

    @Test
    void tablesAreForCpus() {
        assertEquals(
                "exact activations must be for cpu or arm64, was qnn",
                assertThrows(IllegalArgumentException.class, () -> QuantizeSettings.QNN.withExactActivations(true))
                        .getMessage());
    }

    @Test
    void qnn() throws IOException {
        TestGraph graph = residual();
        graph.node("Neg", "neg", "z").node("Cast", "cast", "neg").with("to", 6);
        graph.output("cast", OnnxType.INT32, "n", "3");
        graph.graph.getNodeBuilder(2).clearName();
        OnnxModel model = quantized(graph, QuantizeSettings.QNN);
        QuantizedGraph found = new QuantizedGraph(model.proto());
        model.proto()
                .getGraph()
                .getNodeList()
                .forEach(node -> assertFalse(node.getName().isEmpty(), node::toString));
        found.activations.forEach((name, codes) -> {
            assertEquals("uint8", codes.type(), name);
            assertTrue(codes.scale() >= 1e-4f / 255, name);
        });
        assertEquals(0, found.weights.get("w").axis());
        assertEquals(null, found.weights.get("k").axis(), "MatMul has one scale");
        assertEquals(null, found.weights.get("u").axis());
        // An op that the tool does not know by itself, and an output of the model.
        assertEquals(List.of("q:z"), found.nodes.get("neg").inputs());
        assertTrue(found.activations.containsKey("neg"));
        assertTrue(found.activations.containsKey("y"));
    }

    /** A range of next to nothing is widened. */
    @Test
    void qnnHasALeastRange() throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .constant("tiny", TestGraph.scalar(), 1e-9f)
                .node("Mul", "m", "x", "tiny")
                .node("Add", "y", "m", "x")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        QuantizedGraph found =
                new QuantizedGraph(quantized(graph, QuantizeSettings.QNN).proto());
        assertEquals(1e-4f / 255, found.activations.get("m").scale(), 1e-10f);
    }

    @Test
    void usualSettingsOfEachTarget() {
        for (Target target : Target.values()) {
            assertEquals(target, QuantizeSettings.of(target).target());
            assertEquals(target, Target.parse(" " + target.label().toUpperCase(java.util.Locale.ROOT)));
        }
    }

    /** Ops that ONNX Runtime computes on codes, but not with these attributes. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void whatFailsOnCodesStaysFloat(Target target) throws IOException {
        QuantizeSettings settings = QuantizeSettings.of(target);
        for (String before : List.of("AveragePool", "AveragePool Relu", "AveragePool Reshape")) {
            List<String> ops = List.of(before.split(" "));
            TestGraph graph = new TestGraph()
                    .opset(19)
                    .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                    .random("w", 1, 4L, 4L, 1L, 1L)
                    .random("v", 2, 4L, 4L, 1L, 1L)
                    .constant("scales", List.of(2L), 2, 2)
                    .node("Conv", "c", "x", "w");
            if (ops.get(0).equals("AveragePool")) {
                graph.node("AveragePool", "p", "c")
                        .with("kernel_shape", List.of(2L, 2L))
                        .with("dilations", List.of(2L, 1L));
            } else {
                graph.node("Resize", "p", "c", "", "scales").with("axes", List.of(2L, 3L));
            }
            graph.node("Conv", "d", "p", "v").node("Neg", "y", "d").output("y", OnnxType.FLOAT32, "n", "4", "h", "k");
            quantized(graph, settings);
            String state = new ModelQuantizer(settings)
                    .plan(graph.model()).stream()
                            .filter(plan -> plan.name().equals("p_node"))
                            .map(plan -> plan.fate().name())
                            .findFirst()
                            .orElseThrow();
            assertEquals("FLOAT", state);
        }
    }

    /** Scales and sizes for some axes are those for all of them. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void resizeHasNoAxes(Target target) throws IOException {
        for (boolean hasSizes : new boolean[] {true, false}) {
            for (long first : new long[] {2, -2}) {
                TestGraph graph = new TestGraph()
                        .opset(18)
                        .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                        .random("w", 1, 4L, 4L, 1L, 1L)
                        .random("v", 2, 4L, 4L, 1L, 1L)
                        .constant("scales", List.of(2L), 2, 3)
                        .longs("sizes", 16, 24)
                        .node("Conv", "c", "x", "w");
                graph.node(
                                "Resize",
                                "p",
                                hasSizes ? new String[] {"c", "", "", "sizes"} : new String[] {"c", "", "scales"})
                        .with("axes", List.of(first, first + 1));
                graph.node("Conv", "d", "p", "v")
                        .node("Neg", "y", "d")
                        .output("y", OnnxType.FLOAT32, "n", "4", "16", "24");
                quantized(graph, QuantizeSettings.of(target));
            }
        }
    }

    /** Right with a region of interest, and where a shape is kept so that the axes stay. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void resizeWithARegionOrAnAspect(Target target) throws IOException {
        for (String kind : List.of("crop", "unused", "aspect")) {
            TestGraph graph = new TestGraph()
                    .opset(18)
                    .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                    .random("w", 1, 4L, 4L, 1L, 1L)
                    .random("v", 2, 4L, 4L, 1L, 1L)
                    .constant("scales", List.of(2L), 2, 3)
                    .constant("roi", List.of(4L), 0.1f, 0.2f, 0.8f, 0.9f)
                    .longs("sizes", 16, 20)
                    .node("Conv", "c", "x", "w");
            if (kind.equals("aspect")) {
                graph.node("Resize", "p", "c", "", "", "sizes").with("keep_aspect_ratio_policy", "not_larger");
            } else {
                graph.node("Resize", "p", "c", "roi", "scales");
            }
            if (kind.equals("crop")) {
                graph.with("coordinate_transformation_mode", "tf_crop_and_resize");
            }
            graph.with("axes", List.of(2L, 3L)).with("mode", "nearest");
            graph.node("Conv", "d", "p", "v").node("Neg", "y", "d").output("y", OnnxType.FLOAT32, "n", "4", "h", "k");
            quantized(graph, QuantizeSettings.of(target));
        }
    }

    /** Scales that a model computes as floats are no activations. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void computedScalesOfResizeStayFloat(Target target) throws IOException {
        TestGraph graph = new TestGraph()
                .opset(18)
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L)
                .constant("half", List.of(4L), 1, 1, 0.3125f, 0.3125f)
                .node("Conv", "c", "x", "w")
                .node("Shape", "s", "c")
                .node("ConstantOfShape", "o", "four")
                .longs("four", 4)
                .node("Cast", "f", "s")
                .with("to", 1L)
                .node("Div", "r", "f", "f")
                .node("Add", "a", "r", "half")
                .node("Mul", "b", "a", "ones")
                .constant("ones", List.of(4L), 0.5f, 0.5f, 1, 1)
                .node("Resize", "p", "c", "", "b")
                .node("Conv", "d", "p", "v")
                .node("Neg", "y", "d")
                .output("y", OnnxType.FLOAT32, "n", "4", "h", "k");
        quantized(graph, QuantizeSettings.of(target));
    }
}
