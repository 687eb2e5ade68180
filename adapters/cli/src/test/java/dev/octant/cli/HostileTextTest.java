// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

    /** No summary of ours names its tensors so; one that somebody made is refused before anything is shown of it. */
    @Test
    void namesOfTensorsAreSpelledOut() throws IOException {
        Path summary = folder.resolve("x.summary");
        plain(0, "calibrate", Arrays.floats(folder.resolve("abcde.npy"), 1f, -2f, 3f), "--summary", summary);
        byte[] bytes = Files.readAllBytes(summary);
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        System.arraycopy("a\u001b[2K".getBytes(StandardCharsets.ISO_8859_1), 0, bytes, text.indexOf("abcde"), 5);
        CRC32C checksum = new CRC32C();
        checksum.update(bytes, 0, bytes.length - Integer.BYTES);
        ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, (int) checksum.getValue());
        Files.write(summary, bytes);
        Path other = folder.resolve("other");
        for (List<Object> words : List.<List<Object>>of(
                List.of("ranges", summary),
                List.of("ranges", summary, "-o", other),
                List.of("merge", summary, "-o", other))) {
            String refused = plain(2, words.toArray()).err();
            assertTrue(refused.contains("must have tensor names of visible characters"), refused);
            assertTrue(refused.contains("a\\u001b[2K"), refused);
        }
        assertFalse(Files.exists(other));
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
