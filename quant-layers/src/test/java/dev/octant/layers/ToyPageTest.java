// SPDX-License-Identifier: Apache-2.0
package dev.octant.layers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of docs/training.md, as they stand there. */
class ToyPageTest {
    private static final Path PAGE = Path.of("..", "docs", "training.md");

    @TempDir
    Path folder;

    /** What a program of the page prints; the first is 0. */
    private String printed(int number, String name) throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        for (int i = 0; i <= number; i++) {
            assertTrue(block.find(), "the page has a program");
        }
        Path source = Files.writeString(folder.resolve(name + ".java"), block.group(1));
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = ToolProvider.getSystemJavaCompiler()
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
        assertEquals(0, code, messages::toString);
        PrintStream out = System.out;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, ToyPageTest.class.getClassLoader())) {
            System.setOut(new PrintStream(bytes, true, StandardCharsets.UTF_8));
            loader.loadClass(name).getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    /**
     * The weights of the program are on 4 bits to begin with, by the largest of each row: training must better that.
     */
    @Test
    void theLayerOfThePageLearns() throws Exception {
        String printed = printed(1, "Layer");
        Matcher errors = Pattern.compile("mean squared error (\\S+)").matcher(printed);
        assertTrue(errors.find(), printed);
        double before = Double.parseDouble(errors.group(1));
        assertTrue(errors.find(), printed);
        assertTrue(Double.parseDouble(errors.group(1)) < before, printed);
        assertTrue(printed.contains("served by QuantizedLinear(16 -> 3, "), printed);
    }

    @Test
    void theProgramOfThePageLearnsItsStep() throws Exception {
        String printed = printed(0, "Toy");
        Matcher steps = Pattern.compile("from (\\S+) to (\\S+), least squares at (\\S+)")
                .matcher(printed);
        assertTrue(steps.find(), printed);
        double from = Double.parseDouble(steps.group(1));
        double to = Double.parseDouble(steps.group(2));
        double best = Double.parseDouble(steps.group(3));
        assertTrue(Math.abs(from / best - 1) > 0.3, printed);
        assertEquals(1, to / best, 0.05, printed);
    }
}
