// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.NodeProto;
import dev.octant.formats.FormatException;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.internal.graph.Captures;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What ONNX Runtime's tool gets wrong; the numbers in comments are its results with onnxruntime 1.30.0. */
class ToolDefectsTest {
    @TempDir
    private Path folder;

    private static TestGraph gemm() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 8L)
                .random("b", 2, 8L)
                .output("y", OnnxType.FLOAT32, "n", "8")
                .node("Gemm", "y", "x", "w", "b");
    }

    private OnnxModel quantized(OnnxModel model, WeightScales weights) throws IOException {
        ModelData data = TestData.of(model, folder.resolve("calib.npz"), TestData.random("x", 3, 200L, 16L));
        return new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME.withWeights(weights)).quantize(model, data);
    }

    private double sqnr(OnnxModel model, OnnxModel quantized) throws IOException {
        ModelData data = TestData.of(model, folder.resolve("test.npz"), TestData.random("x", 3, 200L, 16L));
        return ModelComparison.of(model, quantized, data).outputs().get(0).sqnrDb();
    }

    private void assertClose(OnnxModel model, OnnxModel quantized) throws IOException {
        double sqnr = sqnr(model, quantized);
        assertTrue(sqnr > 24, () -> "SQNR " + sqnr + " dB");
    }

    /** The tool: 2.1 dB where beta is 0.5. */
    @ParameterizedTest
    @ValueSource(floats = {0.5f, 3, -1})
    void betaOfGemmIsKept(float beta) throws IOException {
        OnnxModel model = gemm().with("beta", beta).model();
        assertClose(model, quantized(model, WeightScales.PER_TENSOR));
        assertClose(model, quantized(model, WeightScales.PER_CHANNEL));
    }

    /** The tool: Gemm stays float in the int8 model. */
    @Test
    void alphaOfGemmIsInItsWeight() throws IOException {
        OnnxModel model = gemm().with("alpha", 0.25f).with("beta", 2f).model();
        OnnxModel quantized = quantized(model, WeightScales.PER_TENSOR);
        NodeProto gemm = quantized.proto().getGraph().getNodeList().stream()
                .filter(node -> node.getOpType().equals("Gemm"))
                .findFirst()
                .orElseThrow();
        assertEquals(0, gemm.getAttributeCount());
        assertClose(model, quantized);
    }

    /** A weight of two Gemms, one of them with a factor. */
    @Test
    void aFactorIsNotTakenIntoAWeightThatIsSharedWithoutIt() throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 16L)
                .node("Gemm", "h", "x", "w")
                .with("alpha", 0.5f)
                .node("Gemm", "y", "h", "w")
                .output("y", OnnxType.FLOAT32, "n", "16")
                .model();
        assertClose(model, quantized(model, WeightScales.PER_TENSOR));
    }

    /** The tool: ValueError for scales per channel. */
    @ParameterizedTest
    @EnumSource(WeightScales.class)
    void aBiasOfOneRowIsABias(WeightScales weights) throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 8L)
                .random("b", 2, 1L, 8L)
                .output("y", OnnxType.FLOAT32, "n", "8")
                .node("Gemm", "y", "x", "w", "b");
        OnnxModel model = graph.model();
        OnnxModel quantized = quantized(model, weights);
        assertTrue(new QuantizedGraph(quantized.proto()).biases.containsKey("b"));
        assertClose(model, quantized);
    }

    /** One number for all channels cannot have a scale for each. */
    @Test
    void aBiasOfOneNumberStaysFloatPerChannel() throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 8L)
                .random("b", 2, 1L)
                .output("y", OnnxType.FLOAT32, "n", "8")
                .node("Gemm", "y", "x", "w", "b");
        OnnxModel model = graph.model();
        OnnxModel quantized = quantized(model, WeightScales.PER_CHANNEL);
        assertTrue(new QuantizedGraph(quantized.proto()).biases.isEmpty());
        assertClose(model, quantized);
    }

    /** The tool writes a file that neither the checker nor ONNX Runtime takes. */
    @Test
    void scalesPerChannelNeedOpset13() throws IOException {
        OnnxModel model = gemm().opset(12).model();
        FormatException e = assertThrows(FormatException.class, () -> quantized(model, WeightScales.PER_CHANNEL));
        assertEquals(
                "model: opset of the model must be 13 or later for weights per-channel (10 for per-tensor), was 12",
                e.getMessage());
        assertClose(model, quantized(model, WeightScales.PER_TENSOR));
        OnnxModel older = gemm().opset(9).model();
        for (WeightScales scales : WeightScales.values()) {
            e = assertThrows(FormatException.class, () -> quantized(older, scales));
            assertEquals("model: opset of the model must be 10 or later, was 9", e.getMessage());
        }
    }

    /** The tool sorts nodes as if bodies read nothing, and the checker refuses the file. */
    @Test
    void bodiesOfIfAreReaders() throws IOException {
        TestGraph then = new TestGraph().node("Identity", "t", "h").output("t", OnnxType.FLOAT32, "n", "16");
        TestGraph otherwise = new TestGraph()
                .node("MatMul", "m", "h", "w")
                .node("Relu", "e", "m")
                .output("e", OnnxType.FLOAT32, "n", "16");
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 16L)
                .constant("zero", TestGraph.scalar(), 0)
                .node("MatMul", "h0", "x", "w")
                // Its only other reader is a body: it must not vanish into h0.
                .node("Relu", "h", "h0")
                .node("Mul", "square", "x", "x")
                .node("ReduceSum", "s", "square")
                .with("keepdims", 0)
                .node("Greater", "c", "s", "zero")
                .node("If", "i", "c")
                .with("then_branch", otherwise)
                .with("else_branch", then)
                .node("MatMul", "y", "i", "w")
                .output("y", OnnxType.FLOAT32, "n", "16")
                .output("h", OnnxType.FLOAT32, "n", "16")
                .model();
        OnnxModel quantized = quantized(model, WeightScales.PER_CHANNEL);
        assertSorted(quantized);
        assertClose(model, quantized);
    }

    /** A value that only bodies and one Relu read has two readers. */
    @Test
    void aValueThatABodyReadsIsNotRenamed() throws IOException {
        TestGraph then = new TestGraph().node("Identity", "t", "h").output("t", OnnxType.FLOAT32, "n", "16");
        TestGraph otherwise = new TestGraph().node("Neg", "e", "h").output("e", OnnxType.FLOAT32, "n", "16");
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 16L)
                .constant("zero", TestGraph.scalar(), 0)
                .node("MatMul", "h", "x", "w")
                .node("Relu", "r", "h")
                .node("ReduceSum", "s", "x")
                .with("keepdims", 0)
                .node("Greater", "c", "s", "zero")
                .node("If", "i", "c")
                .with("then_branch", then)
                .with("else_branch", otherwise)
                .node("Add", "y", "i", "r")
                .output("y", OnnxType.FLOAT32, "n", "16")
                .model();
        OnnxModel quantized = quantized(model, WeightScales.PER_TENSOR);
        assertSorted(quantized);
        assertClose(model, quantized);
    }

    /** As the checker of ONNX asks for: every value is there before it is read. */
    private static void assertSorted(OnnxModel model) {
        Set<String> there = new HashSet<>(List.of(""));
        model.proto().getGraph().getInputList().forEach(input -> there.add(input.getName()));
        model.proto().getGraph().getInitializerList().forEach(constant -> there.add(constant.getName()));
        for (NodeProto node : model.proto().getGraph().getNodeList()) {
            Captures.reads(node).forEach(value -> assertTrue(there.contains(value), value));
            node.getOutputList().forEach(value -> assertTrue(there.add(value), value));
        }
    }

    @Test
    void opsOfOtherDomainsStayFloat() throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 8L)
                .node("MatMul", "h", "x", "w")
                .node("Gelu", "y", "h")
                .output("y", OnnxType.FLOAT32, "n", "8");
        graph.graph.getNodeBuilder(1).setDomain("com.microsoft");
        OnnxModel quantized = quantized(graph.model(), WeightScales.PER_TENSOR);
        assertFalse(new QuantizedGraph(quantized.proto()).activations.containsKey("y"));
    }

    /** ONNX Runtime does not load scales for channels of a weight of three dimensions. */
    @ParameterizedTest
    @ValueSource(longs = {1, 3})
    void matricesBehindOneAnotherHaveOneScale(long matrices) throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, matrices, 16L, 8L)
                .node("MatMul", "y", "x", "w")
                .output("y", OnnxType.FLOAT32, "k", "n", "8")
                .model();
        assertClose(model, quantized(model, WeightScales.PER_CHANNEL));
    }

    /** A weight that ops read along different axes, in any order, and rows of which are looked up. */
    @ParameterizedTest
    @ValueSource(strings = {"n t p", "t n p", "p t t", "t t p n", "p g", "g p", "t g", "g t p", "p g t n"})
    void aWeightReadAlongEitherAxisHasOneScale(String readers) throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 16L)
                .longs("rows", 3, 0, 7);
        String before = "x";
        int at = 0;
        for (String reader : List.of(readers.split(" "))) {
            String value = "v" + at++;
            switch (reader) {
                case "n" -> graph.node("Gemm", value, before, "w");
                case "t" -> graph.node("Gemm", value, before, "w").with("transB", 1);
                case "p" -> graph.node("MatMul", value, before, "w");
                default ->
                    graph.node("Gather", "g", "w", "rows")
                            .node("ReduceMean", "m", "g")
                            .with("axes", List.of(0L))
                            .node("Add", value, before, "m");
            }
            before = value;
        }
        graph.node("Identity", "y", before).output("y", OnnxType.FLOAT32, "n", "16");
        OnnxModel model = graph.model();
        OnnxModel quantized = quantized(model, WeightScales.PER_CHANNEL);
        double sqnr = sqnr(model, quantized);
        assertTrue(sqnr > 18, () -> "SQNR " + sqnr + " dB");
    }
}
