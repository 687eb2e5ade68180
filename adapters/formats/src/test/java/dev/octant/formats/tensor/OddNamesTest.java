// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** An array whose name cannot be printed is left out and said, with its name as it can be; the others are read. */
class OddNamesTest {
    private static final byte[] GOOD =
            ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(3,)"), new byte[3 * Float.BYTES]);

    private static final String BEFORE =
            "name must have visible characters before .npy and no control or format characters, was ";

    private static final String RULE = "name must have visible characters and no control or format characters, was ";

    @TempDir
    private Path folder;

    private static List<String> tensors(TensorFile file) {
        return file.parts().stream().flatMap(part -> part.tensors().stream()).toList();
    }

    private TensorFile open(String name, byte[] content) throws IOException {
        return TensorFiles.open(Files.write(folder.resolve(name), content));
    }

    private static byte[] npz(String... names) {
        return ArrayBytes.zip(Stream.of(names)
                .map(name -> ArrayBytes.Entry.stored(name, GOOD))
                .toArray(ArrayBytes.Entry[]::new));
    }

    static Stream<Arguments> names() {
        return Stream.of(
                Arguments.of("a\u202eb", "a\\u202eb", "with the format character U+202E"),
                Arguments.of("a\tb", "a\\u0009b", "with the control character U+0009"),
                Arguments.of("a\u200bb", "a\\u200bb", "with the format character U+200B"),
                Arguments.of("a\u2028b", "a\\u2028b", "with the separator U+2028"),
                Arguments.of("\u001b[2J", "\\u001b[2J", "with the control character U+001B"),
                Arguments.of("", "1", "empty"),
                Arguments.of("  ", "1", "of spaces only"),
                Arguments.of("\u3000", "1", "of spaces only"));
    }

    @ParameterizedTest
    @MethodSource("names")
    void ofAnNpz(String name, String shown, String flaw) throws IOException {
        String said = shown.equals("1") ? "entry 1" : shown;
        TensorFile file = open("x.npz", npz(name + ".npy", "ok.npy"));
        assertEquals(List.of("ok"), tensors(file));
        LeftOut left = new LeftOut(said, Optional.of(file.path()), BEFORE + flaw);
        assertEquals(List.of(left), file.leftOut());
        assertEquals(said + " (" + file.path() + "): " + BEFORE + flaw, left.toString());
        assertTrue(VisibleText.isOneLine(left.toString()));
        // It is chosen by what is said of it.
        Predicate<String> others = word -> !word.equals(said);
        assertEquals(List.of(), TensorFiles.open(file.path(), others).leftOut());
        // Who reads arrays one after the other is not told what is left out.
        FormatException refused = assertThrows(FormatException.class, () -> ArrayReader.open(file.path()));
        assertEquals(file.path() + ", array " + said + ": " + BEFORE + flaw, refused.getMessage());
        try (ArrayReader reader = ArrayReader.open(file.path(), others)) {
            assertTrue(reader.next());
            assertEquals("ok", reader.header().name());
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void ofSafetensors(String name, String shown, String flaw) throws IOException {
        StringBuilder spelled = new StringBuilder();
        name.chars().forEach(unit -> spelled.append(String.format("\\u%04x", unit)));
        byte[] header = ("{\"" + spelled + "\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [0, 4]},"
                        + " \"ok\": {\"dtype\": \"F32\", \"shape\": [1], \"data_offsets\": [4, 8]}}")
                .getBytes(StandardCharsets.UTF_8);
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + 8).order(ByteOrder.LITTLE_ENDIAN);
        TensorFile file =
                open("x.safetensors", bytes.putLong(header.length).put(header).array());
        assertEquals(List.of("ok"), tensors(file));
        String said = shown.equals("1") ? "tensor 1" : shown;
        assertEquals(List.of(new LeftOut(said, Optional.of(file.path()), RULE + flaw)), file.leftOut());
    }

    @Test
    void ofText() throws IOException {
        TensorFile file = open("x.csv", "a\u202eb,ok,c\u0007\n1,2,3\n".getBytes(StandardCharsets.UTF_8));
        assertEquals(List.of("ok"), tensors(file));
        assertEquals(
                List.of(
                        new LeftOut("a\\u202eb", Optional.of(file.path()), RULE + "with the format character U+202E"),
                        new LeftOut("c\\u0007", Optional.of(file.path()), RULE + "with the control character U+0007")),
                file.leftOut());
    }

    @Test
    void ofAFile() throws IOException {
        TensorFile file = open("a\u202eb.npy", GOOD);
        assertEquals(List.of(), file.parts());
        assertEquals(
                List.of(new LeftOut(
                        "a\\u202eb",
                        Optional.of(file.path()),
                        "file name, which names the array, must have visible characters and no control or format"
                                + " characters, was with the format character U+202E")),
                file.leftOut());
    }

    /** As the Finder zips: a file beside each, for its attributes. What is no array is said with its name. */
    @Test
    void entriesOfMacOsArePassedOver() throws IOException {
        byte[] junk = {0, 5, 22, 7};
        TensorFile file = open(
                "x.npz",
                ArrayBytes.zip(
                        ArrayBytes.Entry.stored("m.npy", GOOD),
                        ArrayBytes.Entry.stored("__MACOSX/", new byte[0]),
                        ArrayBytes.Entry.stored("__MACOSX/._m.npy", junk),
                        ArrayBytes.Entry.stored("__MACOSX/sub/x.npy", junk),
                        ArrayBytes.Entry.stored("sub/._x.npy", junk),
                        ArrayBytes.Entry.stored("._y.npy", junk),
                        ArrayBytes.Entry.stored("._", junk),
                        ArrayBytes.Entry.stored("sub/_.npy", GOOD),
                        ArrayBytes.Entry.stored("read\tme", junk)));
        assertEquals(List.of("m", "sub/_"), tensors(file));
        assertEquals(
                List.of(new LeftOut(
                        "read\\u0009me", Optional.of(file.path()), "entry must be an array, .npy, was another file")),
                file.leftOut());
        try (ArrayReader reader = ArrayReader.open(file.path())) {
            assertTrue(reader.next());
            assertTrue(reader.next());
            assertFalse(reader.next());
        }
    }
}
