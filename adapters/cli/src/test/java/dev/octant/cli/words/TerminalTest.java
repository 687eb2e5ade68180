// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
    @ParameterizedTest
    @CsvSource({"1, 55", "40, 55", "55, 55", "56, 56", "80, 80", "1000, 1000", "1001, 1000", "0, 0", "wide, 0"})
    void aStatedWidthIsOneThatTablesCanHave(String columns, int width) {
        assertEquals(width, Terminal.width(columns));
    }

    /** The page that says what COLUMNS does says from where to where. */
    @Test
    void thePageSaysTheBounds() throws IOException {
        String page = Files.readString(Path.of("../../docs/command-line.md"));
        int least = Terminal.width("1");
        int most = Terminal.width("999999999");
        String sentence = "Less than " + least + " is taken for " + least + ", more than " + most + " for " + most;
        assertTrue(page.contains(sentence), sentence);
    }
}
