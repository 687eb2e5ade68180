// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Node test cases of the ONNX standard. With {@code -Doctant.onnx.node=FILE} they are those of another file of the same
 * form, and the list of what is not computed is printed.
 */
class OnnxNodeTest {
    private static final String FILE = System.getProperty("octant.onnx.node");
    private static final List<OnnxNode> CASES = cases();
    private static final String FLOAT_SOFTMAX = "Octant's softmax is one of codes, not of floats";
    private static final String LAYER = "an op of layers: quant-ops has functions of one value";
    private static final String PRODUCT = "a product: OnnxProductTest of quant-layers computes it with the layers";

    /** What is not computed, and why: a case that becomes computable, or vanishes, must leave this list. */
    private static final Map<String, String> NOT_COMPUTED = Map.ofEntries(
            Map.entry("test_batchnorm_epsilon", LAYER),
            Map.entry("test_batchnorm_epsilon_training_mode", LAYER),
            Map.entry("test_batchnorm_example_training_mode", LAYER),
            Map.entry("test_convinteger_with_padding", PRODUCT),
            Map.entry("test_dequantizelinear_float4e2m1", "float4_e2m1fn is no type that Octant quantizes to"),
            Map.entry("test_hardmax_axis_0", FLOAT_SOFTMAX),
            Map.entry("test_hardmax_axis_1", FLOAT_SOFTMAX),
            Map.entry("test_hardmax_default_axis", FLOAT_SOFTMAX),
            Map.entry("test_hardmax_example", FLOAT_SOFTMAX),
            Map.entry("test_hardmax_one_hot", FLOAT_SOFTMAX),
            Map.entry("test_logsoftmax_axis_0", FLOAT_SOFTMAX),
            Map.entry("test_logsoftmax_axis_2", FLOAT_SOFTMAX),
            Map.entry("test_logsoftmax_default_axis", FLOAT_SOFTMAX),
            Map.entry("test_logsoftmax_large_number", FLOAT_SOFTMAX),
            Map.entry("test_logsoftmax_negative_axis", FLOAT_SOFTMAX),
            Map.entry("test_qlinearconv", PRODUCT),
            Map.entry("test_qlinearmatmul_2D_int8_float16", PRODUCT),
            Map.entry("test_qlinearmatmul_2D_uint8_float16", PRODUCT),
            Map.entry("test_qlinearmatmul_2D_uint8_float32", PRODUCT),
            Map.entry("test_qlinearmatmul_3D_int8_float32", PRODUCT),
            Map.entry("test_qlinearmatmul_3D_uint8_float16", PRODUCT),
            Map.entry("test_quantizelinear_float4e2m1", "float4_e2m1fn is no type that Octant quantizes to"),
            Map.entry("test_softmax_axis_0", FLOAT_SOFTMAX),
            Map.entry("test_softmax_axis_1", FLOAT_SOFTMAX),
            Map.entry("test_softmax_default_axis", FLOAT_SOFTMAX),
            Map.entry("test_softmax_example", FLOAT_SOFTMAX),
            Map.entry("test_softmax_negative_axis", FLOAT_SOFTMAX));

    static List<OnnxNode> cases() {
        try (InputStream packed = FILE == null
                ? OnnxNodeTest.class.getResourceAsStream("/golden/onnx_node.jsonl.gz")
                : Files.newInputStream(Path.of(FILE))) {
            return OnnxNode.all(packed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void outputsAreTheStandards(OnnxNode node) {
        String reason = OnnxNodeRunner.run(node);
        if (FILE != null) {
            System.out.println(node.test() + ": " + (reason.isEmpty() ? "passes" : reason));
        } else {
            assertEquals(NOT_COMPUTED.getOrDefault(node.test(), ""), reason);
        }
    }

    @Test
    void whatIsNotComputedIsThere() {
        Map<String, String> reasons = new TreeMap<>();
        for (OnnxNode node : CASES) {
            String reason = OnnxNodeRunner.run(node);
            if (!reason.isEmpty()) {
                reasons.put(node.test(), reason);
            }
        }
        assertTrue(FILE != null || reasons.equals(NOT_COMPUTED), () -> "not computed are " + reasons);
        assertTrue(FILE != null || CASES.size() == 82, () -> "82 cases are recorded, were " + CASES.size());
    }
}
