// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.onnx.internal.graph.NodeNames;
import dev.octant.onnx.values.Accuracy;
import dev.octant.onnx.values.NodePlan;
import dev.octant.onnx.values.NodePlan.Fate;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.Target;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What is said of nodes before a model is quantized. */
class NodePlansTest {
    private static long count(List<NodePlan> plan, String op, Fate fate) {
        return plan.stream()
                .filter(node -> node.op().equals(op) && node.fate() == fate)
                .count();
    }

    /** The numbers of fused kernels that {@link CpuPlacementTest} finds in ONNX Runtime's own graph. */
    @ParameterizedTest
    @CsvSource({"DIGITS_CNN, 5, 2", "MOBILE, 23, 1", "FP16_EXTERNAL, 2, 2", "OPS_A, 3, 3"})
    void kernelsOfTheCpu(GivenModel given, long convs, long gemms) throws IOException {
        List<NodePlan> plan = new ModelQuantizer(QuantizeSettings.CPU).plan(given.model());
        assertEquals(convs, count(plan, "Conv", Fate.INT8));
        assertEquals(gemms, count(plan, "Gemm", Fate.INT8));
    }

    /** Of the same nodes, for every target, as the model that is written. */
    @ParameterizedTest
    @EnumSource(Target.class)
    void plansAreThoseOfTheModel(Target target) throws IOException {
        GivenModel given = GivenModel.OPS_A;
        ModelQuantizer quantizer =
                new ModelQuantizer(QuantizeSettings.of(target).withAccuracy(Accuracy.PLAIN));
        List<NodePlan> plan = quantizer.plan(given.model());
        assertEquals(
                given.model().proto().getGraph().getNodeList().stream()
                        .map(NodeNames::of)
                        .toList(),
                plan.stream().map(NodePlan::name).toList());
        Map<String, QuantizedGraph.Op> written = new HashMap<>();
        OnnxModel int8 = quantizer.quantize(given.model(), given.calibration());
        QuantizedGraph graph = new QuantizedGraph(int8.proto());
        for (var node : int8.proto().getGraph().getNodeList()) {
            written.put(
                    NodeNames.of(node),
                    graph.nodes.get(
                            node.getOutputCount() == 0 ? "" : node.getOutput(0).replace("_QuantizeLinear_Input", "")));
        }
        for (NodePlan node : plan) {
            QuantizedGraph.Op found = written.get(node.name());
            assertEquals(node.fate() == Fate.GONE || node.fate() == Fate.TABLE, found == null, node::toString);
            boolean isMultiplied = Set.of("Conv", "Gemm").contains(node.op());
            if (isMultiplied) {
                assertEquals(
                        node.fate() == Fate.INT8,
                        found.inputs().get(1).startsWith("w:")
                                && found.inputs().get(0).startsWith("q:"),
                        node + " " + found);
            }
        }
    }

    @Test
    void reasons() throws IOException {
        OnnxModel model = new TestGraph()
                .opset(18)
                .input("x", OnnxType.FLOAT32, "n", "4", "8", "8")
                .input("k", OnnxType.FLOAT32, "4", "4", "1", "1")
                .random("w", 1, 4L, 4L, 1L, 1L)
                .random("b", 2, 4L)
                .node("Identity", "i", "x")
                .node("Conv", "c", "i", "w")
                .node("BatchNormalization", "n", "c", "b", "b", "b", "positive")
                .constant("positive", List.of(4L), 1, 2, 3, 4)
                .node("Relu", "r", "n")
                .node("Conv", "d", "r", "k")
                .node("Add", "a", "d", "r")
                .node("Mish", "m", "r")
                .node("Conv", "e", "m", "w")
                .node("Exp", "f", "e")
                .node("Relu", "g", "f")
                .node("Conv", "y", "g", "w")
                .node("Shape", "s", "y")
                .output("y", OnnxType.FLOAT32, "n", "4", "8", "8")
                .output("a", OnnxType.FLOAT32, "n", "4", "8", "8")
                .output("s", OnnxType.INT64, "4")
                .model();
        Map<String, String> found = new HashMap<>();
        QuantizeSettings settings = QuantizeSettings.CPU.withFloatNodes(Set.of("f"));
        new ModelQuantizer(settings)
                .plan(model)
                .forEach(node ->
                        found.put(node.name().replace("_node", ""), node.fate().label() + ": " + node.reason()));
        assertEquals("gone: it is a constant, or taken into the node before it", found.get("i"));
        assertEquals("int8: it computes on codes", found.get("c"));
        assertEquals("gone: it is a constant, or taken into the node before it", found.get("n"));
        assertEquals("gone: codes end where it would clip", found.get("r"));
        assertEquals("float: its weight is no constant", found.get("d"));
        assertEquals("float: not all that it reads is written as codes, or nothing reads codes of it", found.get("a"));
        assertEquals("table: its function has one number in and one out", found.get("m"));
        assertEquals("float: it is to stay float", found.get("f"));
        assertEquals("float: no int8 op that computes is alone before it", found.get("g"));
        assertEquals("float: it writes an output of the model, and int8 Convs write codes", found.get("y"));
        assertEquals("float: it computes no numbers of float32", found.get("s"));
    }
}
