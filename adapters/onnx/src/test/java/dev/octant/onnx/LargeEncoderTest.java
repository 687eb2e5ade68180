// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.OnnxType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A transformer of usual size with random weights: three encoder layers of width 384 that read 128 tokens. What is
 * printed beside the assertions is its speed here, on one thread: least times in turns.
 */
@Tag("big")
class LargeEncoderTest {
    private static final int LAYERS = 3;
    private static final int LENGTH = 128;
    private static final int WIDTH = 384;
    private static final int INNER = 4 * WIDTH;
    private static final int HEADS = 6;
    private static final int TOKENS = 1000;

    @TempDir
    private Path folder;

    private final TestGraph graph = new TestGraph();
    private long seed;

    /** Normal weights that keep the variance of what is multiplied by them. */
    private String weight(String name, int in, int out) {
        Random random = new Random(seed++);
        float[] values = new float[in * out];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() / Math.sqrt(in));
        }
        graph.constant(name, List.of((long) in, (long) out), values);
        return name;
    }

    private String bias(String name, int length) {
        Random random = new Random(seed++);
        float[] values = new float[length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (0.02 * random.nextGaussian());
        }
        graph.constant(name, List.of((long) length), values);
        return name;
    }

    private String linear(String name, String input, int in, int out) {
        graph.node("MatMul", name + "_product", input, weight(name + "_w", in, out))
                .node("Add", name, name + "_product", bias(name + "_b", out));
        return name;
    }

    private String heads(String name, String input, Long... order) {
        graph.node("Reshape", name + "_split", input, "split_shape")
                .node("Transpose", name, name + "_split")
                .with("perm", List.of(order));
        return name;
    }

    private String gelu(String name, String input) {
        graph.node("Div", name + "_scaled", input, "root_2")
                .node("Erf", name + "_erf", name + "_scaled")
                .node("Add", name + "_one", name + "_erf", "one")
                .node("Mul", name + "_twice", input, name + "_one")
                .node("Mul", name, name + "_twice", "half");
        return name;
    }

    private String normalized(String name, String input) {
        float[] ones = new float[WIDTH];
        Arrays.fill(ones, 1);
        graph.constant(name + "_scale", List.of((long) WIDTH), ones)
                .node("LayerNormalization", name, input, name + "_scale", bias(name + "_shift", WIDTH));
        return name;
    }

    private String layer(String at, String input) {
        String query = heads(at + "_q", linear(at + "_query", input, WIDTH, WIDTH), 0L, 2L, 1L, 3L);
        String key = heads(at + "_k", linear(at + "_key", input, WIDTH, WIDTH), 0L, 2L, 3L, 1L);
        String value = heads(at + "_v", linear(at + "_value", input, WIDTH, WIDTH), 0L, 2L, 1L, 3L);
        graph.node("MatMul", at + "_scores", query, key)
                .node("Div", at + "_scaled", at + "_scores", "root_width")
                .node("Softmax", at + "_weights", at + "_scaled")
                .with("axis", -1)
                .node("MatMul", at + "_mixed", at + "_weights", value)
                .node("Transpose", at + "_joined", at + "_mixed")
                .with("perm", List.of(0L, 2L, 1L, 3L))
                .node("Reshape", at + "_context", at + "_joined", "join_shape");
        graph.node("Add", at + "_sum", input, linear(at + "_out", at + "_context", WIDTH, WIDTH));
        String attended = normalized(at + "_norm", at + "_sum");
        String inner = gelu(at + "_gelu", linear(at + "_inner", attended, WIDTH, INNER));
        graph.node("Add", at + "_sum2", attended, linear(at + "_outer", inner, INNER, WIDTH));
        return normalized(at + "_norm2", at + "_sum2");
    }

    private OnnxModel encoder() throws IOException {
        graph.input("tokens", OnnxType.INT64, "n", String.valueOf(LENGTH))
                .longs("split_shape", 0, 0, HEADS, WIDTH / HEADS)
                .longs("join_shape", 0, 0, WIDTH)
                .constant("root_2", TestGraph.scalar(), (float) Math.sqrt(2))
                .constant("one", TestGraph.scalar(), 1)
                .constant("half", TestGraph.scalar(), 0.5f)
                .constant("root_width", TestGraph.scalar(), (float) Math.sqrt((double) WIDTH / HEADS))
                .node("Gather", "embedded", weight("embedding", TOKENS, WIDTH), "tokens");
        String value = normalized("begin", "embedded");
        for (int i = 0; i < LAYERS; i++) {
            value = layer("l" + i, value);
        }
        graph.node("ReduceMean", "pooled", value).with("axes", List.of(1L)).with("keepdims", 0);
        linear("y", "pooled", WIDTH, 10);
        graph.output("y", OnnxType.FLOAT32, "n", "10");
        return graph.model();
    }

    private ModelData data(OnnxModel model, String name, int rows) throws IOException {
        Random random = new Random(rows);
        ByteBuffer bytes = ByteBuffer.allocate(rows * LENGTH * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        while (bytes.hasRemaining()) {
            bytes.putLong(random.nextInt(TOKENS));
        }
        return TestData.of(
                model,
                folder.resolve(name),
                new NpzWriter.Item(
                        "tokens",
                        NumberType.INT64,
                        List.of((long) rows, (long) LENGTH),
                        () -> new ByteArrayInputStream(bytes.array())));
    }

    private static double sqnr(OnnxModel model, OnnxModel int8, ModelData data) throws IOException {
        return ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
    }

    @Test
    void theUsualModelIsNoWorseThanTheToolsPlacement() throws IOException {
        OnnxModel model = encoder();
        ModelData calibration = data(model, "calib.npz", 64);
        ModelData test = data(model, "test.npz", 32);
        List<OnnxModel> tools = new ArrayList<>();
        for (WeightScales scales : WeightScales.values()) {
            tools.add(
                    new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME.withWeights(scales)).quantize(model, calibration));
        }
        OnnxModel usual = new ModelQuantizer(QuantizeSettings.CPU).quantize(model, calibration);
        double found = sqnr(model, usual, test);
        print("cpu", model, usual, test);
        for (OnnxModel tool : tools) {
            double beside = sqnr(model, tool, test);
            print("onnxruntime", model, tool, test);
            assertTrue(found >= beside - 0.1, () -> found + " dB beside " + beside);
        }
    }

    private static void print(String target, OnnxModel model, OnnxModel int8, ModelData test) throws IOException {
        for (ModelSpeed speed : ModelSpeed.measure(model, int8, test)) {
            System.out.printf(
                    Locale.ROOT,
                    "%s, batch of %s: float %.0f us, int8 %.0f us, ratio %.2f, %.2f dB%n",
                    target,
                    speed.rows(),
                    speed.first(),
                    speed.second(),
                    speed.ratio(),
                    sqnr(model, int8, test));
        }
    }
}
