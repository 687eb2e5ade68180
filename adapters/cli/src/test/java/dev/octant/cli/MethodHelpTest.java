// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.methods.MethodKind;
import java.io.IOException;
import java.nio.file.Path;
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

    @Test
    void completionKnowsTheMethods() {
        String script = Shell.run("generate-completion").out();
        assertTrue(script.contains("\"percentile=99.99\""), script);
        assertFalse(script.contains("MethodKind"));
    }
}
