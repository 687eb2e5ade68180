// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.calibration.CalibrationFile;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program of docs/calibration.md, as it stands there. */
class PageTest {
    private static final Path PAGE = Path.of("..", "..", "docs", "calibration.md");

    @TempDir
    Path folder;

    @Test
    void theProgramOfThePageRuns() throws Exception {
        Path data = Files.createDirectory(folder.resolve("activations"));
        try (InputStream digits = digits()) {
            Files.copy(digits, data.resolve("digits.npz"));
        }
        Path table = folder.resolve("table.json");
        String printed = run(program(), data.toString(), table.toString());

        CalibrationFile file = CalibrationFile.read(table);
        assertEquals("my tool 1.0", file.tool());
        assertEquals(6, file.table().entries().size());
        assertEquals(6, printed.lines().count(), printed);
        assertTrue(printed.startsWith("act: silu by consumer(silu), input "), printed);
    }

    @Test
    void theCommandLineIsNotThere() {
        assertThrows(ClassNotFoundException.class, () -> Class.forName("dev.octant.cli.Octant"));
        assertThrows(ClassNotFoundException.class, () -> Class.forName("picocli.CommandLine"));
    }

    static InputStream digits() {
        return PageTest.class.getResourceAsStream("/dev/octant/cli/digits/digits_preactivations.npz");
    }

    static String program() throws Exception {
        Matcher block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(Files.readString(PAGE));
        assertTrue(block.find(), "the page has a program");
        return block.group(1);
    }

    private String run(String program, String... args) throws Exception {
        Path classes = Files.createDirectory(folder.resolve("classes"));
        Path source = Files.writeString(folder.resolve("Calibrate.java"), program);
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int code = compiler.run(
                null,
                messages,
                messages,
                "-proc:none",
                "-d",
                classes.toString(),
                "-classpath",
                System.getProperty("java.class.path"),
                source.toString());
        assertEquals(0, code, messages::toString);
        PrintStream out = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {classes.toUri().toURL()}, PageTest.class.getClassLoader())) {
            Method main = loader.loadClass("Calibrate").getMethod("main", String[].class);
            System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
            main.invoke(null, (Object) args);
        } finally {
            System.setOut(out);
        }
        assertFalse(printed.toString(StandardCharsets.UTF_8).isEmpty());
        return printed.toString(StandardCharsets.UTF_8);
    }
}
