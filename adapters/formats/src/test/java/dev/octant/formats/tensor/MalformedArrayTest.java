// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class MalformedArrayTest {
    /**
     * A header of the longest size is held as bytes, as text and as a parsed key: a few MiB, whatever a file claims.
     */
    private static final long MAX_ALLOCATED = 16L << 20;

    private static final byte[] SIX_FLOATS = new byte[24];
    private static final String GOOD = ArrayBytes.dictionary("<f4", false, "(2, 3)");

    @TempDir
    Path folder;

    static Stream<Arguments> npy() {
        byte[] good = ArrayBytes.npy(1, GOOD, SIX_FLOATS);
        return Stream.of(
                bad("empty file", new byte[0], "was empty"),
                bad("other file", "hello, world".getBytes(StandardCharsets.UTF_8), "must begin as .npy"),
                bad("half a mark", Arrays.copyOf(good, 4), "must begin as .npy"),
                bad("only the mark", Arrays.copyOf(good, 6), "header must be complete"),
                bad("no length", Arrays.copyOf(good, 9), "header must be complete"),
                bad("truncated header", Arrays.copyOf(good, 40), "header must be complete"),
                bad("truncated data", Arrays.copyOf(good, good.length - 1), "was truncated after 23"),
                bad("no data", Arrays.copyOf(good, good.length - 24), "was truncated after 0"),
                bad("bytes after the data", Arrays.copyOf(good, good.length + 1), "after 24 bytes, was 25"),
                bad("version 0.0", version(good, 0, 0), "must be 1.0, 2.0 or 3.0, was 0.0"),
                bad("version 1.1", version(good, 1, 1), "was 1.1"),
                bad("version 4.0", version(good, 4, 0), "was 4.0"),
                bad(
                        "lying header length, version 1",
                        ArrayBytes.npy(1, 65535, GOOD.getBytes(StandardCharsets.US_ASCII), SIX_FLOATS),
                        "header must be complete"),
                bad(
                        "header of 4 GiB",
                        ArrayBytes.npy(2, 0xFFFFFFFFL, new byte[0], SIX_FLOATS),
                        "at most 1048576 bytes, was 4294967295"),
                bad("header of 2 GiB", ArrayBytes.npy(3, 0x80000000L, new byte[0], SIX_FLOATS), "was 2147483648"),
                bad(
                        "header of 1 MiB that is not there",
                        ArrayBytes.npy(2, 1 << 20, new byte[0], SIX_FLOATS),
                        "header must be complete"),
                header("empty header", "", "'{'"),
                header("no dictionary", "[1, 2]", "'{'"),
                header("unclosed dictionary", GOOD.substring(0, GOOD.length() - 1), "was the end"),
                header("text after the dictionary", GOOD + " x", "with the end"),
                header("second dictionary", GOOD + GOOD, "with the end"),
                header("nothing but blanks", " ".repeat(1 << 16), "'{'"),
                header("key without quotes", GOOD.replace("'descr'", "descr"), "a key in quotes"),
                header("key twice", GOOD.replace(", }", ", 'shape': (2, 3)}"), "not been given before"),
                header("unknown key", GOOD.replace(", }", ", 'axis': 1}"), "keys descr, fortran_order and shape only"),
                header("no descr", "{'fortran_order': False, 'shape': (2, 3)}", "the key descr"),
                header("no order", "{'descr': '<f4', 'shape': (2, 3)}", "the key fortran_order"),
                header("no shape", "{'descr': '<f4', 'fortran_order': False}", "the key shape"),
                header("no comma", GOOD.replace("False,", "False"), "'}'"),
                header("two commas", GOOD.replace("False,", "False,,"), "a key in quotes"),
                header("order as number", GOOD.replace("False", "0"), "fortran_order must be True or False, was 0"),
                header("order in lower case", GOOD.replace("False", "false"), "True, False"),
                header("open string", "{'descr", "a closing quote"),
                header("escape in a string", GOOD.replace("<f4", "\\x3cf4"), "without escapes"),
                header("a call", GOOD.replace("(2, 3)", "exit()"), "True, False, a tuple or a list"),
                header("deep brackets", GOOD.replace("(2, 3)", "(".repeat(50_000)), "nested brackets"),
                shape("6", "tuple of whole numbers, was 6"),
                shape("(6)", "tuple of whole numbers, was (6)"),
                shape("[2, 3]", "was [2, 3]"),
                shape("(2, (3,))", "was (2, (3,))"),
                shape("('2', 3)", "was ('2', 3)"),
                shape("(True, 6)", "was (True, 6)"),
                shape("(2 3)", "')'"),
                shape("(2,, 3)", "True, False"),
                shape("(,)", "True, False"),
                shape("(2.0, 3)", "')'"),
                shape("(-2, -3)", "no negative dimension, was (-2, -3)"),
                shape("(-1,)", "no negative dimension"),
                shape("(007,)", "True, False"),
                shape("(+6,)", "True, False"),
                shape("(9223372036854775808,)", "below 2^63"),
                shape("(99999999999999999999999999, 0)", "below 2^63"),
                shape("(4294967296, 4294967296)", "fewer than 2^63 bytes"),
                shape("(3037000500, 3037000500)", "fewer than 2^63 bytes"),
                shape("(2305843009213693952,)", "fewer than 2^63 bytes"),
                shape("(2305843009213693951,)", "was truncated after 24"),
                shape("(2147483648,)", "was truncated after 24"),
                shape("(" + "1, ".repeat(65) + ")", "at most 64 dimensions, was 65"),
                shape("(" + "1, ".repeat(300_000) + ")", "at most 64 dimensions, was 300000"),
                dtype("'|O'", "dtype must be float16, float32, float64, int8 or uint8, was '|O'"),
                dtype("'<i4'", "was '<i4'"),
                dtype("'<f3'", "was '<f3'"),
                dtype("'<f16'", "was '<f16'"),
                dtype("'f4'", "was 'f4'"),
                dtype("'!f4'", "was '!f4'"),
                dtype("'<f4 '", "was '<f4 '"),
                dtype("''", "was ''"),
                dtype("'<'", "was '<'"),
                dtype("4", "was 4"),
                dtype("'\u001b[2J\u0007'", "was '\\u001b[2J\\u0007'"),
                dtype("[('x', '<f4'), ('y', '<i4', (2,))]", "was [('x', '<f4'), ('y', '<i4', (2,))]"),
                dtype("'" + "x".repeat(1000) + "'", "x..."),
                bad(
                        "header that is not UTF-8",
                        ArrayBytes.npy(3, 2, new byte[] {(byte) 0xC3, '('}, SIX_FLOATS),
                        "header must be UTF-8 text"));
    }

    static Stream<Arguments> npz() {
        byte[] good = ArrayBytes.npy(1, GOOD, SIX_FLOATS);
        ArrayBytes.Entry deflated = ArrayBytes.Entry.deflated("a.npy", good);
        ArrayBytes.Entry stored = ArrayBytes.Entry.stored("a.npy", good);
        byte[] whole = ArrayBytes.zip(stored, deflated.withPacked(deflated.packed()));
        byte[] huge = ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(500000000,)"), new byte[0]);
        byte[] flipped = deflated.packed().clone();
        flipped[0] = (byte) 0xFF;
        return Stream.of(
                bad("only PK", "PK\u0003\u0004".getBytes(StandardCharsets.ISO_8859_1), "must be a whole zip"),
                bad("cut zip", Arrays.copyOf(whole, whole.length - 30), "must be a whole zip"),
                bad("duplicate names", whole, "must be different, was a.npy twice"),
                entry("a\nb.npy"),
                entry("a\u0000.npy"),
                entry("\u202egnp.npy"),
                entry(" .npy"),
                bad(
                        "no name",
                        ArrayBytes.zip(ArrayBytes.Entry.stored(".npy", good)),
                        "entry 1: name must have visible characters before .npy and no control or format"
                                + " characters, was empty"),
                bad(
                        "text in an entry",
                        ArrayBytes.zip(
                                ArrayBytes.Entry.deflated("a.npy", "hello, world".getBytes(StandardCharsets.UTF_8))),
                        "mark of a .npy array"),
                bad("empty entry", ArrayBytes.zip(ArrayBytes.Entry.stored("a.npy", new byte[0])), "was too short"),
                bad(
                        "truncated entry",
                        ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", Arrays.copyOf(good, good.length - 4))),
                        "array a: data must have the 24 bytes"),
                bad(
                        "entry too long",
                        ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", Arrays.copyOf(good, good.length + 4))),
                        "after 24 bytes, was 28"),
                bad(
                        "stated longer than it is",
                        ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", Arrays.copyOf(good, good.length - 4))
                                .stating(good.length)),
                        "was truncated after 20"),
                bad(
                        "stated shorter than it is",
                        ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", Arrays.copyOf(good, good.length + 4))
                                .stating(good.length)),
                        "was longer"),
                bad("wrong checksum", ArrayBytes.zip(deflated.withCrc(0xDEADBEEFL)), "must have the checksum deadbeef"),
                bad("wrong checksum, stored", ArrayBytes.zip(stored.withCrc(0)), "must have the checksum 00000000"),
                bad(
                        "broken compression",
                        ArrayBytes.zip(deflated.withPacked(flipped)),
                        "compressed data must be whole"),
                bad(
                        "cut compression",
                        ArrayBytes.zip(deflated.withPacked(Arrays.copyOf(deflated.packed(), 60))),
                        "array a: compressed data must be whole"),
                bad(
                        "2 GB claimed by 100 bytes",
                        ArrayBytes.zip(ArrayBytes.Entry.deflated("a.npy", huge).stating(huge.length + 2_000_000_000L)),
                        "must unfold to at most 1032 times"),
                bad("overlapping entries", overlapping(), "entries must fit into the file, was overlapping"),
                patched("entry count 0 of 1", END + 10, 2, 0, "that claims 0"),
                patched("entry count 2 of 1", END + 10, 2, 2, "that claims 2"),
                patched("directory of 4 GiB", END + 12, 4, 0xFFFFFFFEL, "with a directory of 4294967294 bytes"),
                patched("directory outside", END + 16, 4, 0x7FFFFFFFL, "with a directory of"),
                patched("directory one byte off", END + 16, 4, 0, "with a directory of"),
                patched("wide numbers that are not there", END + 16, 4, 0xFFFFFFFFL, "with a directory of"),
                patched("second disk", END + 4, 2, 1, "one of several disks"),
                patched("comment that is not there", END + 20, 2, 1, "without an end record"),
                patched("directory entry without its mark", CENTRAL, 4, 0, "with a broken directory"),
                patched("name beyond the directory", CENTRAL + 28, 2, 0xFFFF, "that does not end"),
                patched("extra field beyond the directory", CENTRAL + 30, 2, 0xFFFF, "that does not end"),
                patched("encrypted", CENTRAL + 8, 2, 1, "must be stored or deflated in a whole zip, was encrypted"),
                patched(
                        "unknown method",
                        CENTRAL + 10,
                        2,
                        99,
                        "must be stored or deflated in a whole zip, was of method 99"),
                patched("deflated by the directory only", CENTRAL + 10, 2, 8, "another local header"),
                patched("packed size beyond the file", CENTRAL + 20, 4, 0x7FFFFFFFL, "was outside it"),
                patched("size beyond what is stored", CENTRAL + 24, 4, 0x7FFFFFFFL, "bytes it is stored in"),
                patched("wide size that is not there", CENTRAL + 24, 4, 0xFFFFFFFFL, "lacks a wide number"),
                patched("local header outside", CENTRAL + 42, 4, 0x7FFFFFFFL, "was outside it"),
                patched("local header in the directory", CENTRAL + 42, 4, 100, "must"),
                patched("local header without its mark", 2, 2, 0, "another local header"),
                patched("local name of another length", 26, 2, 1, "another local header"),
                patched("local name of another entry", 30, 1, 'b', "another local header"),
                patched("local extra field over the data", 28, 2, 0xFFFF, "was overlapping"),
                patched("name that is not UTF-8", CENTRAL + 46, 1, 0xC3, "must be UTF-8 text"));
    }

    /** Places in the zip of one stored entry, counted from its end where they are negative. */
    private static final int END = -22;

    private static final int CENTRAL = END - 46 - "a.npy".length();

    private static Arguments patched(String what, int place, int width, long value, String reason) {
        byte[] zip = ArrayBytes.zip(ArrayBytes.Entry.stored("a.npy", ArrayBytes.npy(1, GOOD, SIX_FLOATS)));
        int at = place < 0 ? zip.length + place : place;
        for (int i = 0; i < width; i++) {
            zip[at + i] = (byte) (value >>> (8 * i));
        }
        return bad(what, zip, reason);
    }

    private static byte[] overlapping() {
        byte[] zeros = ArrayBytes.npy(1, ArrayBytes.dictionary("<f4", false, "(250000,)"), new byte[1_000_000]);
        ArrayBytes.Entry kernel = ArrayBytes.Entry.deflated("a0.npy", zeros);
        ArrayBytes.Entry[] entries = new ArrayBytes.Entry[50];
        for (int i = 0; i < entries.length; i++) {
            ArrayBytes.Entry copy = kernel.named("a" + i + ".npy");
            entries[i] = i == 0 ? copy : copy.at(0);
        }
        return ArrayBytes.zip(entries);
    }

    private static Arguments bad(String what, byte[] bytes, String reason) {
        return Arguments.of(what, bytes, reason);
    }

    private static Arguments header(String what, String header, String reason) {
        return bad(what, ArrayBytes.npy(2, header, SIX_FLOATS), reason);
    }

    private static Arguments shape(String shape, String reason) {
        String shown = shape.length() > 40 ? shape.substring(0, 40) + "..." : shape;
        return header("shape " + shown, GOOD.replace("(2, 3)", shape), reason);
    }

    private static Arguments dtype(String descr, String reason) {
        String shown = descr.length() > 40 ? descr.substring(0, 40) + "..." : descr;
        return header("dtype " + VisibleText.of(shown), GOOD.replace("'<f4'", descr), reason);
    }

    private static Arguments entry(String name) {
        return bad(
                "entry " + VisibleText.of(name),
                ArrayBytes.zip(ArrayBytes.Entry.stored(name, ArrayBytes.npy(1, GOOD, SIX_FLOATS))),
                ": name must have visible characters before .npy and no control or format characters, was ");
    }

    private static byte[] version(byte[] good, int major, int minor) {
        byte[] bytes = good.clone();
        bytes[6] = (byte) major;
        bytes[7] = (byte) minor;
        return bytes;
    }

    @Test
    void theGoodOneIsRead() throws IOException {
        assertEquals(6, Drain.all(file(ArrayBytes.npy(1, GOOD, SIX_FLOATS))));
        assertEquals(6, Drain.all(file(ArrayBytes.npy(2, GOOD.replace("(2, 3)", "(2L, 3L)"), SIX_FLOATS))));
        byte[] good = ArrayBytes.npy(1, GOOD, SIX_FLOATS);
        assertEquals(
                6,
                Drain.all(file(ArrayBytes.zip(
                        ArrayBytes.Entry.stored("folder/", new byte[0]),
                        ArrayBytes.Entry.deflated("folder/a.npy", good)))));
    }

    /** Names are data: exporters name arrays by nodes and scopes, and no file is ever made from a name. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/model.0/act/Mul_output_0",
                "/etc/a",
                "../a",
                "x/../../a",
                "x//a",
                "./a",
                "..\\a",
                "C:a",
                "aten::mul:0",
                "StatefulPartitionedCall/x:0",
                "a.npy",
                ":",
                "/",
                "a b",
                "CON",
                "*?<>|\"",
                "stra\u00dfe"
            })
    void namesAreData(String name) throws IOException {
        byte[] good = ArrayBytes.npy(1, GOOD, SIX_FLOATS);
        Path file = file(ArrayBytes.zip(
                ArrayBytes.Entry.stored(name + ".npy", good), ArrayBytes.Entry.deflated("z" + name + ".npy", good)));
        assertEquals(
                List.of(name, "z" + name),
                TensorFiles.open(file).parts().stream()
                        .flatMap(part -> part.tensors().stream())
                        .toList());
        assertEquals(12, Drained.count(TensorFiles.open(file)));
        try (ArrayReader reader = ArrayReader.open(file)) {
            assertTrue(reader.next());
            assertEquals(name, reader.header().name());
        }
    }

    @Test
    void entriesThatAreNoArraysAreLeftOut() throws IOException {
        Path file = file(ArrayBytes.zip(
                ArrayBytes.Entry.stored("README", "hello".getBytes(StandardCharsets.UTF_8)),
                ArrayBytes.Entry.stored("/folder/", new byte[0]),
                ArrayBytes.Entry.stored("a.npy", ArrayBytes.npy(1, GOOD, SIX_FLOATS)),
                ArrayBytes.Entry.deflated("notes.txt", new byte[100])));
        TensorFile opened = TensorFiles.open(file);
        assertEquals(1, opened.parts().size());
        assertEquals(
                List.of("README", "notes.txt"),
                opened.leftOut().stream().map(LeftOut::tensor).toList());
        assertEquals(6, Drain.all(file));
        assertEquals(List.of(), TensorFiles.open(file, "a"::equals).leftOut());
    }

    /** What is of another type costs the others nothing. */
    @ParameterizedTest
    @ValueSource(strings = {"<i8", "|b1", "<c8", "<U5", "|O", "|S3", "<M8[ns]", "<u2"})
    void arraysOfOtherTypesAreLeftOut(String descr) throws IOException {
        byte[] other = ArrayBytes.npy(1, ArrayBytes.dictionary(descr, false, "(3,)"), new byte[60]);
        Path file = file(ArrayBytes.zip(
                ArrayBytes.Entry.stored("ids.npy", other),
                ArrayBytes.Entry.deflated("a.npy", ArrayBytes.npy(1, GOOD, SIX_FLOATS))));
        TensorFile opened = TensorFiles.open(file);
        assertEquals(List.of("a"), opened.parts().get(0).tensors());
        assertEquals(
                List.of(LeftOut.of(
                        file, "ids", "dtype must be float16, float32, float64, int8 or uint8, was '" + descr + "'")),
                opened.leftOut());
        Path alone = Files.write(folder.resolve("alone.npy"), other);
        assertEquals(List.of(), TensorFiles.open(alone).parts());
        assertEquals("alone", TensorFiles.open(alone).leftOut().get(0).tensor());
    }

    @ParameterizedTest
    @CsvSource({"|i1, -1", "|u1, 255"})
    void bytesAreValuesWhenAsked(String descr, float value) throws IOException {
        byte[] bytes = ArrayBytes.npy(1, ArrayBytes.dictionary(descr, false, "(3,)"), new byte[] {-1, -1, -1});
        for (Path file : List.of(
                Files.write(folder.resolve("x.npy"), bytes),
                Files.write(folder.resolve("s.npz"), ArrayBytes.zip(ArrayBytes.Entry.stored("x.npy", bytes))),
                Files.write(folder.resolve("d.npz"), ArrayBytes.zip(ArrayBytes.Entry.deflated("x.npy", bytes))))) {
            assertEquals(List.of(), TensorFiles.open(file).parts());
            String reason = TensorFiles.open(file).leftOut().get(0).reason();
            assertTrue(reason.contains("must be of float16, float32 or float64, was "), reason);
            TensorFile opened = TensorFiles.open(file, new TensorSelection(name -> true, true));
            assertEquals(List.of(), opened.leftOut());
            assertEquals(Map.of("x", Collections.nCopies(3, Float.floatToIntBits(value))), Drained.file(opened));
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"npy", "npz"})
    void isRefusedInOneSentence(String what, byte[] bytes, String reason) throws IOException {
        Path file = file(bytes);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        FormatException refused = assertThrows(FormatException.class, () -> Drain.all(file), what);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Drain.assertSentence(refused, file);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(allocated < MAX_ALLOCATED, what + " allocated " + allocated);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"npy", "npz"})
    void isRefusedAsTensorsToo(String what, byte[] bytes, String reason) throws IOException {
        Path file = file(bytes);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        FormatException refused =
                assertThrows(FormatException.class, () -> Drained.count(TensorFiles.open(file)), what);
        long allocated = threads.getCurrentThreadAllocatedBytes() - before;
        Drain.assertSentence(refused, file);
        assertTrue(
                refused.getMessage().contains(reason) || reason.startsWith("must begin") || reason.equals("was empty"),
                refused.getMessage());
        assertTrue(allocated < MAX_ALLOCATED, what + " allocated " + allocated);
    }

    @Test
    void aBombIsReadInBoundedMemory() throws IOException {
        long warmUp = allocatedByABomb(1 << 20);
        long small = allocatedByABomb(4 << 20);
        long large = allocatedByABomb(32 << 20);
        assertTrue(large < 1 << 20, "allocated " + warmUp + ", " + small + ", " + large);
        // The JDK reads compressed bytes through a buffer as long as they are, up to 64 KiB.
        assertTrue(large - small < 80 << 10, "allocated " + warmUp + ", " + small + ", " + large);
    }

    private long allocatedByABomb(int count) throws IOException {
        byte[] npy = ArrayBytes.npy(1, ArrayBytes.dictionary("|i1", false, "(" + count + ",)"), new byte[count]);
        byte[] zip = ArrayBytes.zip(ArrayBytes.Entry.deflated("zeros.npy", npy));
        assertTrue(zip.length < npy.length / 800, "a bomb");
        Path file = file(zip);
        com.sun.management.ThreadMXBean threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        assertEquals(count, Drain.all(file));
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private Path file(byte[] bytes) throws IOException {
        return Files.write(folder.resolve("bad file"), bytes);
    }
}
