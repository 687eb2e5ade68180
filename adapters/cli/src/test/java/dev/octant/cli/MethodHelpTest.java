// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.methods.MethodKind;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class MethodHelpTest {
    @ParameterizedTest
    @EnumSource(MethodKind.class)
    void everyFormStandsInTheHelp(MethodKind kind) {
        for (String command : List.of("evaluate", "calibrate")) {
            String help = Shell.run(command, "--help").out();
            assertTrue(help.contains("  " + kind.form() + " "), help);
            assertTrue(help.contains(kind.description()), help);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"all", "fixed=-6,6,minmax", "minmax,fixed=6,7", "mean , median"})
    void commasBetweenMethodsAndInsideThem(String words, @TempDir Path folder) throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), -1, 2, 3);
        Shell shell = Shell.run("evaluate", file, "--method", words);
        assertEquals(0, shell.code(), shell::toString);
        for (String word : words.split(",(?=[^0-9])|all", -1)) {
            assertTrue(shell.out().contains(" " + word.strip()), shell::toString);
        }
    }

    private static List<String> listed(String sentence) {
        return List.of(sentence.replaceAll("(?s).*must be one of (.*), was 'qqqq'.*", "$1")
                .split(", "));
    }

    /** What help lists is what shells complete and refusals name, and no word of it is refused as none of them. */
    @ParameterizedTest
    @ValueSource(strings = {"evaluate", "calibrate", "ranges"})
    void aCommandListsWhatItTakes(String command, @TempDir Path folder) throws IOException {
        Path file = Arrays.floats(folder.resolve("x.npy"), List.of(2L, 2L), -1, 2, 3, 4);
        Path summary = folder.resolve("x.summary");
        Shell kept = Shell.run("calibrate", file, "--samples", "--summary", summary);
        assertEquals(0, kept.code(), kept::toString);
        Path input = command.equals("ranges") ? summary : file;
        Shell refused = Shell.run(command, input, "--method", "qqqq");
        assertEquals(2, refused.code(), refused::toString);
        List<String> words = listed(refused.err());
        assertEquals(command.equals("evaluate"), words.contains("all"), words::toString);
        assertEquals(!command.equals("ranges"), words.contains("nvidia-mse"), words::toString);
        List<String> completed = new ArrayList<>();
        Octant.commandLine()
                .getSubcommands()
                .get(command)
                .getCommandSpec()
                .findOption("--method")
                .completionCandidates()
                .forEach(completed::add);
        assertEquals(completed, words);
        List<String> help = Shell.run(command, "--help")
                .out()
                .lines()
                .dropWhile(line -> !line.startsWith("Methods."))
                .takeWhile(line -> !line.startsWith("Example:"))
                .filter(line -> line.startsWith("  "))
                .map(line -> line.strip().split(" ", -1)[0])
                .toList();
        assertEquals(words, help);
        for (String word : words) {
            String given = word.replace("LO,HI", "-6,6");
            Shell shell = Shell.run(command, input, "--op", "silu", "--method", given);
            assertEquals(0, shell.code(), shell::toString);
        }
    }

    @Test
    void modelsListWhatTheyTake() {
        List<String> words =
                listed(Shell.run("model", "quantize", "--method", "qqqq").err());
        assertTrue(words.containsAll(List.of("minmax", "consumer")), words::toString);
        for (String word : List.of("mean", "median", "nvidia-mse", "best", "all")) {
            assertFalse(words.contains(word), words::toString);
        }
    }

    @Test
    void completionKnowsTheMethods() {
        String script = Shell.run("generate-completion").out();
        assertTrue(script.contains("\"percentile=99.99\""), script);
        assertFalse(script.contains("MethodKind"));
    }
}
