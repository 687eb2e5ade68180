// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession.SessionOptions;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CpuPlacementTest {
    /** With the biases of the model. */
    private static final QuantizeSettings PLAIN = QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN);

    @TempDir
    private Path folder;

    /** Ops of the int8 model once ONNX Runtime has fused them. */
    private Map<String, Integer> fused(OnnxModel model) throws IOException, OrtException {
        Path file = folder.resolve("fused.onnx");
        try (SessionOptions options = new SessionOptions()) {
            options.setOptimizationLevel(SessionOptions.OptLevel.EXTENDED_OPT);
            options.setOptimizedModelFilePath(file.toString());
            OrtEnvironment.getEnvironment()
                    .createSession(model.proto().toByteArray(), options)
                    .close();
        }
        return OnnxModel.read(file).info().ops();
    }

    /**
     * Beside the better of the two files that ONNX Runtime's tool makes, per tensor and per channel; and no Conv or
     * Gemm is left that is not fused.
     */
    @ParameterizedTest
    @CsvSource({
        "DIGITS_CNN, logits, 0.5, 'com.microsoft::QGemm=2, QLinearConv=5'",
        "MOBILE, y, 0.5, 'QLinearConv=23'",
        "ENCODER, logits, 3.0, ''",
        "FP16_EXTERNAL, y, 3.0, 'com.microsoft::QGemm=2, QLinearConv=2'",
        "OPS_A, prob, 7.0, 'QLinearConv=3'"
    })
    void betterThanTheToolAndFused(GivenModel given, String output, double decibels, String ops)
            throws IOException, OrtException {
        OnnxModel model = new ModelQuantizer(QuantizeSettings.CPU).quantize(given.model(), given.calibration());
        double tool = Math.max(tool(given, output, "tensor"), tool(given, output, "channel"));
        double found = ModelComparison.of(given.model(), model, given.test()).outputs().stream()
                .filter(one -> one.name().equals(output))
                .findFirst()
                .orElseThrow()
                .sqnrDb();
        assertTrue(found >= tool + decibels, () -> found + " dB beside " + tool);
        Map<String, Integer> fused = fused(model);
        assertFalse(fused.containsKey("Conv") || fused.containsKey("Gemm"), fused::toString);
        for (String op : ops.isEmpty() ? List.<String>of() : List.of(ops.split(", "))) {
            assertTrue(fused.toString().contains(op), () -> op + " in " + fused);
        }
    }

    private static double tool(GivenModel given, String output, String granularity) {
        return given.expected("u8s8/minmax/" + granularity)
                .get("sqnr_db")
                .get(output)
                .doubleValue();
    }

    private QuantizedGraph quantized(TestGraph graph, String... keepFloat) throws IOException {
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 4L, 8L, 8L));
        OnnxModel int8 = new ModelQuantizer(PLAIN.withFloatNodes(Set.of(keepFloat))).quantize(model, data);
        double sqnr = ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > 20, () -> "SQNR " + sqnr + " dB");
        return new QuantizedGraph(int8.proto());
    }

    private static TestGraph images() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L)
                .random("b", 3, 4L);
    }

    private static List<String> inputs(QuantizedGraph graph, String node) {
        return graph.nodes.get(node).inputs();
    }

    /**
     * A block of squeeze and excitation: with channels last as the int8 Convs around it have them, its mean and product
     * compute on codes though what they read is written as floats; what else reads that stays exact.
     */
    @Test
    void gatesByTheMeanComputeOnCodes() throws IOException, OrtException {
        TestGraph block = images().node("Conv", "c", "x", "w", "b")
                .node("HardSwish", "h", "c")
                .node("GlobalAveragePool", "g", "h")
                .node("Conv", "s", "g", "v", "b")
                .node("HardSigmoid", "e", "s")
                .node("Mul", "m", "e", "h")
                .node("Conv", "d", "m", "w", "b")
                .node("Tanh", "t", "h")
                .node("Add", "y", "d", "t")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        QuantizedGraph graph = quantized(block);
        assertEquals(List.of("q:h"), inputs(graph, "g"));
        assertEquals(List.of("q:e", "q:h"), inputs(graph, "m"));
        assertEquals(List.of("q:g"), inputs(graph, "s").subList(0, 1));
        assertEquals(List.of("q:m"), inputs(graph, "d").subList(0, 1));
        assertEquals(List.of("float:h"), inputs(graph, "t"));
        assertEquals(List.of("q:c"), inputs(graph, "h"));
        // Alone, a product of floats stays one, and a mean that nothing is multiplied with.
        QuantizedGraph kept = quantized(block, "g_node");
        assertEquals(List.of("float:h"), inputs(kept, "g"));
        assertEquals(List.of("float:e", "float:h"), inputs(kept, "m"));
        QuantizedGraph product = quantized(block, "m_node");
        assertEquals(List.of("float:h"), inputs(product, "g"));
    }

    /**
     * The first Conv writes codes, so all read codes; its Relu vanishes; the last writes the output and stays float.
     */
    @Test
    void codesBetweenConvolutions() throws IOException {
        QuantizedGraph graph = quantized(images().node("Conv", "c", "x", "w", "b")
                .node("Relu", "r", "c")
                .node("Conv", "d", "r", "v", "b")
                .node("Add", "s", "r", "d")
                .node("Conv", "y", "s", "w")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8"));
        assertEquals(Set.of("x", "r", "d"), graph.activations.keySet());
        assertEquals(List.of("q:x", "w:w", "b:b"), inputs(graph, "r"));
        assertEquals(List.of("q:r", "w:v", "b:b0"), inputs(graph, "d"));
        assertEquals(List.of("q:r", "q:d"), inputs(graph, "s"));
        assertEquals(List.of("float:s", "init:w"), inputs(graph, "y"));
    }

    /** A sum of codes that a kernel reads is computed on codes; one with a float is not. */
    @Test
    void sumsAreInt8WhereAllIsCodes() throws IOException {
        TestGraph model = images().node("Conv", "c", "x", "w")
                .node("Conv", "d", "x", "v")
                .node("Add", "s", "c", "d")
                .node("Conv", "e", "s", "w")
                .node("Tanh", "t", "e")
                .node("Add", "u", "t", "e")
                .node("Conv", "f", "u", "v")
                .node("Neg", "y", "f")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        QuantizedGraph graph = quantized(model);
        assertEquals(List.of("q:c", "q:d"), inputs(graph, "s"));
        assertEquals(Set.of("x", "c", "d", "s", "e", "u", "f"), graph.activations.keySet());
        assertEquals(List.of("float:t", "q:e"), inputs(graph, "u"));
        QuantizedGraph kept = quantized(model, "s_node");
        assertEquals(List.of("q:s", "w:w"), inputs(kept, "e"));
        assertEquals(List.of("q:c", "q:d"), inputs(kept, "s"), "what a Conv writes is codes for all");
    }

    /** What is written as floats is read as codes by kernels only. */
    @Test
    void residualsStayExact() throws IOException {
        QuantizedGraph graph = quantized(images().node("Tanh", "t", "x")
                .random("m", 4, 8L, 8L)
                .node("MatMul", "p", "t", "m")
                .node("Add", "y", "t", "p")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8"));
        assertEquals(Set.of("t"), graph.activations.keySet());
        assertEquals(List.of("q:t", "w:m"), inputs(graph, "p"));
        assertEquals(List.of("float:t", "float:p"), inputs(graph, "y"));
    }

    /** Codes are moved as codes, with the parameters of what they come from. */
    @Test
    void movedCodesKeepTheirParameters() throws IOException {
        QuantizedGraph graph = quantized(images().node("Tanh", "t", "x")
                .node("Transpose", "a", "t")
                .with("perm", List.of(0L, 2L, 3L, 1L))
                .random("m", 4, 4L, 8L)
                .node("MatMul", "y", "a", "m")
                .output("y", OnnxType.FLOAT32, "n", "8", "8", "8"));
        assertEquals("t", graph.activations.get("a").paramsOf());
        assertEquals(List.of("q:t"), inputs(graph, "a"));
    }

    /** An output of the model that a kernel reads is written as it was. */
    @Test
    void outputsStayFloat() throws IOException {
        QuantizedGraph graph = quantized(images().node("Tanh", "h", "x")
                .output("h", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("m", 4, 8L, 8L)
                .node("MatMul", "y", "h", "m")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8"));
        assertEquals(List.of("q:h", "w:m"), inputs(graph, "y"));
        assertEquals("Tanh", graph.nodes.get("h").op());
    }

    /** A weight with its channels along either axis has one scale. */
    @Test
    void aWeightThatIsReadBothWaysHasOneScale() throws IOException {
        QuantizedGraph graph = quantized(new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .constant("shape", List.of(1L), 0)
                .node("Flatten", "f", "x")
                .random("m", 4, 256L, 256L)
                .node("Gemm", "g", "f", "m")
                .node("Gemm", "y", "g", "m")
                .with("transB", 1)
                .output("y", OnnxType.FLOAT32, "n", "256"));
        assertEquals(null, graph.weights.get("m").axis());
        assertEquals(1, graph.weights.get("m").scales().size());
    }

    /** Weights that an exporter wrote as nodes are weights. */
    @Test
    void constantNodesAreConstants() throws IOException {
        TestGraph model = images().node("Conv", "c", "x", "k").node("Neg", "y", "c");
        model.graph.addNode(
                0,
                NodeProto.newBuilder()
                        .setOpType("Constant")
                        .addOutput("k")
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("value")
                                .setType(AttributeProto.AttributeType.TENSOR)
                                .setT(model.graph.getInitializer(0))));
        QuantizedGraph graph = quantized(model.output("y", OnnxType.FLOAT32, "n", "4", "8", "8"));
        assertEquals(List.of("q:x", "w:k"), inputs(graph, "c"));
    }

    /** A Conv with its normalization and its Relu is one int8 Conv. */
    @ParameterizedTest
    @CsvSource({"true, 0.001", "false, 1e-5"})
    void normalizationsAreInTheWeights(boolean hasBias, float epsilon) throws IOException {
        TestGraph model = images().node("Conv", "c", "x", "w", hasBias ? "b" : "")
                .constant("gain", List.of(4L), 0.5f, -2, 1, 3)
                .random("shift", 5, 4L)
                .random("mean", 6, 4L)
                .constant("variance", List.of(4L), 0.1f, 1, 2, 0)
                .node("BatchNormalization", "n", "c", "gain", "shift", "mean", "variance")
                .with("epsilon", epsilon)
                .node("Relu", "r", "n")
                .node("Conv", "d", "r", "v")
                .node("Neg", "y", "d")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        QuantizedGraph graph = quantized(model);
        assertEquals(List.of("q:x", "w:n_weight", "b:n_bias"), inputs(graph, "r"));
        assertFalse(graph.nodes.containsKey("n"));
    }

    /** A value that others read before it is normalized is there for them. */
    @Test
    void aNormalizationOfAValueThatIsReadStays() throws IOException {
        QuantizedGraph graph = quantized(images().node("Conv", "c", "x", "w")
                .constant("gain", List.of(4L), 0.5f, -2, 1, 3)
                .node("BatchNormalization", "n", "c", "gain", "b", "b", "gain2")
                .constant("gain2", List.of(4L), 0.5f, 2, 1, 3)
                .node("Add", "y", "n", "c")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8"));
        assertEquals(List.of("q:c", "init:gain", "init:b", "init:b", "init:gain2"), inputs(graph, "n"));
    }

    /**
     * Behind a Conv, SiLU as two nodes and HardSwish as one decide on the range; what nothing known reads is as ever.
     */
    @ParameterizedTest
    @CsvSource({
        "DIGITS_CNN, getitem, true", "DIGITS_CNN, conv2d_2, true", "DIGITS_CNN, conv2d_3, true",
        "DIGITS_CNN, mean, false", "DIGITS_CNN, silu_1, false", "DIGITS_CNN, image, false",
        "MOBILE, /stem/Conv_output_0, true", "MOBILE, /blocks/blocks.0/q/Conv_output_0, false"
    })
    void rangesByConsumer(GivenModel given, String tensor, boolean isKnown) throws IOException {
        QuantizeSettings settings = PLAIN;
        QuantizedGraph by = new QuantizedGraph(new ModelQuantizer(settings)
                .quantize(given.model(), given.calibration())
                .proto());
        QuantizedGraph mse = new QuantizedGraph(new ModelQuantizer(settings.withRanges(settings.ranges()))
                .quantize(given.model(), given.calibration())
                .proto());
        assertEquals(isKnown, !by.activations.get(tensor).equals(mse.activations.get(tensor)));
    }

    @Test
    void perTensorToo() throws IOException {
        GivenModel given = GivenModel.ENCODER;
        OnnxModel model = new ModelQuantizer(QuantizeSettings.CPU.withWeights(WeightScales.PER_TENSOR))
                .quantize(given.model(), given.calibration());
        double sqnr = ModelComparison.of(given.model(), model, given.test())
                .outputs()
                .get(0)
                .sqnrDb();
        assertTrue(sqnr > tool(given, "logits", "tensor") + 3, () -> sqnr + " dB");
    }
}
