// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jars as modules of somebody else's program, and in an image of their own without a JDK. */
class ModulePathJarTest {
    /** What only tests need, and what the modules of formats need but the small image does not. */
    private static final List<String> LIBRARIES = List.of(
            "octant-core",
            "octant-ops",
            "octant-observers",
            "octant-formats",
            "octant-calibration",
            "commons-lang3",
            "fastcsv",
            "flatbuffers",
            "jackson");

    private static final String MODULE = """
            module consumer {
                requires dev.octant.calibration;
            }
            """;

    private static final String TABLE = """
            package table;

            import dev.octant.core.*;
            import dev.octant.observers.*;
            import dev.octant.ops.*;

            public class Main {
                public static void main(String[] args) {
                    HistogramObserver observer = new HistogramObserver();
                    observer.observe(new float[] {-1, 2});
                    RealRange range = observer.summary().range();
                    QuantParams input = QuantScheme.ASYMMETRIC.choose(range, QuantType.INT8);
                    QuantParams output = Activation.SIGMOID.fixedOutput(QuantType.INT8).orElseThrow();
                    QuantizedActivation sigmoid = QuantizedActivation.compile(Activation.SIGMOID, input, output);
                    QuantizedTensor codes = TensorQuantizer.of(input).quantize(new float[] {0});
                    System.out.println(sigmoid.apply(codes).dequantize()[0]);
                }
            }
            """;

    @TempDir
    Path folder;

    @Test
    void theProgramOfThePageRunsOnTheModulePath() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source/page")).resolve("Calibrate.java");
        Files.writeString(source, "package page;\n" + PageTest.program());
        Path module = Files.writeString(folder.resolve("source/module-info.java"), MODULE);
        Path classes = folder.resolve("classes");
        String modules = modulePath(LIBRARIES);
        tool(
                "javac",
                "-proc:none",
                "--module-path",
                modules,
                "-d",
                classes.toString(),
                module.toString(),
                source.toString());

        Path data = Files.createDirectory(folder.resolve("activations"));
        try (InputStream digits = PageTest.digits()) {
            Files.copy(digits, data.resolve("digits.npz"));
        }
        Path table = folder.resolve("table.json");
        String printed = java(
                Path.of(System.getProperty("java.home")),
                "--module-path",
                classes + File.pathSeparator + modules,
                "--module",
                "consumer/page.Calibrate",
                data.toString(),
                table.toString());
        assertEquals(
                6, printed.lines().filter(line -> line.contains(": silu by ")).count(), printed);
        assertTrue(Files.exists(table));
    }

    @Test
    void theLibrariesLinkIntoAnImage() throws Exception {
        Path source = Files.createDirectories(folder.resolve("source/table")).resolve("Main.java");
        Files.writeString(source, TABLE);
        Path module = Files.writeString(folder.resolve("source/module-info.java"), """
                module table {
                    requires dev.octant.observers;
                    requires dev.octant.ops;
                }
                """);
        Path classes = folder.resolve("classes");
        String modules = modulePath(List.of("octant-core", "octant-ops", "octant-observers", "commons-lang3"));
        tool(
                "javac",
                "-proc:none",
                "--module-path",
                modules,
                "-d",
                classes.toString(),
                module.toString(),
                source.toString());
        Path image = folder.resolve("image");
        tool(
                "jlink",
                "--module-path",
                classes + File.pathSeparator + modules,
                "--add-modules",
                "table",
                "--output",
                image.toString());
        assertEquals("0.5", java(image, "--module", "table/table.Main").strip());
    }

    /** The packaged jars of the class path with these names in front. */
    private static String modulePath(List<String> names) {
        List<String> found = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(jar -> jar.endsWith(".jar")
                        && names.stream()
                                .anyMatch(name ->
                                        Path.of(jar).getFileName().toString().startsWith(name)))
                .toList();
        assertTrue(found.size() >= names.size(), found::toString);
        return found.stream().collect(Collectors.joining(File.pathSeparator));
    }

    private static void tool(String name, String... arguments) {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        PrintStream out = new PrintStream(messages, true, StandardCharsets.UTF_8);
        int code = ToolProvider.findFirst(name).orElseThrow().run(out, out, arguments);
        assertEquals(0, code, () -> messages.toString(StandardCharsets.UTF_8));
    }

    private String java(Path home, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(home.resolve("bin/java").toString()));
        command.addAll(List.of(arguments));
        Path out = folder.resolve("out.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = new ProcessBuilder(command)
                .redirectOutput(out.toFile())
                .redirectError(errors.toFile())
                .start();
        assertEquals(0, process.waitFor(), Files.readString(errors));
        return Files.readString(out);
    }
}
