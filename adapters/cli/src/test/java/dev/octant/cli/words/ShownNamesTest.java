// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli.words;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

/** What is for a terminal only: short names, and colour. */
class ShownNamesTest {
    private static List<String> shown(boolean isTerminal, List<String> names) {
        ShownNames shown = new ShownNames(new Terminal(80, false, isTerminal), names);
        return names.stream().map(shown::of).toList();
    }

    /** The ends of long names, and those with the same ends told apart. */
    @Test
    void longNamesAreCutOnTerminalsOnly() {
        String start = "encoder.".repeat(6);
        String end = ".activation".repeat(6);
        List<String> names = List.of(start + "0" + end, start + "1" + end, "short", start + "tail");
        assertEquals(names, shown(false, names));
        String cut = names.get(0).substring(0, 29) + "..." + end.substring(end.length() - 28);
        assertEquals(List.of(cut, cut + " (1)", "short", start + "tail"), shown(true, names));
    }

    @Test
    void colourIsAsTheEnvironmentSays() {
        assertEquals(Ansi.AUTO, Terminal.ansi(null, "xterm", () -> true));
        assertEquals(Ansi.AUTO, Terminal.ansi(null, null, () -> true));
        assertEquals(Ansi.OFF, Terminal.ansi("1", "xterm", () -> true));
        assertEquals(Ansi.ON, Terminal.ansi("", "xterm", () -> true));
        assertEquals(Ansi.AUTO, Terminal.ansi("", "xterm", () -> false));
        assertEquals(Ansi.OFF, Terminal.ansi(null, "dumb", () -> true));
        assertEquals(Ansi.OFF, Terminal.ansi("", "dumb", () -> true));
    }
}
