// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.SummaryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Names that would move the cursor, end a line or turn text round: people see them spelled out, programs get them as
 * they are.
 */
class HostileTextTest {
    private static final String EVIL = "a\u001b[2Kb\rc\u2028d\u202ee\u0085f\u200bg\u2066h";
    private static final String SPELLED = "a\\u001b[2Kb\\u000dc\\u2028d\\u202ee\\u0085f\\u200bg\\u2066h";

    @TempDir
    private Path folder;

    private Path evil(String ending) {
        try {
            return folder.resolve(EVIL + ending);
        } catch (InvalidPathException e) {
            return Assumptions.abort("no such names here");
        }
    }

    /** Only line ends and what can be seen. */
    private static void plain(String text) {
        text.codePoints()
                .filter(c -> c != '\n' && c != System.lineSeparator().charAt(0))
                .forEach(c -> {
                    int type = Character.getType(c);
                    assertFalse(
                            type == Character.CONTROL
                                    || type == Character.FORMAT
                                    || type == Character.LINE_SEPARATOR
                                    || type == Character.PARAGRAPH_SEPARATOR,
                            () -> Integer.toHexString(c) + " in " + text);
                });
    }

    private static Shell plain(int code, Object... words) {
        Shell shell = Shell.run(words);
        assertEquals(code, shell.code(), shell::toString);
        plain(shell.out());
        plain(shell.err());
        if (code != 0) {
            List<String> lines = shell.err().lines().toList();
            assertEquals(1, lines.size(), shell::err);
        }
        return shell;
    }

    /** Every command says the names of its files and tensors somewhere. */
    @Test
    void everyCommandSpellsNamesOut() throws IOException {
        Path x = Arrays.floats(Files.createDirectory(evil("")).resolve("x.npy"), 1f, -2f, Float.NaN, 3f);
        Path summary = evil(".summary");
        Path table = evil(".json");
        Path json = evil(".figures");
        Path report = evil(".html");
        String said =
                plain(0, "calibrate", x, "--summary", summary, "-o", table).out();
        assertTrue(said.contains(SPELLED + ".summary") && said.contains(SPELLED + ".json"), said);
        said = plain(0, "evaluate", x, "--report", report, "--json", json).out();
        assertTrue(said.contains(SPELLED + "/x.npy") && said.contains(SPELLED + ".html"), said);
        plain(Files.readString(report));
        assertTrue(Files.readString(report).contains(SPELLED + "/x.npy"));
        assertTrue(plain(0, "merge", summary, "-o", evil(".merged")).out().contains(SPELLED + ".merged"));
        assertTrue(plain(0, "convert", table, evil(".cache"), "--lossy").out().contains(SPELLED + ".cache"));
        assertTrue(plain(0, "quantize", x, "--scale", "0.1", "--zero-point", "0", "-o", evil(".codes"))
                .err()
                .contains(SPELLED + "/x.npy: 1 NaN"));
    }

    /** A summary may call its tensors as it likes. */
    @Test
    void namesOfTensorsAreSpelledOut() throws IOException {
        Path usual = folder.resolve("usual.summary");
        plain(0, "calibrate", Arrays.floats(folder.resolve("x.npy"), 1f, -2f, 3f), "--summary", usual);
        Path summary = folder.resolve("evil.summary");
        try (SummaryFile.Reader reader = SummaryFile.open(usual)) {
            assertTrue(reader.next());
            SummaryFile.write(summary, new TreeMap<>(Map.of(EVIL, reader.summary())));
        }
        Path json = folder.resolve("figures.json");
        Path report = folder.resolve("report.html");
        String said = plain(0, "ranges", summary).out();
        assertTrue(said.contains("\n" + SPELLED + "\n"), said);
        said = plain(0, "ranges", summary, "--method", "best", "--report", report, "--json", json)
                .out();
        assertTrue(said.contains("\n" + SPELLED + " -> "), said);
        JsonNode figures =
                JsonMapper.builder().build().readTree(Files.readAllBytes(json)).get("figures");
        assertEquals(EVIL, figures.get(0).get("name").stringValue());
        String text = Files.readString(json);
        plain(text);
        assertTrue(text.contains("d\\u202Ee") || text.contains("d\\u202ee"), text);
        String page = Files.readString(report);
        plain(page);
        assertTrue(page.contains(SPELLED), page);
        Path table = folder.resolve("table.json");
        Path unwritten = folder.resolve("unwritten.html");
        String refused =
                plain(2, "ranges", summary, "--report", unwritten, "-o", table).err();
        assertTrue(refused.contains("tensor name must have visible characters"), refused);
        assertTrue(refused.contains(SPELLED), refused);
        assertFalse(Files.exists(table) || Files.exists(unwritten));
    }

    @Test
    void everyRefusalIsOneSentence() throws IOException {
        Path missing = evil(".npy");
        for (String command : List.of("calibrate", "evaluate", "ranges")) {
            assertTrue(plain(2, command, missing).err().contains(SPELLED));
        }
        assertTrue(plain(2, "merge", missing, "-o", folder.resolve("o")).err().contains(SPELLED));
        assertTrue(plain(2, "convert", missing, folder.resolve("o.json")).err().contains(SPELLED));
        assertTrue(plain(2, "table", "--batch", missing, "-o", folder.resolve("o"))
                .err()
                .contains(SPELLED));
        assertTrue(plain(2, "quantize", missing, "--scale", "1", "--zero-point", "0", "-o", folder.resolve("o"))
                .err()
                .contains(SPELLED));
        assertTrue(plain(2, "table", EVIL).err().contains(SPELLED));
        assertTrue(plain(2, EVIL).err().contains(SPELLED));
        assertTrue(plain(2, "info", "--" + EVIL).err().contains(SPELLED));
        Path x = Arrays.floats(folder.resolve("x.npy"), 1f);
        for (String option : List.of("--method", "--op", "--type", "--scheme", "--policy", "--until-stable")) {
            assertTrue(plain(2, "calibrate", x, option, EVIL).err().contains(SPELLED), option);
        }
        assertTrue(plain(2, "calibrate", x, "-o", folder.resolve(EVIL).resolve("o"))
                .err()
                .contains(SPELLED));
    }
}
