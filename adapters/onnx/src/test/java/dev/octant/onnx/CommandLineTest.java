// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** ONNX Runtime 1.29.0 ends a process whose command line is longer than some 3,980 bytes: a class path of many jars. */
class CommandLineTest {
    /** Runs a model in a process of its own. */
    static final class Program {
        private Program() {}

        public static void main(String[] args) throws IOException {
            try (ModelRunner runner = ModelRunner.open(GivenModel.OPS_A.model())) {
                TensorValue x = TensorValue.of(List.of(1L, 3L, 16L, 16L), new float[3 * 16 * 16]);
                System.out.println(runner.run(Map.of("x", x)).get("prob").shape() + " " + args[0].length());
            }
        }
    }

    @Test
    void aLongCommandLineIsNoDanger() throws IOException, InterruptedException {
        String classes = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classes,
                        Program.class.getName(),
                        "x".repeat(60_000))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertEquals("[1, 10] 60000", out.strip());
    }
}
