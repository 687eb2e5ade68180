// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.calibration;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.QuantScheme;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.ops.Activation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.FieldSource;

/** The names of tensors in tables: one rule for every file that is read, and for every one that is written. */
class NamesTest {
    /** Line ends of every kind, what moves the cursor, turns the direction or is not seen, and halves of characters. */
    static final List<String> UNPRINTABLE = List.of(
            "a\nb: 3c010a14",
            "a\rb",
            "a\u0085b",
            "a\u2028b",
            "a\u2029b",
            "\u001b[2J",
            "a\0",
            "a\tb",
            "\u202egnp.exe",
            "a\u200bb",
            "\u2066a",
            "\ud800",
            "a\udc00",
            "\ufeff");

    static final List<String> BLANK = List.of("", " ", "\u00a0", "\u3000");

    private static final CalibrationTable.Entry ENTRY;

    static {
        try {
            Path file = Files.createTempFile("octant", ".json");
            Files.writeString(file, TableText.OCTANT);
            ENTRY = CalibrationFile.read(file).table().entry("act");
            Files.delete(file);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @TempDir
    private Path folder;

    /** The file of a format with its first tensor called otherwise, written as the format writes names. */
    private static byte[] named(CalibrationFormat format, String text, String old, String name) {
        String written = format == CalibrationFormat.TENSORRT ? name : spelled(name);
        int at = text.indexOf(old);
        assertTrue(at >= 0, old);
        return (text.substring(0, at) + written + text.substring(at + old.length())).getBytes(StandardCharsets.UTF_8);
    }

    private static String spelled(String name) {
        StringBuilder spelled = new StringBuilder();
        name.chars().forEach(unit -> spelled.append(String.format("\\u%04x", unit)));
        return spelled.toString();
    }

    private static List<byte[]> files(CalibrationFormat format, String name) {
        List<byte[]> files = new ArrayList<>();
        switch (format) {
            case OCTANT -> files.add(named(format, TableText.OCTANT, "act", name));
            case TENSORRT -> files.add(named(format, TableText.TENSORRT, "input", name));
            case ONNXRUNTIME -> files.add(named(format, TableText.ONNXRUNTIME, "input", name));
            case AIMET -> {
                files.add(named(format, TableText.AIMET, "20", name));
                files.add(named(format, TableText.AIMET_LISTED, "relu", name));
            }
            case ONNXRUNTIME_CACHE -> files.add((name + " 1.0\n").getBytes(StandardCharsets.UTF_8));
            case ONNXRUNTIME_FLATBUFFERS -> files.add(TableText.flatBuffer("act", "1.0", name, "1.0"));
            case TFLITE -> files.add(named(format, TableText.TFLITE, "act", name));
        }
        return files;
    }

    /** Beside others in tables of other tools, and in ours, which nobody else writes, with the table. */
    @ParameterizedTest
    @EnumSource
    void noReaderTakesNamesThatCannotBePrinted(CalibrationFormat format) throws IOException {
        Path file = folder.resolve("table");
        for (String name : UNPRINTABLE) {
            boolean isHalf = name.chars().anyMatch(unit -> Character.isSurrogate((char) unit));
            boolean isLines = format == CalibrationFormat.TENSORRT || format == CalibrationFormat.ONNXRUNTIME_CACHE;
            boolean isJson = !isLines && format != CalibrationFormat.ONNXRUNTIME_FLATBUFFERS;
            if ((isHalf && !isJson) || (isLines && name.matches("(?s).*[\n\r\uFEFF].*"))) {
                // Only JSON can say halves; in a format of lines a line break ends one, and a mark may begin it.
                continue;
            }
            for (byte[] content : files(format, name)) {
                Files.write(file, content);
                takesNot(format, file, name, "left out, with a name that cannot be printed: 1 tensor (");
            }
        }
    }

    private static void takesNot(CalibrationFormat format, Path file, String name, String loss) throws IOException {
        TableImport read;
        try {
            read = format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC);
        } catch (FormatException refused) {
            String message = refused.getMessage();
            assertTrue(message.startsWith(file + ", ") || message.startsWith(file + ": "), message);
            assertTrue(message.contains(" must "), message);
            assertTrue(VisibleText.isOneLine(message), VisibleText.of(message));
            return;
        }
        assertNotEquals(CalibrationFormat.OCTANT, format);
        assertFalse(read.file().table().entries().isEmpty());
        assertFalse(read.file().table().entries().containsKey(name));
        String said = read.losses().get(0);
        assertTrue(said.startsWith(loss), said);
        assertTrue(VisibleText.isOneLine(said), VisibleText.of(said));
    }

    /** Blank ones as well. */
    @ParameterizedTest
    @EnumSource
    void noReaderTakesNamesOfSpaces(CalibrationFormat format) throws IOException {
        Path file = folder.resolve("table");
        for (String name : BLANK) {
            for (byte[] content : files(format, name)) {
                Files.write(file, content);
                takesNot(format, file, name, "left out, with");
            }
        }
    }

    /** What is read can be written, line by line too. */
    @ParameterizedTest
    @EnumSource
    void namesOfOtherScriptsAreKept(CalibrationFormat format) throws IOException {
        Path file = folder.resolve("table");
        for (String name : List.of("stra\u00dfe", "\u540d\u524d", "\ud834\udd1e", "a/b.c: d", "\u0627", "a\u0301")) {
            for (byte[] content : files(format, name)) {
                Files.write(file, content);
                CalibrationFile read = format.read(file, QuantType.INT8, QuantScheme.ASYMMETRIC)
                        .file();
                assertTrue(read.table().entries().containsKey(name), name);
                String cache =
                        new String(CalibrationFormat.TENSORRT.export(read).content(), StandardCharsets.UTF_8);
                assertTrue(cache.contains("\n" + name + ": "), cache);
                assertEquals(1 + read.table().entries().size(), cache.lines().count());
            }
        }
    }

    /** There is no table with such a name that could be written, so nothing can be lost or forged on the way. */
    @ParameterizedTest
    @FieldSource({"UNPRINTABLE", "BLANK"})
    void noTableIsMadeOfNamesThatCannotBePrinted(String name) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> new CalibrationFile("octant", Optional.empty(), CalibrationTable.of(Map.of(name, ENTRY))));
        String message = refused.getMessage();
        assertTrue(message.startsWith("tensor name must "), message);
        assertTrue(VisibleText.isOneLine(message), VisibleText.of(message));
        assertFalse(message.endsWith("was "), message);
    }

    /** The tool, the method and the op are text of one line, too, whoever made the table. */
    @ParameterizedTest
    @FieldSource("UNPRINTABLE")
    void noOtherTextOfATableIsMoreThanALine(String text) {
        CalibrationTable plain = CalibrationTable.of(Map.of("act", ENTRY));
        CalibrationTable method = CalibrationTable.of(
                Map.of("act", new CalibrationTable.Entry(ENTRY.range(), ENTRY.params(), text, ENTRY.values())));
        CalibrationTable op = CalibrationTable.of(Map.of(
                "act",
                new CalibrationTable.Entry(
                        ENTRY.range(),
                        ENTRY.params(),
                        ENTRY.method(),
                        ENTRY.values(),
                        ENTRY.digest(),
                        Optional.of(new CalibrationTable.Consumer(
                                Activation.of(text, x -> x, RealRange.ALL), ENTRY.range(), ENTRY.params())))));
        assertThrows(IllegalArgumentException.class, () -> new CalibrationFile(text, Optional.empty(), plain));
        assertThrows(IllegalArgumentException.class, () -> new CalibrationFile("octant", Optional.empty(), method));
        assertThrows(IllegalArgumentException.class, () -> new CalibrationFile("octant", Optional.empty(), op));
    }

    @Test
    void noOtherTextOfATableBreaksALine() throws IOException {
        Path file = folder.resolve("table");
        for (String old : List.of("octant 0.1.0", "minmax")) {
            Files.write(file, named(CalibrationFormat.OCTANT, TableText.OCTANT, old, "x\n\u202ey"));
            String message = assertThrows(FormatException.class, () -> CalibrationFile.read(file))
                    .getMessage();
            assertTrue(message.contains("must be text without control characters"), message);
        }
    }
}
