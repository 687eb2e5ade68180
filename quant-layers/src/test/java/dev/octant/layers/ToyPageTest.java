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

/** The program of docs/training.md, as it stands there. */
class ToyPageTest {
    private static final Path PAGE = Path.of("..", "docs", "training.md");

    @TempDir
    Path folder;

    @Test
    void theProgramOfThePageLearnsItsStep() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertTrue(block.find(), "the page has a program");
        Path source = Files.writeString(folder.resolve("Toy.java"), block.group(1));
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
            loader.loadClass("Toy").getMethod("main", String[].class).invoke(null, (Object) new String[0]);
        } finally {
            System.setOut(out);
        }
        String printed = bytes.toString(StandardCharsets.UTF_8);
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
