// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.onnx.internal.run.Session;
import dev.octant.onnx.internal.run.Session.Optimization;
import dev.octant.onnx.internal.run.Session.Threads;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.OnnxType;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Activation functions as tables of 256 codes. */
class TablesTest {
    @TempDir
    private Path folder;

    private static TestGraph conv() {
        return new TestGraph()
                .opset(18)
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("v", 2, 4L, 4L, 1L, 1L)
                .node("Conv", "c", "x", "w");
    }

    private static TestGraph ended(TestGraph graph) {
        return graph.node("Conv", "d", "a", "v")
                .node("Neg", "y", "d")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
    }

    private static TestGraph function(TestGraph graph, String function) {
        return switch (function) {
            case "mish" -> graph.node("Mish", "a", "c");
            case "mish in parts" ->
                graph.node("Softplus", "p", "c").node("Tanh", "t", "p").node("Mul", "a", "t", "c");
            case "elu" -> graph.node("Elu", "a", "c").with("alpha", 0.5f);
            case "softplus" -> graph.node("Softplus", "a", "c");
            case "silu" -> graph.node("Sigmoid", "s", "c").node("Mul", "a", "c", "s");
            case "gelu in parts" ->
                graph.constant("root", TestGraph.scalar(), (float) Math.sqrt(2))
                        .constant("one", TestGraph.scalar(), 1)
                        .constant("half", TestGraph.scalar(), 0.5f)
                        .node("Div", "q", "c", "root")
                        .node("Erf", "e", "q")
                        .node("Add", "o", "e", "one")
                        .node("Mul", "m", "c", "o")
                        .node("Mul", "a", "m", "half");
            case "hardswish" -> graph.node("HardSwish", "a", "c");
            default -> throw new IllegalArgumentException(function);
        };
    }

