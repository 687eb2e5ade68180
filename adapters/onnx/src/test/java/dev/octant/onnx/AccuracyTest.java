// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.QuantizedModel.LeftFloat;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.Accuracy.BiasShift;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Boosters of accuracy: what they bring, and what they must not do. */
class AccuracyTest {
    @TempDir
    private Path folder;

    private static double least(GivenModel given, OnnxModel model) throws IOException {
        return ModelComparison.of(given.model(), model, given.test()).outputs().stream()
                .mapToDouble(ModelComparison.Output::sqnrDb)
                .min()
                .orElseThrow();
    }

    private static double tool(GivenModel given, String output, String granularity) {
        return given.expected("u8s8/minmax/" + granularity)
                .get("sqnr_db")
                .get(output)
                .doubleValue();
    }

    /** Beside the better of the two files that ONNX Runtime's tool makes, per tensor and per channel. */
    @ParameterizedTest
    @CsvSource({
        "DIGITS_CNN, logits, 2.5",
        "MOBILE, y, 1.5",
        "ENCODER, logits, 5.0",
        "FP16_EXTERNAL, y, 5.0",
        "OPS_A, prob, 7.0"
    })
    void accurateModels(GivenModel given, String output, double decibels) throws IOException {
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.HIGH);
        OnnxModel model = new ModelQuantizer(settings).quantize(given.model(), given.calibration());
        double tool = Math.max(tool(given, output, "tensor"), tool(given, output, "channel"));
        double found = ModelComparison.of(given.model(), model, given.test()).outputs().stream()
                .filter(one -> one.name().equals(output))
                .findFirst()
                .orElseThrow()
                .sqnrDb();
        assertTrue(found >= tool + decibels, () -> found + " dB beside " + tool);
    }

    /** Reached on data that nothing was chosen on, and by what is left of the model in int8. */
    @ParameterizedTest
    @EnumSource(
            value = GivenModel.class,
            names = {"DIGITS_CNN", "FP16_EXTERNAL", "OPS_A"})
    void anSqnrIsReached(GivenModel given) throws IOException {
        reach(given);
    }

    @Tag("exhaustive")
    @ParameterizedTest
    @EnumSource(
            value = GivenModel.class,
            names = {"MOBILE", "ENCODER"})
    void anSqnrIsReachedByLargerModels(GivenModel given) throws IOException {
        reach(given);
    }

    private static void reach(GivenModel given) throws IOException {
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.USUAL.withLeastSqnr(40));
        QuantizedModel quantized =
                new ModelQuantizer(settings).quantize(given.model(), given.calibration(), given.test());
        double found = least(given, quantized.model());
        assertTrue(found >= 40, () -> found + " dB");
        assertTrue(quantized.int8Nodes() > 0);
        Map<String, QuantizedGraph.Activation> codes =
                new QuantizedGraph(quantized.model().proto()).activations;
        for (LeftFloat left : quantized.leftFloat()) {
            assertFalse(codes.containsKey(left.value()), left::toString);
            assertFalse(left.nodes().isEmpty(), left::toString);
        }
        if (!quantized.leftFloat().isEmpty()) {
            assertEquals(
                    found,
                    quantized.leftFloat().get(quantized.leftFloat().size() - 1).sqnrDb(),
                    1e-9);
        }
    }

    /** Where a tool is imitated, too. */
    @Test
    void anSqnrIsReachedWithThePairsOfTheTool() throws IOException {
        GivenModel given = GivenModel.OPS_A;
        QuantizeSettings settings = QuantizeSettings.ONNX_RUNTIME.withAccuracy(Accuracy.PLAIN.withLeastSqnr(38));
        QuantizedModel quantized =
                new ModelQuantizer(settings).quantize(given.model(), given.calibration(), given.test());
        double found = least(given, quantized.model());
        assertTrue(found >= 38 && !quantized.leftFloat().isEmpty(), () -> found + " dB");
    }

    /** What is said of the nodes can be asked for by name. */
    @Test
    void nodesLeftInFloatCanBeNamed() throws IOException {
        GivenModel given = GivenModel.DIGITS_CNN;
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN.withLeastSqnr(40));
        QuantizedModel quantized =
                new ModelQuantizer(settings).quantize(given.model(), given.calibration(), given.test());
        Set<String> nodes = new HashSet<>();
        quantized.leftFloat().forEach(left -> nodes.addAll(left.nodes()));
        OnnxModel named = new ModelQuantizer(
                        QuantizeSettings.CPU.withAccuracy(Accuracy.PLAIN).withFloatNodes(nodes))
                .quantize(given.model(), given.calibration());
        assertEquals(new QuantizedGraph(quantized.model().proto()).nodes, new QuantizedGraph(named.proto()).nodes);
    }

    @Test
    void accurateAndAnSqnr() throws IOException {
        GivenModel given = GivenModel.DIGITS_CNN;
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.HIGH.withLeastSqnr(45));
        QuantizedModel quantized =
                new ModelQuantizer(settings).quantize(given.model(), given.calibration(), given.test());
        double found = least(given, quantized.model());
        assertTrue(found >= 45, () -> found + " dB");
        assertFalse(quantized.leftFloat().isEmpty());
    }

    @Test
    void anSqnrThatNoModelHasIsRefusedWithTheBest() {
        GivenModel given = GivenModel.FP16_EXTERNAL;
        QuantizeSettings settings = QuantizeSettings.CPU.withAccuracy(Accuracy.USUAL.withLeastSqnr(90));
        String message = assertThrows(
                        FormatException.class,
                        () -> new ModelQuantizer(settings).quantize(given.model(), given.calibration()))
                .getMessage();
        assertTrue(
                message.matches(".*model.onnx: SQNR of the int8 model must reach 90.00 dB, was [5-8]\\d.\\d\\d dB at"
                        + " best, with all but its last activations left in float"),
                message);
        assertEquals(
                "least SQNR must be a number of decibels, was OptionalDouble[NaN]",
                assertThrows(IllegalArgumentException.class, () -> Accuracy.USUAL.withLeastSqnr(Double.NaN))
                        .getMessage());
    }

    /** An int8 model, one layer of each kind, whose rounding moves every mean. */
    private static TestGraph layers() {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 6L, 4L, 3L, 3L)
                .random("b", 2, 6L)
                .node("Conv", "c", "x", "w", "b")
                .node("Relu", "r", "c")
                .random("v", 3, 6L, 6L, 1L, 1L)
                // Shares its bias, and has none of its own.
                .node("Conv", "d", "r", "v", "b")
                .node("Conv", "e", "d", "v")
                .node("Flatten", "f", "e")
                .random("g", 4, 216L, 10L)
                .node("Gemm", "h", "f", "g")
                .constant("s", TestGraph.scalar(), 0.02f)
                .node("Mul", "k", "h", "s")
                .node("Tanh", "t", "k")
                .random("m", 5, 10L, 5L)
                .random("a", 6, 5L)
                .node("MatMul", "p", "t", "m")
                .node("Add", "y", "a", "p")
                .output("y", OnnxType.FLOAT32, "n", "5");
    }

    private double[] meanErrors(OnnxModel model, OnnxModel int8, ModelData data) throws IOException {
        double[] sums = new double[5];
        try (ModelRunner right = ModelRunner.open(model);
                ModelRunner found = ModelRunner.open(int8)) {
            data.forEachBatch(batch -> {
                TensorValue a = right.run(batch).get("y");
                TensorValue b = found.run(batch).get("y");
                for (int i = 0; i < a.floats().length; i++) {
                    sums[i % 5] += b.floats()[i] - a.floats()[i];
                }
            });
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] = Math.abs(sums[i] / data.rows());
        }
        return sums;
    }

    /** The last bias is moved after all others: on the data the mean of the output is that of the float model. */
    @ParameterizedTest
    @EnumSource(WeightScales.class)
    void sequentialShiftsMakeMeansEqual(WeightScales weights) throws IOException {
        OnnxModel model = layers().model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 7, 70L, 4L, 8L, 8L));
        QuantizeSettings plain = QuantizeSettings.CPU.withWeights(weights).withAccuracy(Accuracy.PLAIN);
        OnnxModel before = new ModelQuantizer(plain).quantize(model, data);
        OnnxModel after = new ModelQuantizer(
                        plain.withAccuracy(new Accuracy(BiasShift.SEQUENTIAL, false, OptionalDouble.empty())))
                .quantize(model, data);
        double[] was = meanErrors(model, before, data);
        double[] is = meanErrors(model, after, data);
        for (int i = 0; i < is.length; i++) {
            assertEquals(0, is[i], 1e-5, "channel " + i + ", was " + was[i]);
        }
        assertTrue(was[0] + was[1] + was[2] + was[3] + was[4] > 1e-3, "there was something to move");
    }

    /** Of one layer there is nothing before it: both ways find the same shift. */
    @Test
    void shiftsOfOneLayer() throws IOException {
        OnnxModel model = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "16")
                .random("w", 1, 16L, 5L)
                .node("Gemm", "y", "x", "w")
                .output("y", OnnxType.FLOAT32, "n", "5")
                .model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 7, 70L, 16L));
        OnnxModel local = new ModelQuantizer(QuantizeSettings.CPU).quantize(model, data);
        OnnxModel sequential =
                new ModelQuantizer(QuantizeSettings.CPU.withAccuracy(Accuracy.HIGH)).quantize(model, data);
        for (double error : meanErrors(model, local, data)) {
            assertEquals(0, error, 5e-4, "half a step of the bias");
        }
        assertEquals(
                List.of(),
                ModelComparison.of(local, sequential, data).outputs().stream()
                        .filter(output -> output.largestError() > 1e-3)
                        .toList());
    }

    /** The tool that is imitated moves nothing. */
    @Test
    void theUsualAccuracyOfTargets() {
        assertEquals(BiasShift.NONE, QuantizeSettings.ONNX_RUNTIME.accuracy().biases());
        assertEquals(BiasShift.LOCAL, QuantizeSettings.CPU.accuracy().biases());
    }
}
