// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import dev.octant.onnx.QuantizeSettings.WeightScales;
import java.io.IOException;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Beside two files that the tool wrote: every node and constant, by name. */
class GoldenFileTest {
    @ParameterizedTest
    @CsvSource({"PER_TENSOR, tensor", "PER_CHANNEL, channel"})
    void namesAreTheSame(WeightScales weights, String granularity) throws IOException {
        GivenModel given = GivenModel.OPS_A;
        OnnxModel found = new ModelQuantizer(QuantizeSettings.ONNX_RUNTIME.withWeights(weights))
                .quantize(given.model(), given.calibration());
        OnnxModel tool = OnnxModel.read(given.file("quantize_static_u8s8_minmax_" + granularity + ".onnx"));
        assertEquals(nodes(tool), nodes(found));
        assertEquals(constants(tool), constants(found));
    }

    private static Map<String, NodeProto> nodes(OnnxModel model) {
        return model.proto().getGraph().getNodeList().stream()
                .collect(Collectors.toMap(node -> node.getOutput(0), Function.identity()));
    }

    /** Names, types and shapes; the values are {@link ParityTest}'s. */
    private static Map<String, String> constants(OnnxModel model) {
        return model.proto().getGraph().getInitializerList().stream()
                .collect(Collectors.toMap(
                        TensorProto::getName, tensor -> tensor.getDataType() + " " + tensor.getDimsList()));
    }
}
