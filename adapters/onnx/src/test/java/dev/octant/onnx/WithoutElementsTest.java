// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Constants and activations of no elements are no reason to refuse a model. */
class WithoutElementsTest {
    @TempDir
    private Path folder;

    private static TestGraph concatenated(String op) {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "8")
                .constant("w", List.of(8L, 0L))
                .random("v", 1, 8L, 3L)
                .node(op, "h", "x", "w")
                .node("Relu", "r", "h")
                .node("MatMul", "k", "x", "v")
                .node("Concat", "c", "r", "k")
                .with("axis", 1)
                .random("u", 2, 3L, 3L)
                .node("MatMul", "y", "c", "u")
                .output("y", OnnxType.FLOAT32, "n", "3");
    }

    @ParameterizedTest
    @EnumSource
    void theNodeStaysFloatAndTheRestDoesNot(Target target) throws IOException {
        for (WeightScales scales : WeightScales.values()) {
            for (String op : List.of("MatMul", "Gemm")) {
                OnnxModel model = concatenated(op).model();
                ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 40L, 8L));
                OnnxModel int8 =
                        new ModelQuantizer(QuantizeSettings.of(target).withWeights(scales)).quantize(model, data);
                QuantizedGraph graph = new QuantizedGraph(int8.proto());
                assertTrue(graph.nodes.get("h").inputs().contains("init:w"), graph.nodes::toString);
                assertTrue(graph.nodes.get("k").inputs().contains("w:v"), graph.nodes::toString);
                double sqnr =
                        ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
                assertTrue(sqnr > 30, () -> op + ": SQNR " + sqnr + " dB");
            }
        }
    }

    @Test
    void thePlanSaysWhy() throws IOException {
        ModelQuantizer quantizer = new ModelQuantizer(QuantizeSettings.CPU);
        assertEquals(
                "its weight has no elements",
                quantizer.plan(concatenated("Gemm").model()).get(0).reason());
    }
}
