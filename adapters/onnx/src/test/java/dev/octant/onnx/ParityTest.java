// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Beside what ONNX Runtime's tool wrote for the same models and data. */
class ParityTest {
    /** Ranges differ by a unit in the last place or two between versions of ONNX Runtime. */
    private static final double SCALE = 1e-6;

    private static final double DECIBELS = 0.01;

    static Stream<Arguments> configurations() {
        return Stream.of(GivenModel.DIGITS_CNN, GivenModel.MOBILE, GivenModel.ENCODER, GivenModel.OPS_A)
                .flatMap(model -> Stream.of("u8s8", "s8s8sym")
                        .flatMap(types ->
                                Stream.of(WeightScales.values()).map(weights -> Arguments.of(model, types, weights))));
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theToolWritesTheSame(GivenModel given, String types, WeightScales weights) throws IOException {
        JsonNode expected =
                given.expected(types + "/minmax/" + (weights == WeightScales.PER_TENSOR ? "tensor" : "channel"));
        OnnxModel model = new ModelQuantizer(settings(types, weights)).quantize(given.model(), given.calibration());
        QuantizedGraph found = new QuantizedGraph(model.proto());
        assertEquals(nodes(expected), found.nodes);
        assertEquals(keys(expected.get("activations")), List.copyOf(found.activations.keySet()));
        found.activations.forEach((name, activation) -> {
            JsonNode other = expected.get("activations").get(name);
            assertEquals(other.get("type").stringValue(), activation.type(), name);
            assertEquals(other.get("params_of").stringValue(), activation.paramsOf(), name);
            assertEquals(other.get("zero_point").intValue(), activation.zeroPoint(), name);
            assertClose(other.get("scale").doubleValue(), activation.scale(), name);
        });
        assertConstants(expected.get("weights"), found.weights, 0);
        assertConstants(expected.get("biases"), found.biases, SCALE);
        ModelComparison comparison = ModelComparison.of(given.model(), model, given.test());
        for (ModelComparison.Output output : comparison.outputs()) {
            assertEquals(
                    expected.get("sqnr_db").get(output.name()).doubleValue(), output.sqnrDb(), DECIBELS, output.name());
        }
    }

    static QuantizeSettings settings(String types, WeightScales weights) {
        QuantizeSettings settings = QuantizeSettings.ONNX_RUNTIME.withWeights(weights);
        return types.equals("u8s8") ? settings : settings.withActivations(QuantType.INT8, QuantScheme.SYMMETRIC);
    }

    static Map<String, QuantizedGraph.Op> nodes(JsonNode expected) {
        Map<String, QuantizedGraph.Op> nodes = new TreeMap<>();
        expected.get("nodes").properties().forEach(node -> {
            List<String> inputs = new ArrayList<>();
            node.getValue().get("in").forEach(input -> inputs.add(input.stringValue()));
            nodes.put(
                    node.getKey(),
                    new QuantizedGraph.Op(node.getValue().get("op").stringValue(), inputs));
        });
        return nodes;
    }

    private static List<String> keys(JsonNode object) {
        return object.propertyNames().stream().sorted().toList();
    }

    private static void assertConstants(
            JsonNode expected, Map<String, QuantizedGraph.Constant> found, double scaleTolerance) {
        assertEquals(keys(expected), List.copyOf(found.keySet()));
        found.forEach((name, constant) -> {
            JsonNode other = expected.get(name);
            assertEquals(other.get("type").stringValue(), constant.type(), name);
            assertEquals(other.get("axis").isNull() ? null : other.get("axis").intValue(), constant.axis(), name);
            // Where all are one, it is listed once.
            assertEquals(
                    integers(other.get("zero_point")),
                    constant.zeroPoints().stream().distinct().toList(),
                    name);
            assertEquals(
                    integers(other.get("dims")),
                    constant.dims().stream().map(Long::intValue).toList(),
                    name);
            assertEquals(other.get("scale").size(), constant.scales().size(), name);
            for (int i = 0; i < constant.scales().size(); i++) {
                double scale = other.get("scale").get(i).doubleValue();
                assertEquals(scale, constant.scales().get(i), scaleTolerance * scale, name);
            }
            assertEquals(other.get("sha256").stringValue(), constant.sha(), name);
        });
    }

    private static List<Integer> integers(JsonNode array) {
        List<Integer> values = new ArrayList<>();
        array.forEach(value -> values.add(value.intValue()));
        return values;
    }

    private static void assertClose(double expected, double found, String name) {
        assertTrue(Math.abs(found - expected) <= SCALE * expected, () -> name + " " + expected + " " + found);
    }
}
