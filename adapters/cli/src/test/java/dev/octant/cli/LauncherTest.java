// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
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
        Path home = release(25);
        List<String> given = run(home, "table", "a b", "*");
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

    /** A JVM that is started with the module says so on stderr. */
    @Test
    void vectorKernelsAreAskedForInSilenceWhereThatIsKnown() throws Exception {
        assertEquals(List.of(false, false), asked(release(24), "quantize"));
        assertEquals(List.of(true, false), asked(release(25), "quantize"));
        assertEquals(List.of(false, true), asked(release(26), "quantize"));
        assertEquals(List.of(false, false), asked(release(25), "table"));
    }

    /** What moves few values is over before the second compiler pays. */
    @Test
    void theSecondCompilerRunsWhereThereAreData() throws Exception {
        Path home = release(25);
        String first = "-XX:TieredStopAtLevel=1";
        assertTrue(run(home, "table", "silu").contains(first));
        assertTrue(run(home, "evaluate").contains(first));
        assertFalse(run(home, "evaluate", home.resolve("lib/b.jar").toString()).contains(first));
        assertFalse(run(home, "calibrate").contains(first));
    }

    @Test
    void aJavaHomeThatIsNotUsedIsSaid() throws Exception {
        Path home = release(25);
        Path other = folder.resolve("jdk 17");
        executable(other.resolve("bin/java"), JAVA);
        String said = "octant: JAVA_HOME (" + other + ") is not used, the newest JDK found is: " + home
                + "/runtime/bin/java; OCTANT_JAVA=\"$JAVA_HOME\" would use it";
        List<String> info = List.of(home.resolve("bin/octant").toString(), "info");
        assertTrue(said(info, Map.of("JAVA_HOME", other.toString())).contains(said));
        assertFalse(
                said(info, Map.of("JAVA_HOME", home + "/runtime")).toString().contains("is not used"));
        assertFalse(said(info, Map.of("JAVA_HOME", other.toString(), "OCTANT_JAVA", home + "/runtime"))
                .toString()
                .contains("is not used"));
    }

    /** Whether the command is to load the module, and whether the JVM is. */
    private List<Boolean> asked(Path home, String command) throws IOException, InterruptedException {
        List<String> given = run(home, command);
        return List.of(given.contains("-D" + VectorApi.ASKED + "=true"), given.contains("--add-modules"));
    }

    /** With the flags that the launcher gives. */
    @Test
    void theModuleIsLoadedInSilence() throws Exception {
        Assumptions.assumeTrue(Runtime.version().feature() == 25, "asked for on JDK 25 alone");
        List<String> command = new ArrayList<>(run(release(25), "info"));
        command.add(0, Path.of(System.getProperty("java.home"), "bin", "java").toString());
        // Surefire hides the class path in the manifest of a jar, and states it here.
        command.set(
                command.indexOf("-cp") + 1,
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.removeIf(word -> word.startsWith("-XX:SharedArchiveFile="));
        String said = String.join("\n", said(command));
        assertFalse(said.contains("WARNING"), said);
        assertFalse(said.contains("the JVM runs without"), said);
        assertTrue(said.contains("kernel"), said);
    }

    /** Version {@code jdk} of Java in a release in a folder. */
    private Path release(int jdk) throws IOException {
        Path home = Files.createDirectories(folder.resolve("a folder " + jdk)).toRealPath();
        Files.createDirectories(home.resolve("lib"));
        for (String jar : List.of("z.jar", "octant-cli.jar", "b.jar")) {
            Files.write(home.resolve("lib").resolve(jar), new byte[0]);
        }
        executable(home.resolve("bin/octant"), Files.readString(LAUNCHER));
        executable(home.resolve("runtime/bin/java"), JAVA);
        Files.writeString(
                home.resolve("runtime/release"),
                "JAVA_VERSION=\"" + jdk + ".0.1\"\nMODULES=\"java.base jdk.incubator.vector\"\n");
        Files.write(home.resolve("octant-" + jdk + ".jsa"), new byte[1]);
        return home;
    }

    private static Path executable(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        return Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private List<String> run(Path home, String... words) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of(home.resolve("bin/octant").toString()));
        command.addAll(List.of(words));
        return said(command);
    }

    private List<String> said(List<String> command) throws IOException, InterruptedException {
        return said(command, Map.of());
    }

    private List<String> said(List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = folder.resolve("out.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(out.toFile());
        builder.environment().keySet().removeAll(Set.of("OCTANT_JAVA", "JAVA_HOME"));
        builder.environment().putAll(environment);
        int code = builder.start().waitFor();
        List<String> lines = Files.readAllLines(out);
        assertEquals(0, code, lines::toString);
        return lines;
    }
}
