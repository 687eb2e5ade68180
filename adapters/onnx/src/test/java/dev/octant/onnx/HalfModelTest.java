// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.FunctionProto;
import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.OperatorSetIdProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A model in float16 with external data: placed as the tool places it, computed in float32 where the tool does not. */
class HalfModelTest {
    /** The tool rounds ranges and scales to float16, with eleven bits. */
    private static final double SCALE = 3e-3;

    /** 1, -1, 0.5, 2 and -0.5 as the bits of float16. */
    private static final int[] POWERS_OF_TWO = {0x3c00, 0xbc00, 0x3800, 0x4000, 0xb800};

    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({"u8s8, PER_TENSOR, tensor", "u8s8, PER_CHANNEL, channel", "s8s8sym, PER_TENSOR, tensor"})
    void theToolPlacesTheSame(String types, WeightScales weights, String granularity) throws IOException {
        GivenModel given = GivenModel.FP16_EXTERNAL;
        JsonNode expected = given.expected(types + "/minmax/" + granularity);
        OnnxModel model =
                new ModelQuantizer(ParityTest.settings(types, weights)).quantize(given.model(), given.calibration());
        QuantizedGraph found = new QuantizedGraph(model.proto());
        Map<String, QuantizedGraph.Op> nodes = new TreeMap<>();
        found.nodes.forEach((output, node) -> {
            if (!node.op().equals("Cast")) {
                List<String> inputs = new ArrayList<>();
                node.inputs().forEach(input -> inputs.add(input.replace("_float32", "")));
                nodes.put(output.replace("_float32", ""), new QuantizedGraph.Op(node.op(), inputs));
            }
        });
        assertEquals(ParityTest.nodes(expected), nodes);
        assertEquals(2, found.nodes.size() - nodes.size(), "one Cast at the input, one at the output");
        found.activations.forEach((name, activation) -> {
            JsonNode other = expected.get("activations").get(name.replace("_float32", ""));
            assertEquals(other.get("type").stringValue(), activation.type(), name);
            assertEquals(
                    other.get("params_of").stringValue(), activation.paramsOf().replace("_float32", ""), name);
            assertEquals(other.get("zero_point").intValue(), activation.zeroPoint(), 1, name);
            double scale = other.get("scale").doubleValue();
            assertEquals(scale, activation.scale(), SCALE * scale, name);
        });
        // Int8 kernels round once more than the float16 ones that the tool is left with.
        double sqnr = ModelComparison.of(given.model(), model, given.test())
                .outputs()
                .get(0)
                .sqnrDb();
        double tool = expected.get("sqnr_db").get("y").doubleValue();
        assertTrue(sqnr > tool - 0.4, () -> sqnr + " beside the tool's " + tool);
    }

    /** Constants that are outputs too, and functions of the model's own that cast to float16. */
    @ParameterizedTest
    @CsvSource({"true, false", "false, true", "true, true"})
    void allThatMakesFloat16IsWidened(boolean isConstantOutput, boolean isInFunction) throws IOException {
        TestGraph graph = new TestGraph()
                .input("x", OnnxType.FLOAT32, "n", "4")
                .node("Cast", "h", "x")
                .with("to", OnnxType.FLOAT16.code())
                .node("MatMul", "m", "h", "w")
                .node(isInFunction ? "Half" : "Neg", "f", "m")
                .node("MatMul", "y", "f", "w")
                .output("y", OnnxType.FLOAT16, "n", "4");
        TensorProto.Builder weight = TensorProto.newBuilder()
                .setName("w")
                .setDataType(OnnxType.FLOAT16.code())
                .addDims(4)
                .addDims(4);
        for (int i = 0; i < 16; i++) {
            weight.addInt32Data(POWERS_OF_TWO[i * i % POWERS_OF_TWO.length]);
        }
        graph.graph.addInitializer(weight);
        if (isConstantOutput) {
            graph.output("w", OnnxType.FLOAT16, "4", "4");
        }
        ModelProto.Builder proto = graph.proto();
        if (isInFunction) {
            proto.getGraphBuilder().getNodeBuilder(2).setDomain("local");
            OperatorSetIdProto.Builder opset =
                    OperatorSetIdProto.newBuilder().setDomain("local").setVersion(1);
            proto.addOpsetImport(opset)
                    .addFunctions(FunctionProto.newBuilder()
                            .setName("Half")
                            .setDomain("local")
                            .addInput("a")
                            .addOutput("b")
                            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(17))
                            .addNode(cast("a", "c", OnnxType.FLOAT32))
                            .addNode(NodeProto.newBuilder()
                                    .setOpType("Neg")
                                    .addInput("c")
                                    .addOutput("d"))
                            .addNode(cast("d", "b", OnnxType.FLOAT16)));
        }
        OnnxModel model = OnnxModel.of(proto.build().toByteArray());
        ModelData data = TestData.of(model, folder.resolve("x.npz"), TestData.random("x", 3, 4L, 4L));
        for (Target target : Target.values()) {
            OnnxModel int8 = new ModelQuantizer(QuantizeSettings.of(target)).quantize(model, data);
            for (ModelComparison.Output output :
                    ModelComparison.of(model, int8, data).outputs()) {
                assertTrue(output.sqnrDb() > 25, () -> target + ", " + output.name() + ": " + output.sqnrDb() + " dB");
            }
        }
    }

    private static NodeProto.Builder cast(String from, String to, OnnxType type) {
        return NodeProto.newBuilder()
                .setOpType("Cast")
                .addInput(from)
                .addOutput(to)
                .addAttribute(AttributeProto.newBuilder()
                        .setName("to")
                        .setType(AttributeProto.AttributeType.INT)
                        .setI(type.code()));
    }
}
