// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The products among the node test cases of the ONNX standard; {@code OnnxNodeTest} of quant-ops runs the other ones.
 * With {@code -Doctant.onnx.node=FILE} they are those of another file, and what is not computed is printed.
 */
class OnnxProductTest {
    private static final String FILE = System.getProperty("octant.onnx.node");

    static List<OnnxProduct> cases() {
        try (InputStream packed = FILE == null
                ? Objects.requireNonNull(OnnxProductTest.class.getResourceAsStream("/golden/onnx_node.jsonl.gz"))
                : Files.newInputStream(Path.of(FILE))) {
            return OnnxProduct.all(packed);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest(allowZeroInvocations = true)
    @MethodSource("cases")
    void outputsAreTheStandards(OnnxProduct node) {
        String reason = OnnxProductRunner.run(node);
        if (FILE != null) {
            System.out.println(node.test() + ": " + (reason.isEmpty() ? "passes" : reason));
        } else {
            assertEquals("", reason);
        }
    }

    @Test
    void allAreThere() {
        assertTrue(FILE != null || cases().size() == 7, () -> "7 products are recorded, were " + cases());
    }
}
