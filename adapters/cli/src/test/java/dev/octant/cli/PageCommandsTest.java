// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;

/** The commands that the pages show are understood, each with all its options. */
class PageCommandsTest {
    private static final Path ROOT = Path.of("..", "..");

    /** The lines of the pages' blocks that call the command line, without comments and what follows a pipe. */
    static Stream<String> commands() throws IOException {
        List<Path> pages = new ArrayList<>();
        try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
            docs.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        try (Stream<Path> top = Files.list(ROOT)) {
            top.filter(page -> page.toString().endsWith(".md")).forEach(pages::add);
        }
        List<String> commands = new ArrayList<>();
        for (Path page : pages) {
            boolean inBlock = false;
            for (String line :
                    Files.readString(page).replaceAll(" \\\\\n *", " ").split("\n", -1)) {
                if (line.startsWith("```")) {
                    inBlock = !inBlock;
                } else if (inBlock && line.matches("(\\./)?octant .*")) {
                    commands.add(line.replaceFirst("^(\\./)?octant ", "")
                            .replaceFirst(" +(# |[|>&<]).*", "")
                            .strip());
                }
            }
        }
        return commands.stream().distinct();
    }

    @ParameterizedTest
    @MethodSource("commands")
    void isUnderstood(String command) {
        CommandLine.ParseResult parsed =
                Octant.commandLine().parseArgs(Shell.split(command).toArray(new String[0]));
        assertTrue(parsed.hasSubcommand(), command);
    }

    @Test
    void thereAreSome() throws IOException {
        assertTrue(commands().count() > 25);
        assertEquals(0, commands().filter(String::isEmpty).count());
    }
}
