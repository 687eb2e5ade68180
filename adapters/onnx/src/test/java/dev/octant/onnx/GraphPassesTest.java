// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.BatchNormFolding;
import dev.octant.onnx.internal.graph.IdentityRemoval;
import dev.octant.onnx.internal.graph.OwnBiases;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Changes of a graph that leave what it computes as it is. */
class GraphPassesTest {
    @TempDir
    private Path folder;

    /** The changed model, which computes the same. */
    private OnnxModel same(OnnxModel model, ModelProto changed, Long... shape) throws IOException {
        OnnxModel after = OnnxModel.of(changed.toByteArray());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, shape));
        for (ModelComparison.Output output :
                ModelComparison.of(model, after, data).outputs()) {
            assertTrue(output.sqnrDb() > 110, output::toString);
        }
        return after;
    }

    private static TestGraph normalized(TestGraph graph, long channels) {
        float[] gain = new float[(int) channels];
        float[] variance = new float[(int) channels];
        for (int i = 0; i < channels; i++) {
            gain[i] = i - 1.5f;
            variance[i] = 0.1f + i;
        }
        return graph.constant("gain", List.of(channels), gain)
                .random("shift", 5, channels)
                .random("mean", 6, channels)
                .constant("variance", List.of(channels), variance)
                .node("BatchNormalization", "y", "c", "gain", "shift", "mean", "variance");
    }

    @ParameterizedTest
    @CsvSource({"1, true", "1, false", "2, true", "2, false"})
    void normalizationsGoIntoTransposedConvolutions(long groups, boolean hasBias) throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "5", "5")
                .random("w", 1, 4L, 3L, 2L, 2L)
                .random("b", 2, 3 * groups)
                .node("ConvTranspose", "c", "x", "w", hasBias ? "b" : "")
                .with("group", groups);
        OnnxModel model =
                normalized(graph, 3 * groups).output("y", OnnxType.FLOAT32).model();
        OnnxModel after = same(model, BatchNormFolding.apply(model.proto(), ExternalData.NONE), 3L, 4L, 5L, 5L);
        assertEquals(Map.of("ConvTranspose", 1), after.info().ops());
    }

    @ParameterizedTest
    @CsvSource({"0, true", "1, true", "0, false", "1, false"})
    void normalizationsGoIntoGemms(long isTransposed, boolean hasBias) throws IOException {
        TestGraph graph = new TestGraph().input("x", OnnxType.FLOAT32, "n", "4");
        (isTransposed == 1 ? graph.random("w", 1, 6L, 4L) : graph.random("w", 1, 4L, 6L))
                .random("b", 2, 6L)
                .node("Gemm", "c", "x", "w", hasBias ? "b" : "")
                .with("transB", isTransposed);
        OnnxModel model =
                normalized(graph, 6).output("y", OnnxType.FLOAT32, "n", "6").model();
        OnnxModel after = same(model, BatchNormFolding.apply(model.proto(), ExternalData.NONE), 7L, 4L);
        assertEquals(Map.of("Gemm", 1), after.info().ops());
    }

    @Test
    void identitiesGo() throws IOException {
        TestGraph then = new TestGraph().node("Neg", "then", "i2").output("then", OnnxType.FLOAT32, "n", "4");
        TestGraph otherwise = new TestGraph().node("Abs", "else", "i1").output("else", OnnxType.FLOAT32, "n", "4");
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .constant("zero", TestGraph.scalar(), 0)
                .node("Identity", "i0", "x")
                .node("Exp", "e", "i0")
                .node("Identity", "i1", "e")
                .node("Identity", "i2", "i1")
                .node("ReduceSum", "s", "i2")
                .with("keepdims", 0)
                .node("Greater", "g", "s", "zero")
                .node("If", "f", "g")
                .with("then_branch", then)
                .with("else_branch", otherwise)
                // The output is written by the node before it.
                .node("Identity", "y", "f")
                // These stay: an output of the model cannot be two values, nor an input.
                .node("Identity", "z", "i1")
                .node("Identity", "same", "x")
                .output("y", OnnxType.FLOAT32, "n", "4")
                .output("z", OnnxType.FLOAT32, "n", "4")
                .output("same", OnnxType.FLOAT32, "n", "4")
                .model();
        OnnxModel after = same(model, IdentityRemoval.apply(model.proto()), 3L, 4L);
        assertEquals(2, after.info().ops().get("Identity"));
        assertEquals(
                List.of("y", "z", "same"),
                after.info().outputs().stream().map(output -> output.name()).toList());
    }

    /** What an Identity kept apart is one int8 op after the other. */
    @Test
    void identitiesDoNotKeepOpsApart() throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .node("Conv", "c", "x", "w")
                .node("Identity", "i", "c")
                .node("Relu", "r", "i")
                .node("Conv", "d", "r", "w")
                .node("Neg", "y", "d")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8")
                .model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 4L, 8L, 8L));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.CPU).quantize(model, data);
        assertFalse(int8.info().ops().containsKey("Identity"));
        assertFalse(int8.info().ops().containsKey("Relu"));
        assertTrue(
                new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME)
                        .quantize(model, data)
                        .info()
                        .ops()
                        .containsKey("Identity"),
                "the tool leaves it");
    }

    @Test
    void biasesOfTheirOwn() throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .random("w", 1, 4L, 4L)
                .random("b", 2, 4L)
                .node("Gemm", "g", "x", "w", "b")
                .node("Gemm", "h", "g", "w")
                .with("transB", 1)
                .node("MatMul", "p", "h", "w")
                .node("Add", "q", "b", "p")
                .node("Add", "y", "q", "b")
                .output("y", OnnxType.FLOAT32, "n", "4")
                .model();
        OnnxModel after = same(model, OwnBiases.apply(model.proto()), 3L, 4L);
        QuantizedGraph graph = new QuantizedGraph(after.proto());
        assertEquals(
                List.of("float:x", "init:w", "init:b_of_g"),
                graph.nodes.get("g").inputs());
        assertEquals(
                List.of("float:g", "init:w", "init:h_bias"),
                graph.nodes.get("h").inputs());
        assertEquals(List.of("init:b_of_q", "float:p"), graph.nodes.get("q").inputs());
        assertEquals(List.of("float:q", "init:b"), graph.nodes.get("y").inputs());
    }
}
