// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import com.google.protobuf.ByteString;
import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.graph.Captures;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The ops that the given models do not have: each goes through both placements, and what comes out runs. */
class ManyOpsTest {
    @TempDir
    private Path folder;

    /** One op on images, between two convolutions, so that what it reads and writes is wanted as codes. */
    private static TestGraph images(String op, String... more) {
        String[] inputs = Stream.concat(Stream.of("c"), Arrays.stream(more)).toArray(String[]::new);
        return new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("b", 2, 4L)
                .node("Conv", "c", "x", "w", "b")
                .node(op, "o", inputs);
    }

    private static TestGraph ints(TestGraph graph, String name, long... values) {
        return graph.longs(name, values);
    }

    private static TestGraph list(TestGraph graph, String name, long... values) {
        return graph.with(name, Arrays.stream(values).boxed().toList());
    }

    private static TestGraph text(TestGraph graph, String name, String value) {
        graph.graph
                .getNodeBuilder(graph.graph.getNodeCount() - 1)
                .addAttribute(AttributeProto.newBuilder()
                        .setName(name)
                        .setType(AttributeProto.AttributeType.STRING)
                        .setS(ByteString.copyFromUtf8(value)));
        return graph;
    }

    private static Arguments of(String name, TestGraph graph) {
        return Arguments.of(name, graph);
    }