    private OnnxModel quantized(TestGraph graph, QuantizeSettings settings) throws IOException {
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 40L, 4L, 8L, 8L));
        OnnxModel int8 = new ModelQuantizer(settings.withAccuracy(Accuracy.PLAIN)).quantize(model, data);
        double sqnr = ModelComparison.of(model, int8, data).outputs().get(0).sqnrDb();
        assertTrue(sqnr > 25, () -> "SQNR " + sqnr + " dB");
        return int8;
    }

    private static Optional<TensorProto> table(OnnxModel model, String value) {
        return model.proto().getGraph().getInitializerList().stream()
                .filter(constant -> constant.getName().equals(value + "_table"))
                .findFirst();
    }

    /** What is slow is a table; what is fast is one where it is asked for. */
    @ParameterizedTest
    @CsvSource({
        "mish, true",
        "mish in parts, true",
        "elu, true",
        "softplus, true",
        "silu, false",
        "gelu in parts, false",
        "hardswish, false"
    })
    void slowFunctionsAreTables(String function, boolean isSlow) throws IOException {
        TestGraph graph = ended(function(conv(), function));
        OnnxModel usual = quantized(graph, QuantizeSettings.CPU);
        assertEquals(isSlow, table(usual, "a").isPresent());
        OnnxModel exact = quantized(graph, QuantizeSettings.CPU.withExactActivations(true));
        assertTrue(table(exact, "a").isPresent());
        assertEquals(
                Set.of(
                        "Cast",
                        "Conv",
                        "DequantizeLinear",
                        "GatherElements",
                        "Neg",
                        "QuantizeLinear",
                        "Reshape",
                        "Shape"),
                exact.info().ops().keySet());
    }

    /** Entry by entry that of the function between these grids, in the order of raw bytes. */
    @ParameterizedTest
    @CsvSource({
        "mish, mish",
        "mish in parts, mish",
        "elu, elu(0.5)",
        "softplus, softplus",
        "silu, silu",
        "gelu in parts, gelu",
        "hardswish, hardswish"
    })
    void tablesAreThoseOfTheFunction(String function, String name) throws IOException {
        for (QuantType type : new QuantType[] {QuantType.UINT8, QuantType.INT8}) {
            QuantizeSettings settings = QuantizeSettings.CPU
                    .withActivations(type, QuantScheme.ASYMMETRIC)
                    .withExactActivations(true);
            OnnxModel model = quantized(ended(function(conv(), function)), settings);
            Map<String, QuantizedGraph.Activation> codes = new QuantizedGraph(model.proto()).activations;
            QuantizedGraph.Activation c = codes.get("c");
            QuantParams input = QuantParams.of(type, c.scale(), c.zeroPoint());
            byte[] found = table(model, "a").orElseThrow().getRawData().toByteArray();
            // The scale of a is not in a QuantizeLinear: it is that of its DequantizeLinear.
            QuantParams output = output(model, type);
            Activation wanted = Activation.parse(name);
            int differing = 0;
            for (int raw = 0; raw < 256; raw++) {
                int code = output.quantize((float) wanted.value(input.dequantize(type.code((byte) raw))));
                int difference = Math.abs(type.code(found[raw]) - code);
                assertTrue(difference <= 1, function + " at " + raw);
                differing += difference;
            }
            // Constants of the graph are floats: the root of 2 is not the real one.
            assertTrue(differing <= (function.startsWith("gelu") ? 2 : 0), function + ": " + differing);
        }
    }

    private static QuantParams output(OnnxModel model, QuantType type) {
        float scale = 0;
        int zero = 0;
        for (TensorProto constant : model.proto().getGraph().getInitializerList()) {
            if (constant.getName().equals("a_scale")) {
                scale = Float.intBitsToFloat(Integer.reverseBytes(
                        constant.getRawData().asReadOnlyByteBuffer().getInt()));
            } else if (constant.getName().equals("a_zero_point")) {
                zero = type.code(constant.getRawData().byteAt(0));
            }
        }
        return QuantParams.of(type, scale, zero);
    }

    /** A table has the same bits however the model is optimized; what surrounds it is a Neg and exact. */
    @Test
    void bitsDoNotDependOnOptimizations() throws IOException {
        TestGraph graph = conv().node("Sigmoid", "s", "x").node("Mul", "a", "x", "s");
        graph.node("Neg", "y", "a").output("y", OnnxType.FLOAT32, "n", "4", "8", "8");
        graph.output("c", OnnxType.FLOAT32, "n", "4", "8", "8").node("Conv", "e", "a", "v");
        graph.node("Neg", "z", "e").output("z", OnnxType.FLOAT32, "n", "4", "8", "8");
        OnnxModel model = quantized(graph, QuantizeSettings.CPU.withExactActivations(true));
        assertTrue(table(model, "a").isPresent());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 4, 5L, 4L, 8L, 8L));
        Map<Optimization, float[]> found = new EnumMap<>(Optimization.class);
        for (Optimization optimization : Optimization.values()) {
            try (Session session = Session.open(model.proto(), model.external(), optimization, Threads.ONE)) {
                data.forEachBatch(batch ->
                        session.run(batch, Set.of("y"), (name, output) -> found.put(optimization, output.floats())));
            }
        }
        assertArrayEquals(found.get(Optimization.NONE), found.get(Optimization.ALL));
    }

    /** Nodes that are named, and values that something else reads, stay. */
    @Test
    void whatIsReadElsewhereOrKeptIsNoTable() throws IOException {
        TestGraph graph = ended(function(conv(), "mish in parts"));
        OnnxModel kept = quantized(graph, QuantizeSettings.CPU.withFloatNodes(Set.of("t_node")));
        assertTrue(table(kept, "a").isEmpty());
        TestGraph read = ended(function(conv(), "mish in parts"));
        read.node("Neg", "n", "p").output("n", OnnxType.FLOAT32, "n", "4", "8", "8");
        OnnxModel shared = quantized(read, QuantizeSettings.CPU.withExactActivations(true));
        // What is read is a table of its own, and the rest has two inputs: no function of one number.
        assertTrue(table(shared, "p").isPresent());
        assertTrue(table(shared, "a").isEmpty());
    }

    /** A body reads the value of the table's codes, for nothing computes the value itself. */
    @Test
    void bodiesReadWhatTablesWrite() throws IOException {
        TestGraph then = new TestGraph().node("Tanh", "t", "a").output("t", OnnxType.FLOAT32, "n", "4", "8", "8");
        TestGraph inner = new TestGraph().node("Neg", "o", "a").output("o", OnnxType.FLOAT32, "n", "4", "8", "8");
        TestGraph otherwise = new TestGraph()
                .node("If", "e", "k")
                .with("then_branch", inner)
                .with(
                        "else_branch",
                        new TestGraph().node("Abs", "p", "a").output("p", OnnxType.FLOAT32, "n", "4", "8", "8"))
                .output("e", OnnxType.FLOAT32, "n", "4", "8", "8");
        TestGraph graph = ended(function(conv(), "softplus"))
                .constant("zero", TestGraph.scalar(), 0)
                .node("ReduceMax", "m", "x")
                .with("keepdims", 0)
                .node("Less", "k", "m", "zero")
                .node("If", "z", "k")
                .with("then_branch", then)
                .with("else_branch", otherwise)
                .output("z", OnnxType.FLOAT32, "n", "4", "8", "8");
        assertTrue(table(quantized(graph, QuantizeSettings.CPU), "a").isPresent());
        OnnxModel exact = quantized(graph, QuantizeSettings.CPU.withExactActivations(true));
        assertTrue(table(exact, "a").isPresent());
    }

    /** A constant of shape (1) makes a vector of one number without dimensions, and leaves all else its shape. */
    @ParameterizedTest
    @CsvSource({"true, true", "true, false", "false, true", "false, false"})
    void constantsDoNotChangeTheShape(boolean isVector, boolean isScalarInput) throws IOException {
        TestGraph graph = new TestGraph()
                .opset(18)
                .input("x", OnnxType.FLOAT32, "n", "8")
                .random("w", 1, 8L, 4L)
                .constant("two", isVector ? TestGraph.shape(1) : TestGraph.scalar(), 2);
        if (isScalarInput) {
            graph.node("ReduceMean", "s", "x").with("keepdims", 0);
        } else {
            graph.node("MatMul", "s", "x", "w");
        }
        graph.node("Softplus", "p", "s")
                .node("Tanh", "t", "p")
                .node("Mul", "m", "s", "t")
                .node("Mul", "a", "m", "two")
                .node("Shape", "shape", "a")
                .output("shape", OnnxType.INT64, "k");
        graph.longs("row", 1, -1).node("Reshape", "f", "a", "row");
        if (isScalarInput) {
            graph.random("g", 2, 1L, 4L).node("MatMul", "y", "f", "g");
        } else {
            graph.random("g", 2, 4L, 4L).node("MatMul", "y", "a", "g");
        }
        graph.output("y", OnnxType.FLOAT32, "n", "4");
        OnnxModel model = graph.model();
        ModelData data = TestData.of(model, folder.resolve("s.npz"), TestData.random("x", 3, 40L, 8L));
        QuantizeSettings settings =
                QuantizeSettings.CPU.withExactActivations(true).withAccuracy(Accuracy.PLAIN);
        OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
        boolean[] found = new boolean[1];
        data.forEachBatch(batch -> {
            try (ModelRunner before = ModelRunner.open(model);
                    ModelRunner after = ModelRunner.open(int8)) {
                assertEquals(
                        before.run(batch).get("shape").shape(),
                        after.run(batch).get("shape").shape());
                found[0] = true;
            }
        });
        assertTrue(found[0]);
        assertEquals(!(isVector && isScalarInput), table(int8, "a").isPresent());
    }
}
