// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.observers.estimators.MinMax;
import dev.octant.onnx.internal.file.Tensors;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.ChannelSteps;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.NodePlan.Fate;
import dev.octant.onnx.values.NodeRun;
import dev.octant.onnx.values.NodeRun.Way;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorNoise;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ModelEvaluationTest {
    private static Map<String, NodeRun> byName(ModelEvaluation evaluation) {
        return evaluation.nodes().stream().collect(Collectors.toMap(NodeRun::name, Function.identity()));
    }

    /** Gemm, Relu, Gemm with shapes, an Elu and a value that only rows far from the others clip. */
    private static OnnxModel model() throws IOException {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w1", 1, 16L, 16L)
                .random("w2", 2, 16L, 8L)
                .node("MatMul", "a", "x", "w1")
                .node("Elu", "e", "a")
                .node("Shape", "s", "e")
                .node("Reshape", "r", "e", "s")
                .node("MatMul", "y", "r", "w2")
                .output("y", OnnxType.FLOAT32, "n", "8")
                .model();
    }

    @Test
    void nodesAndTensorsAreThoseOfTheModel(@TempDir Path folder) throws IOException {
        OnnxModel model = model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 200L, 16L));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.CPU.withRanges(new MinMax())).quantize(model, data);
        ModelEvaluation evaluation = ModelEvaluation.of(model, int8, data);
        Map<String, NodeRun> nodes = byName(evaluation);
        assertEquals(Way.INT8, nodes.get("a_node").way());
        assertEquals(Way.INT8, nodes.get("y_node").way());
        assertEquals(Way.FLOAT, nodes.get("e_node").way());
        assertEquals(Way.OTHER, nodes.get("s_node").way());
        assertEquals(200, evaluation.noiseRows());
        Map<String, TensorNoise> tensors =
                evaluation.tensors().stream().collect(Collectors.toMap(TensorNoise::name, Function.identity()));
        assertEquals(
                List.of("a", "e", "r", "y"),
                List.copyOf(evaluation.tensors().stream().map(TensorNoise::name).toList()));
        assertTrue(tensors.get("a").params().isEmpty());
        TensorNoise read = tensors.get("r").params().isPresent() ? tensors.get("r") : tensors.get("e");
        assertEquals(0, read.clipped(), "the range is that of these data");
        assertEquals(200 * 16, read.seen().counts().count());
        // Both models end in the same output, with and without optimizations but for a few steps.
        double whole = evaluation.comparison().outputs().get(0).sqnrDb();
        assertEquals(whole, tensors.get("y").sqnrDb(), 1);
        assertTrue(evaluation.int8Bytes() < evaluation.floatBytes());
        assertEquals(
                List.of(1L, 32L),
                evaluation.speeds().stream().map(ModelSpeed::rows).toList());
        assertTrue(evaluation.speeds().stream().allMatch(speed -> speed.ratio() > 0));
    }

    /** A step for each column of the weights: the largest magnitude over the most positive code. */
    @Test
    void channelsOfWeightsHaveTheirSteps(@TempDir Path folder) throws IOException {
        OnnxModel model = model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 16L));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.CPU.withRanges(new MinMax())).quantize(model, data);
        List<ChannelSteps> channels = ModelEvaluation.of(model, int8, data).channels();
        assertEquals(
                List.of(16, 8),
                channels.stream().map(weight -> weight.scales().size()).toList());
        for (int i = 0; i < 2; i++) {
            ChannelSteps weight = channels.get(i);
            assertEquals(1, weight.axis());
            float[] values = Tensors.floats(model.proto().getGraph().getInitializer(i), model.external());
            int columns = weight.scales().size();
            float widest = 0;
            for (int column = 0; column < columns; column++) {
                float largest = 0;
                for (int at = column; at < values.length; at += columns) {
                    largest = Math.max(largest, Math.abs(values[at]));
                }
                assertEquals(largest, weight.largest(column), 4 * Math.ulp(largest));
                widest = Math.max(widest, weight.scales().get(column));
            }
            List<Float> sorted = weight.scales().stream().sorted().toList();
            double middle = (sorted.get(columns / 2 - 1) + (double) sorted.get(columns / 2)) / 2;
            assertEquals(widest / middle, Math.pow(2, weight.bitsLostWithOneStep()), 1e-6);
        }
    }

    /** What is said before a model is made is said of it afterwards, in the same words. */
    @ParameterizedTest
    @EnumSource(
            value = GivenModel.class,
            names = {"DIGITS_CNN", "OPS_A"})
    void reasonsAreThoseOfThePlan(GivenModel given) throws IOException {
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN);
        ModelData data = given.calibration();
        QuantizedModel int8 = new ModelQuantizer(settings).quantize(given.model(), data, data);
        assertEquals(new ModelQuantizer(settings).plan(given.model()), int8.nodes());
        ModelEvaluation evaluation =
                ModelEvaluation.of(given.model(), int8.model(), data).withReasons(int8.nodes());
        Map<String, NodePlan> plans =
                int8.nodes().stream().collect(Collectors.toMap(NodePlan::name, Function.identity()));
        int same = 0;
        for (NodeRun node : evaluation.nodes()) {
            NodePlan plan = plans.get(node.name());
            boolean isSameFate =
                    (plan.fate() == Fate.FLOAT && Set.of(Way.FLOAT, Way.OTHER).contains(node.way()))
                            || (plan.fate() == Fate.INT8 && node.way() == Way.CODES)
                            || (plan.fate() == Fate.INT8
                                    && node.way() == Way.INT8
                                    && !plan.reason().contains("moves"));
            if (isSameFate) {
                assertEquals(plan.reason(), node.why(), node::toString);
                same++;
            }
        }
        assertTrue(
                same > evaluation.nodes().size() / 2,
                same + " of " + evaluation.nodes().size());
    }

    /** On data beyond those that it was calibrated on, the share beyond the range is said. */
    @Test
    void clippedValuesAreCounted(@TempDir Path folder) throws IOException {
        OnnxModel model = model();
        float[] small = new float[16 * 16];
        float[] large = new float[16 * 16];
        for (int i = 0; i < small.length; i++) {
            small[i] = (i % 16 - 8) / 8f;
            large[i] = i < 4 * 16 ? 4 * small[i] : small[i] / 4;
        }
        ModelData calibration =
                TestData.of(model, folder.resolve("c.npz"), TestData.floats("x", List.of(16L, 16L), small));
        ModelData test = TestData.of(model, folder.resolve("t.npz"), TestData.floats("x", List.of(16L, 16L), large));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.CPU.withRanges(new MinMax())).quantize(model, calibration);
        TensorNoise read = ModelEvaluation.of(model, int8, test).tensors().stream()
                .filter(tensor -> tensor.params().isPresent())
                .findFirst()
                .orElseThrow();
        assertTrue(read.clipped() > 0.01 && read.clipped() < 0.25, read::toString);
    }

    @Test
    void aModelBesideItselfHasNoNoise() throws IOException {
        OnnxModel model = GivenModel.MOBILE.model();
        ModelEvaluation evaluation = ModelEvaluation.of(model, model, GivenModel.MOBILE.calibration());
        assertTrue(evaluation.tensors().size() > 10);
        for (TensorNoise tensor : evaluation.tensors()) {
            assertEquals(Double.POSITIVE_INFINITY, tensor.sqnrDb(), tensor::name);
        }
        assertTrue(evaluation.nodes().stream().noneMatch(node -> node.way() == Way.INT8));
    }
}
