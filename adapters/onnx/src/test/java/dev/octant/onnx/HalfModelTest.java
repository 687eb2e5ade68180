// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.onnx.QuantizeSettings.WeightScales;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** A model in float16 with external data: placed as the tool places it, computed in float32 where the tool does not. */
class HalfModelTest {
    /** The tool rounds ranges and scales to float16, with eleven bits. */
    private static final double SCALE = 3e-3;

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
}
