// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantParams;
import dev.octant.core.QuantizedTensor;
import dev.octant.core.RealRange;
import dev.octant.observers.HistogramObserver;
import dev.octant.ops.QuantizedActivation;
import dev.octant.ops.functions.ActivationFunctions;
import java.io.ByteArrayOutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The Java of the README, as it stands there: one method, whose variables are looked at. */
class ReadmeExampleTest {
    private static final Path README = Path.of("..", "..", "README.md");

    @TempDir
    Path folder;

    @Test
    void fromDataToCodes() throws Exception {
        float[] batch = new float[10_000];
        Random random = new Random(1);
        for (int i = 0; i < batch.length; i++) {
            batch[i] = (float) random.nextGaussian();
        }

        Map<?, ?> found = run(batch);
        RealRange range = (RealRange) found.get("range");
        QuantParams input = (QuantParams) found.get("input");
        QuantParams output = (QuantParams) found.get("output");
        float[] values = (float[]) found.get("values");
        byte[] raw = (byte[]) found.get("raw");

        // Half a step of the output, and half a step of the input at the steepest slope of sigmoid, 1/4.
        double bound = output.scale() / 2 + input.scale() / 8 + 1e-6;
        for (int i = 0; i < batch.length; i++) {
            if (range.contains(batch[i])) {
                assertEquals(ActivationFunctions.sigmoid(batch[i]), values[i], bound);
            }
            assertEquals(values[i], output.dequantize(raw[i]));
        }
        assertEquals(output, ((QuantizedTensor) found.get("result")).params());
        assertEquals(513_784, HistogramObserver.BYTES); // the README states it

        QuantizedActivation silu = (QuantizedActivation) found.get("silu");
        int code = silu.input().quantize(2);
        assertEquals(ActivationFunctions.silu(2), silu.output().dequantize(silu.apply(code)), 0.05);
    }

    private Map<?, ?> run(float[] batch) throws Exception {
        List<String> blocks = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
                .matcher(Files.readString(README))
                .results()
                .map(MatchResult::group)
                .map(block -> block.replace("```java", "").replace("```", ""))
                .toList();
        assertEquals(2, blocks.size());
        String code = String.join("\n", blocks);
        String imports = code.lines().filter(line -> line.startsWith("import ")).collect(Collectors.joining("\n"));
        String statements =
                code.lines().filter(line -> !line.startsWith("import ")).collect(Collectors.joining("\n"));
        Path source = Files.writeString(folder.resolve("Readme.java"), imports + """

                        public class Readme implements java.util.function.Function<float[], java.util.Map<?, ?>> {
                            @Override
                            public java.util.Map<?, ?> apply(float[] batch) {
                        """ + statements + """

                                return java.util.Map.of(
                                        "range", range, "input", input, "output", output, "result", result,
                                        "values", values, "raw", raw, "silu", silu);
                            }
                        }
                        """);
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int refused = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        messages,
                        messages,
                        "-proc:none",
                        "-d",
                        folder.toString(),
                        "-classpath",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertEquals(0, refused, messages::toString);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ReadmeExampleTest.class.getClassLoader())) {
            Object program = loader.loadClass("Readme").getDeclaredConstructor().newInstance();
            Object found = ((Function<?, ?>) program)
                    .getClass()
                    .getMethod("apply", float[].class)
                    .invoke(program, batch);
            assertTrue(found instanceof Map<?, ?>);
            return (Map<?, ?>) found;
        }
    }
}
