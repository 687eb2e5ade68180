// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The launcher of a release, whose java here says what it was given and does nothing else. */
@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path LAUNCHER = Path.of("..", "..", "octant");

    private static final String JAVA = """
            #!/bin/sh
            for word; do printf '%s\\n' "$word"; done
            """;

    @TempDir
    Path folder;

    @Test
    void aReleaseRunsFromAFolderWithASpaceInItsName() throws Exception {
        Path home = Files.createDirectories(folder.resolve("a folder")).toRealPath();
        Files.createDirectories(home.resolve("lib"));
        for (String jar : List.of("z.jar", "octant-cli.jar", "b.jar")) {
            Files.createFile(home.resolve("lib").resolve(jar));
        }
        Path launcher = executable(home.resolve("bin/octant"), Files.readString(LAUNCHER));
        executable(home.resolve("runtime/bin/java"), JAVA);
        Files.writeString(home.resolve("runtime/release"), "JAVA_VERSION=\"25.0.1\"\n");
        Files.createFile(home.resolve("octant-25.jsa"));

        List<String> given = run(launcher.toString(), "table", "a b", "*");
        String lib = home + "/lib/";
        assertEquals(
                List.of(
                        "-cp",
                        lib + "b.jar:" + lib + "octant-cli.jar:" + lib + "z.jar:",
                        "dev.octant.cli.Octant",
                        "table",
                        "a b",
                        "*"),
                given.subList(given.indexOf("-cp"), given.size()));
        assertTrue(given.contains("-XX:SharedArchiveFile=" + home + "/octant-25.jsa"), given::toString);
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> run(String... words) throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        ProcessBuilder builder =
                new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().remove("OCTANT_JAVA");
        int code = builder.start().waitFor();
        List<String> lines = Files.readAllLines(out);
        assertEquals(0, code, lines::toString);
        return lines;
    }
}