    static Stream<Arguments> models() {
        TestGraph topK = ints(images("TopK", "k"), "k", 4);
        topK.graph.getNodeBuilder(1).addOutput("indices");
        TestGraph split = ints(images("Split", "parts"), "parts", 1, 3).with("axis", 1);
        split.graph
                .getNodeBuilder(1)
                .setName("split")
                .clearOutput()
                .addOutput("o1")
                .addOutput("o2");
        split.node("Concat", "o", "o2", "o1").with("axis", 1);
        TestGraph where = images("Where", "c");
        where.graph.getNodeBuilder(1).clearInput().addAllInput(List.of("is", "c", "x"));
        where.graph.addNode(
                1,
                NodeProto.newBuilder()
                        .setOpType("Less")
                        .addInput("x")
                        .addInput("c")
                        .addOutput("is"));
        TestGraph elements = images("GatherElements", "rows").with("axis", 3);
        elements.graph
                .addNode(
                        1,
                        NodeProto.newBuilder()
                                .setOpType("ArgMax")
                                .addInput("c")
                                .addOutput("arg")
                                .addAttribute(AttributeProto.newBuilder()
                                        .setName("axis")
                                        .setType(AttributeProto.AttributeType.INT)
                                        .setI(3)))
                .getNodeBuilder(2)
                .setInput(1, "arg");
        TestGraph transposed =
                images("ConvTranspose", "t", "u").random("t", 4, 4L, 3L, 2L, 2L).random("u", 5, 3L);
        return Stream.of(
                of("ConvTranspose", list(transposed, "strides", 2, 2)),
                of("InstanceNormalization", images("InstanceNormalization", "b", "b")),
                of(
                        "LayerNormalization",
                        images("LayerNormalization", "g", "h")
                                .random("g", 6, 8L)
                                .random("h", 7, 8L)),
                of(
                        "BatchNormalization",
                        images("BatchNormalization", "b", "b", "b", "var").constant("var", List.of(4L), 1, 2, 3, 4)),
                of("Pad reflect", text(ints(images("Pad", "p"), "p", 0, 0, 1, 1, 0, 0, 1, 1), "mode", "reflect")),
                of(
                        "Pad 0",
                        ints(
                                images("Pad", "p", "zero").constant("zero", TestGraph.scalar(), 0),
                                "p",
                                0,
                                0,
                                1,
                                1,
                                0,
                                0,
                                1,
                                1)),
                of(
                        "Pad 2",
                        ints(
                                images("Pad", "p", "two").constant("two", TestGraph.scalar(), 2),
                                "p",
                                0,
                                0,
                                1,
                                1,
                                0,
                                0,
                                1,
                                1)),
                of("TopK", topK),
                of("Split", split),
                of("Where", where),
                of("GatherElements", elements),
                of("Gather", ints(images("Gather", "rows").with("axis", 2), "rows", 3, 1)),
                of("Slice", ints(ints(ints(images("Slice", "from", "to", "axes"), "from", 1), "to", 7), "axes", 3)),
                of("CumSum", ints(images("CumSum", "axis"), "axis", 3)),
                of("DepthToSpace", images("DepthToSpace").with("blocksize", 2)),
                of("Tile", ints(images("Tile", "times"), "times", 1, 1, 2, 1)),
                of("Softmax", images("Softmax").with("axis", 1)),
                of("Clip", images("Clip", "lo").constant("lo", TestGraph.scalar(), -0.5f)),
                of("Mul by itself", images("Mul", "c")),
                of("Flatten", images("Flatten")),
                of(
                        "Resize linear",
                        text(images("Resize", "", "s").constant("s", List.of(4L), 1, 1, 2, 2), "mode", "linear")),
                of("Resize nearest", images("Resize", "", "s").constant("s", List.of(4L), 1, 1, 2, 2)),
                of("GlobalAveragePool", images("GlobalAveragePool")),
                of("MaxPool", list(images("MaxPool"), "kernel_shape", 2, 2)),
                of("AveragePool", list(images("AveragePool"), "kernel_shape", 2, 2)),
                of("Sigmoid", images("Sigmoid")),
                of("Tanh", images("Tanh")));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("models")
    void goesThrough(String name, TestGraph graph) throws IOException {
        boolean isFlat = name.equals("Flatten");
        // Something int8 behind the op reads its output.
        if (isFlat) {
            graph.random("m", 9, 256L, 3L).node("MatMul", "q", "o", "m");
        } else {
            graph.node("GlobalAveragePool", "pooled", "o").node("Flatten", "flat", "pooled");
            graph.random("m", 9, name.equals("ConvTranspose") ? 3L : name.equals("DepthToSpace") ? 1L : 4L, 3L)
                    .node("MatMul", "q", "flat", "m");
        }
        OnnxModel model = graph.node("Sub", "y", "q", "q0")
                .constant("q0", TestGraph.scalar(), 0.5f)
                .output("y", OnnxType.FLOAT32, "n", "3")
                .output("o", OnnxType.FLOAT32)
                .model();
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 20L, 4L, 8L, 8L));
        for (Target target : Target.values()) {
            for (WeightScales weights : WeightScales.values()) {
                for (QuantType type : List.of(QuantType.UINT8, QuantType.INT8)) {
                    if (target == Target.TENSORRT && type == QuantType.UINT8) {
                        continue;
                    }
                    QuantScheme scheme = type == QuantType.UINT8 ? QuantScheme.ASYMMETRIC : QuantScheme.SYMMETRIC;
                    QuantizeSettings settings = QuantizeSettings.of(target)
                            .withActivations(type, scheme)
                            .withWeights(weights)
                            .withExactActivations(weights == WeightScales.PER_CHANNEL
                                    && (target == Target.CPU || target == Target.ARM64));
                    OnnxModel int8 = new ModelQuantizer(settings).quantize(model, data);
                    assertEquals(ExternalData.NONE, int8.external());
                    assertWellFormed(int8);
                    for (ModelComparison.Output output :
                            ModelComparison.of(model, int8, data).outputs()) {
                        assertTrue(output.sqnrDb() > 12, () -> settings + " " + output);
                    }
                }
            }
        }
    }

    /** As the checker of ONNX asks for: names are used once, and every value is there before it is read. */
    private static void assertWellFormed(OnnxModel model) {
        Set<String> there = new HashSet<>(List.of(""));
        Set<String> nodes = new HashSet<>();
        model.proto().getGraph().getInputList().forEach(input -> assertTrue(there.add(input.getName())));
        model.proto()
                .getGraph()
                .getInitializerList()
                .forEach(constant -> assertTrue(there.add(constant.getName()), constant.getName()));
        for (NodeProto node : model.proto().getGraph().getNodeList()) {
            Captures.reads(node).forEach(value -> assertTrue(there.contains(value), value));
            node.getOutputList().forEach(value -> assertTrue(there.add(value), value));
            assertTrue(node.getName().isEmpty() || nodes.add(node.getName()), node.getName());
        }
        Set<String> read =
                Captures.readers(model.proto().getGraph().getNodeList()).keySet();
        model.proto()
                .getGraph()
                .getInitializerList()
                .forEach(constant -> assertTrue(read.contains(constant.getName()), constant.getName()));
    }
}
