// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
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

    /** An activation without elements has any range, and changes nothing. */
    @ParameterizedTest
    @EnumSource
    void anActivationWithoutElements(Target target) throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "8")
                .longs("zero", 0)
                .longs("one", 1)
                .node("Slice", "e", "x", "zero", "zero", "one")
                .node("Add", "e2", "e", "half")
                .constant("half", List.of(1L), 0.5f)
                .random("v", 1, 8L, 3L)
                .node("MatMul", "k", "x", "v")
                .node("Concat", "c", "e2", "k")
                .with("axis", 1)
                .random("u", 2, 3L, 3L)
                .node("MatMul", "y", "c", "u")
                .output("y", OnnxType.FLOAT32, "n", "3")
                .model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 40L, 8L));
        QuantizedModel int8 = new ModelQuantizer(QuantizeSettings.of(target)).quantize(model, data, data);
        double sqnr =
                ModelComparison.of(model, int8.model(), data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > 30, () -> "SQNR " + sqnr + " dB");
        assertTrue(int8.constants().isEmpty(), int8.constants()::toString);
    }

    /** Weights at the end of the floats: the model is right, or refused in a sentence. */
    @ParameterizedTest
    @EnumSource
    void weightsAtTheEndOfTheFloats(Target target) throws IOException {
        for (float scale : new float[] {1e30f, 1e36f, 1e38f, 3e38f}) {
            float[] weight = new float[24];
            float[] rows = new float[40 * 8];
            Random random = new Random(9);
            for (int i = 0; i < weight.length; i++) {
                weight[i] = scale * (2 * random.nextFloat() - 1);
            }
            for (int i = 0; i < rows.length; i++) {
                rows[i] = 0.2f * random.nextFloat() - 0.1f;
            }
            for (String op : List.of("MatMul", "Gemm")) {
                OnnxModel model = new TestGraph()
                        .input("x", OnnxType.FLOAT32, "n", "8")
                        .constant("w", List.of(8L, 3L), weight)
                        .node(op, "y", "x", "w")
                        .output("y", OnnxType.FLOAT32, "n", "3")
                        .model();
                ModelData data =
                        TestData.of(model, folder.resolve("x.npz"), TestData.floats("x", List.of(40L, 8L), rows));
                String what = op + " of " + scale;
                try {
                    OnnxModel int8 = new ModelQuantizer(QuantizeSettings.of(target)).quantize(model, data);
                    double sqnr = ModelComparison.of(model, int8, data)
                            .outputs()
                            .get(0)
                            .sqnrDb();
                    assertTrue(sqnr > 30, () -> what + ": SQNR " + sqnr + " dB");
                } catch (FormatException e) {
                    assertEquals(1, e.getMessage().lines().count());
                    assertTrue(scale > 1e37 && e.getMessage().contains(" must "), what + ": " + e.getMessage());
                }
            }
        }
    }
}
