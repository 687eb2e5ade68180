// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.NpzWriter;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bias keeps its bits beside weights and activations of zeros, whose scale is free. */
class ZerosTest {
    @TempDir
    private Path folder;

    /** Eight channels, of which the first few have zeros only. */
    private static float[] weight(int zeroChannels, boolean isRows) {
        Random random = new Random(3);
        float[] weight = new float[64];
        for (int i = 0; i < weight.length; i++) {
            int channel = isRows ? i / 8 : i % 8;
            weight[i] = channel < zeroChannels ? 0 : (float) random.nextGaussian();
        }
        return weight;
    }

    private static TestGraph gemm(int zeroChannels) {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "8")
                .constant("w", List.of(8L, 8L), weight(zeroChannels, false))
                .constant("b", List.of(8L), 0.01f, -0.02f, 0.03f, 0.005f, 0.01f, 0, 0.02f, 0.01f)
                .node("Gemm", "y", "x", "w", "b")
                .output("y", OnnxType.FLOAT32, "n", "8");
    }

    private static TestGraph conv(int zeroChannels) {
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "8", "2", "2")
                .constant("w", List.of(8L, 8L, 1L, 1L), weight(zeroChannels, true))
                .constant("b", List.of(8L), 0.01f, -0.02f, 0.03f, 0.005f, 0.01f, 0, 0.02f, 0.01f)
                .node("Conv", "c", "x", "w", "b")
                .node("Neg", "y", "c")
                .output("y", OnnxType.FLOAT32, "n", "8", "2", "2");
    }

    /** On rows where a float model computes the biases of the channels of zeros, and little else. */
    private void assertClose(TestGraph graph, QuantizeSettings settings, NpzWriter.Item item, String what)
            throws IOException {
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), item);
        OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
        ModelComparison.Output output =
                ModelComparison.of(model, int8, data).outputs().get(0);
        assertTrue(output.sqnrDb() > 30, () -> what + ": SQNR " + output.sqnrDb() + " dB");
    }

    private void assertBiasesAreKept(Target target, WeightScales scales) throws IOException {
        QuantizeSettings settings = QuantizeSettings.of(target).withWeights(scales);
        NpzWriter.Item rows = TestData.random("x", 5, 32L, 8L);
        NpzWriter.Item images = TestData.random("x", 5, 32L, 8L, 2L, 2L);
        assertClose(gemm(8), settings, rows, "Gemm of zeros");
        assertClose(conv(8), settings, images, "Conv of zeros");
        OnnxModel some = gemm(6).model();
        ModelData data = TestData.of(some, folder.resolve("some.npz"), rows);
        OnnxModel int8 = new ModelQuantizer(settings).quantize(some, data);
        QuantizedGraph.Constant bias = new QuantizedGraph(int8.proto())
                .biases.values().stream().findFirst().orElse(null);
        if (bias != null && scales == WeightScales.PER_CHANNEL && bias.scales().size() == 8) {
            for (int channel = 0; channel < 5; channel++) {
                float step = bias.scales().get(channel);
                assertTrue(step < 1e-5, () -> "step of a bias beside zeros: " + step);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "ONNX_RUNTIME", mode = EnumSource.Mode.EXCLUDE)
    void biasesBesideWeightsOfZeros(Target target) throws IOException {
        assertBiasesAreKept(target, WeightScales.PER_CHANNEL);
        assertBiasesAreKept(target, WeightScales.PER_TENSOR);
    }

    /** Nothing is known of what would come, but the bias is. */
    @ParameterizedTest
    @EnumSource(names = {"CPU", "ARM64"})
    void biasesBesideActivationsOfZeros(Target target) throws IOException {
        NpzWriter.Item zeros = TestData.floats("x", List.of(32L, 8L), new float[256]);
        assertClose(gemm(0), QuantizeSettings.of(target), zeros, "Gemm of an activation of zeros");
    }

    /** The tool's numbers are kept where they are asked for. */
    @Test
    void theToolsScaleOfZerosIsOne() throws IOException {
        OnnxModel model = gemm(8).model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 5, 32L, 8L));
        OnnxModel int8 = new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME.withWeights(WeightScales.PER_CHANNEL))
                .quantize(model, data);
        assertEquals(
                Collections.nCopies(8, 1f),
                new QuantizedGraph(int8.proto()).weights.get("w").scales());
    }
}
