// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.GeluFusion;
import dev.octant.onnx.internal.graph.LayerNormFusion;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Functions of several nodes become the one op that stands for them, and compute the same. */
class FusionTest {
    private static final float ROOT = (float) Math.sqrt(2);

    @TempDir
    private Path folder;

    private static TestGraph graph() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "6")
                .constant("root", TestGraph.scalar(), ROOT)
                .constant("inverse", TestGraph.scalar(), 1 / ROOT)
                .constant("one", TestGraph.scalar(), 1)
                .constant("half", List.of(1L), 0.5f)
                .constant("two", TestGraph.scalar(), 2)
                .constant("epsilon", TestGraph.scalar(), 1e-5f)
                .constant("gain", List.of(6L), 1, -2, 0.5f, 3, 1, 0.25f)
                .constant("bias", List.of(6L), 0, 1, 2, -3, 4, 0.5f);
    }

    private OnnxModel after(OnnxModel model, ModelProto changed) throws IOException {
        OnnxModel after = OnnxModel.of(changed.toByteArray());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 5L, 6L));
        for (ModelComparison.Output output :
                ModelComparison.of(model, after, data).outputs()) {
            assertTrue(output.sqnrDb() > 110, output::toString);
        }
        return after;
    }

    private OnnxModel afterGelu(TestGraph graph) throws IOException {
        OnnxModel model = graph.output("y", OnnxType.FLOAT32, "n", "6").model();
        return after(model, GeluFusion.apply(model.proto(), ExternalData.NONE));
    }

    private OnnxModel afterNorm(TestGraph graph) throws IOException {
        OnnxModel model = graph.output("y", OnnxType.FLOAT32, "n", "6").model();
        return after(model, LayerNormFusion.apply(model.proto(), ExternalData.NONE));
    }

    private static TestGraph erf(String scale, String constant) {
        return graph().node(scale, "s", "x", constant).node("Erf", "e", "s").node("Add", "a", "e", "one");
    }

    static Stream<Arguments> gelus() {
        return Stream.of(
                Arguments.of(erf("Div", "root").node("Mul", "p", "x", "a").node("Mul", "y", "p", "half")),
                Arguments.of(erf("Mul", "inverse").node("Mul", "p", "a", "x").node("Mul", "y", "half", "p")),
                Arguments.of(erf("Div", "root").node("Mul", "h", "x", "half").node("Mul", "y", "h", "a")),
                Arguments.of(erf("Div", "root").node("Mul", "h", "half", "a").node("Mul", "y", "x", "h")),
                Arguments.of(graph().node("Mul", "s", "inverse", "x")
                        .node("Erf", "e", "s")
                        .node("Add", "a", "one", "e")
                        .node("Mul", "p", "a", "half")
                        .node("Mul", "y", "p", "x")));
    }

    @ParameterizedTest
    @MethodSource("gelus")
    void geluInEveryOrder(TestGraph graph) throws IOException {
        assertEquals(Map.of("com.microsoft::Gelu", 1), afterGelu(graph).info().ops());
        assertEquals(Map.of("Gelu", 1), afterGelu(graph.opset(20)).info().ops());
    }

    /** Another function, or parts that are read elsewhere, stay as they are. */
    @Test
    void whatIsNoGeluStays() throws IOException {
        TestGraph quarter = erf("Div", "two").node("Mul", "p", "x", "a").node("Mul", "y", "p", "half");
        assertEquals(2, afterGelu(quarter).info().ops().get("Mul"));
        TestGraph square = erf("Div", "root").node("Mul", "p", "a", "a").node("Mul", "y", "p", "half");
        assertEquals(2, afterGelu(square).info().ops().get("Mul"));
        TestGraph doubled = erf("Div", "root").node("Mul", "p", "x", "a").node("Mul", "y", "p", "two");
        assertEquals(2, afterGelu(doubled).info().ops().get("Mul"));
        TestGraph whole = erf("Div", "root").node("Mul", "p", "x", "a").node("Add", "y", "p", "half");
        assertEquals(1, afterGelu(whole).info().ops().get("Mul"));
        TestGraph read = erf("Div", "root")
                .node("Mul", "p", "x", "a")
                .node("Mul", "g", "p", "half")
                .node("Add", "y", "g", "e");
        assertEquals(2, afterGelu(read).info().ops().get("Mul"));
        TestGraph output = erf("Div", "root")
                .node("Mul", "p", "x", "a")
                .node("Mul", "y", "p", "half")
                .output("e", OnnxType.FLOAT32, "n", "6");
        assertEquals(2, afterGelu(output).info().ops().get("Mul"));
    }

    /** A constant of more dimensions than what it is combined with adds some. */
    @Test
    void constantsThatAddDimensionsAreNotFused() throws IOException {
        for (String constant : List.of("root", "one", "half")) {
            TestGraph gelu = new TestGraph()
                    .input("x", OnnxType.FLOAT32, "n", "6")
                    .constant("root", constant.equals("root") ? List.of(1L, 1L, 1L) : List.of(1L), ROOT)
                    .constant("one", constant.equals("one") ? List.of(1L, 1L, 1L) : List.of(), 1)
                    .constant("half", constant.equals("half") ? List.of(1L, 1L, 1L) : List.of(1L), 0.5f)
                    .node("Div", "s", "x", "root")
                    .node("Erf", "e", "s")
                    .node("Add", "a", "e", "one")
                    .node("Mul", "p", "x", "a")
                    .node("Mul", "y", "p", "half")
                    .output("y", OnnxType.FLOAT32, "k", "n", "6");
            OnnxModel model = gelu.model();
            assertEquals(
                    2,
                    after(model, GeluFusion.apply(model.proto(), ExternalData.NONE))
                            .info()
                            .ops()
                            .get("Mul"));
        }
    }

    private static TestGraph mean(TestGraph graph, boolean isInput, String output, String of) {
        return isInput
                ? graph.node("ReduceMean", output, of, "axes")
                : graph.node("ReduceMean", output, of).with("axes", List.of(-1L));
    }

    private static TestGraph norm(boolean isInput, boolean isPower, boolean isTwice) {
        TestGraph graph = graph().opset(isInput ? 18 : 17);
        if (isInput) {
            graph.longs("axes", -1);
        }
        mean(graph, isInput, "m", "x").node("Sub", "d", "x", "m");
        String squared = isTwice ? "d2" : "d";
        if (isTwice) {
            graph.node("Sub", "d2", "x", "m");
        }
        graph.node(isPower ? "Pow" : "Mul", "q", squared, isPower ? "two" : squared);
        return mean(graph, isInput, "v", "q")
                .node("Add", "w", "v", "epsilon")
                .node("Sqrt", "r", "w")
                .node("Div", "n", "d", "r");
    }

    @ParameterizedTest
    @CsvSource({"false, true, false", "true, true, false", "false, false, true", "true, false, true"})
    void layerNormalization(boolean isInput, boolean isPower, boolean isTwice) throws IOException {
        TestGraph first =
                norm(isInput, isPower, isTwice).node("Mul", "g", "n", "gain").node("Add", "y", "g", "bias");
        assertEquals(Map.of("LayerNormalization", 1), afterNorm(first).info().ops());
        TestGraph turned =
                norm(isInput, isPower, isTwice).node("Mul", "g", "gain", "n").node("Add", "y", "bias", "g");
        assertEquals(Map.of("LayerNormalization", 1), afterNorm(turned).info().ops());
    }

    @Test
    void whatIsNoLayerNormalizationStays() throws IOException {
        TestGraph read = norm(false, true, false)
                .node("Mul", "g", "n", "gain")
                .node("Add", "z", "g", "bias")
                .node("Add", "y", "z", "r");
        assertEquals(1, afterNorm(read).info().ops().get("Sqrt"));
        TestGraph first = graph().node("ReduceMean", "m", "x")
                .with("axes", List.of(0L))
                .node("Sub", "d", "x", "m")
                .node("Mul", "q", "d", "d")
                .node("ReduceMean", "v", "q")
                .with("axes", List.of(0L))
                .node("Add", "w", "v", "epsilon")
                .node("Sqrt", "r", "w")
                .node("Div", "n", "d", "r")
                .node("Mul", "g", "n", "gain")
                .node("Add", "y", "g", "bias");
        assertEquals(1, afterNorm(first).info().ops().get("Sqrt"));
        TestGraph old =
                norm(false, true, false).opset(13).node("Mul", "g", "n", "gain").node("Add", "y", "g", "bias");
        assertEquals(1, afterNorm(old).info().ops().get("Sqrt"));
    }

    private static TestGraph normOf(TestGraph graph, String x) {
        return graph.node("ReduceMean", "m", x)
                .with("axes", List.of(-1L))
                .node("Sub", "d", x, "m")
                .node("Mul", "q", "d", "d")
                .node("ReduceMean", "v", "q")
                .with("axes", List.of(-1L))
                .node("Add", "w", "v", "epsilon")
                .node("Sqrt", "r", "w")
                .node("Div", "n", "d", "r")
                .node("Mul", "g", "n", "gain")
                .node("Add", "y", "g", "bias");
    }

    /** A gain longer than the axis makes it longer, which the one op does not. */
    @Test
    void theGainMustBeAsLongAsTheAxisIsKnownToBe() throws IOException {
        TestGraph one = graph().node("ReduceMax", "x1", "x").with("axes", List.of(-1L));
        assertEquals(1, afterNorm(normOf(one, "x1")).info().ops().get("Sqrt"));
        TestGraph declared = normOf(graph().node("Neg", "x1", "x"), "x1");
        assertEquals(1, afterNorm(declared).info().ops().get("Sqrt"));
        declared.graph.addValueInfo(declared.graph.getInput(0).toBuilder().setName("x1"));
        assertEquals(
                Map.of("LayerNormalization", 1, "Neg", 1),
                afterNorm(declared).info().ops());
        TestGraph product = graph().random("k", 1, 6L, 6L).node("MatMul", "p", "x", "k");
        assertEquals(
                Map.of("LayerNormalization", 1, "MatMul", 1),
                afterNorm(normOf(product, "p")).info().ops());
        TestGraph residual = graph().node("Neg", "a", "x").node("Add", "b", "a", "bias");
        assertEquals(
                Map.of("LayerNormalization", 1, "Neg", 1, "Add", 1),
                afterNorm(normOf(residual, "b")).info().ops());
    }

    /** What QNN gets is one op with codes around it. */
    @Test
    void aModelForQnnHasThem() throws IOException {
        OnnxModel model = norm(false, true, false)
                .node("Mul", "g", "n", "gain")
                .node("Add", "z", "g", "bias")
                .node("Div", "s", "z", "root")
                .node("Erf", "e", "s")
                .node("Add", "a", "e", "one")
                .node("Mul", "p", "z", "a")
                .node("Mul", "h", "p", "half")
                .random("k", 1, 6L, 6L)
                .node("MatMul", "y", "h", "k")
                .output("y", OnnxType.FLOAT32, "n", "6")
                .model();
        ModelData data = TestData.of(model, folder.resolve("q.npz"), TestData.random("x", 4, 64L, 6L));
        OnnxModel quantized = new ModelQuantizer(QuantizeSettings.QNN).quantize(model, data);
        Map<String, QuantizedGraph.Op> nodes = new QuantizedGraph(quantized.proto()).nodes;
        assertEquals(
                List.of("Gelu", "LayerNormalization", "MatMul"),
                nodes.values().stream().map(QuantizedGraph.Op::op).sorted().toList());
        assertTrue(
                nodes.values().stream()
                        .flatMap(node -> node.inputs().stream())
                        .noneMatch(input -> input.startsWith("float:")),
                nodes::toString);
        assertTrue(ModelComparison.of(model, quantized, data).outputs().get(0).sqnrDb() > 25);
    }
}
