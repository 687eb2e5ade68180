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
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedTensorTest {
    /** For files of a few hundred bytes, whatever they claim: some buffers, and a parser's classes. */
    private static final long MAX_ALLOCATED = 8L << 20;

    private static final String ENTRY = TensorBytes.entry("t", "F32", "[2,3]", 0, 24);
    private static final byte[] SIX_FLOATS = new byte[24];

    @TempDir
    Path folder;

    static Stream<Arguments> safetensors() {
        byte[] good = TensorBytes.safetensors("{" + ENTRY + "}", SIX_FLOATS);
        byte[] text = ("{" + ENTRY + "}").getBytes(StandardCharsets.UTF_8);
        String second = TensorBytes.entry("u", "F32", "[1]", 20, 24);
        return Stream.of(
                tensors("empty", new byte[0], "8 bytes of its header's length, was 0"),
                tensors("seven bytes", new byte[7], "was 7 bytes long"),
                tensors("no header", new byte[8], "2 to 8388608 bytes, was 0"),
                tensors("header of one byte", TensorBytes.safetensors(1, text, SIX_FLOATS), "was 1"),
                tensors("header beyond the file", TensorBytes.safetensors(1000, text, SIX_FLOATS), "was 81 of 1000"),
                tensors("header of 2^63 - 1", length(Long.MAX_VALUE), "was 9223372036854775807"),
                tensors("header of 2^63", length(Long.MIN_VALUE), "was 9223372036854775808"),
                tensors("header of 2^64 - 1", length(-1), "was 18446744073709551615"),
                tensors("header of 100 MB", length(100_000_000), "was 100000000"),
                tensors("truncated header", Arrays.copyOf(good, 40), "header must be complete"),
                tensors("truncated data", Arrays.copyOf(good, good.length - 1), "must lie within the 23 bytes of data"),
                tensors(
                        "bytes after the data",
                        Arrays.copyOf(good, good.length + 1),
                        "must cover the 25 bytes of data"),
                tensors("header cut by its length", TensorBytes.safetensors(30, text, SIX_FLOATS), "must be JSON"),
                tensors(
                        "not UTF-8",
                        TensorBytes.safetensors(3, new byte[] {'{', (byte) 0xC3, '}'}, SIX_FLOATS),
                        "UTF-8"),
                tensors(
                        "UTF-16",
                        TensorBytes.safetensors(
                                2L * text.length, ("{" + ENTRY + "}").getBytes(StandardCharsets.UTF_16LE), SIX_FLOATS),
                        "must be JSON"),
                header("[]", "header must be an object"),
                header("null", "header must be an object"),
                header("\"a\"", "header must be an object"),
                header("  ", "header must be an object, was nothing"),
                header("{ ", "must be JSON"),
                header("{" + ENTRY, "must be JSON"),
                header("{" + ENTRY + ",}", "must be JSON"),
                header("{" + ENTRY + "} {}", "must end with its object"),
                header("{" + ENTRY + "} x", "must be JSON"),
                header("{" + ENTRY + "," + ENTRY + "}", "must be JSON"),
                header("{\"t\":1}", "tensor t must be an object, was 1"),
                header("{\"t\":[]}", "tensor t must be an object"),
                header("{\"t\":{}}", "was without dtype"),
                header("{" + ENTRY.replace("\"dtype\"", "\"dtype\":\"F32\",\"dtype\"") + "}", "must be JSON"),
                header("{" + ENTRY.replace("}", ",\"x\":1}") + "}", "dtype, shape and data_offsets only, was x"),
                header("{" + ENTRY.replace("\"F32\"", "32") + "}", "dtype must be a string, was 32"),
                header(
                        "{" + ENTRY.replace("F32", "I64") + "}",
                        "must be F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I8 or U8, was I64"),
                header("{" + ENTRY.replace("F32", "f32") + "}", "was f32"),
                header("{" + ENTRY.replace("F32", "F64") + "}", "must span the 48 bytes"),
                header("{" + ENTRY.replace("[2,3]", "6") + "}", "shape must be an array"),
                header("{" + ENTRY.replace("[2,3]", "[-2,-3]") + "}", "whole numbers from 0 to 2^63 - 1 only, was -2"),
                header("{" + ENTRY.replace("[2,3]", "[2.0,3]") + "}", "was 2.0"),
                header("{" + ENTRY.replace("[2,3]", "[NaN]") + "}", "must be JSON"),
                header("{" + ENTRY.replace("[2,3]", "[[6]]") + "}", "whole numbers"),
                header("{" + ENTRY.replace("[2,3]", "[9223372036854775808]") + "}", "was 9223372036854775808"),
                header(
                        "{" + ENTRY.replace("[2,3]", "[" + "9".repeat(30) + "]") + "}",
                        "must have at most 4 levels and numbers of 20 characters"),
                header("{" + ENTRY.replace("[2,3]", "[4294967296,4294967296]") + "}", "fewer than 2^63 bytes"),
                header("{" + ENTRY.replace("[2,3]", "[2305843009213693952]") + "}", "fewer than 2^63 bytes"),
                header("{" + ENTRY.replace("[2,3]", "[7]") + "}", "must span the 28 bytes"),
                header("{" + ENTRY.replace("[2,3]", "[" + "1,".repeat(64) + "1]") + "}", "at most 64 numbers"),
                header("{" + ENTRY.replace("[2,3]", "[".repeat(10_000)) + "}", "must"),
                header("{" + ENTRY.replace("[0,24]", "[0]") + "}", "must be a begin and an end"),
                header("{" + ENTRY.replace("[0,24]", "[0,24,24]") + "}", "at most 2 numbers"),
                header("{" + ENTRY.replace("[0,24]", "[24,0]") + "}", "must be a begin and an end"),
                header("{" + ENTRY.replace("[0,24]", "[0,9223372036854775807]") + "}", "must lie within"),
                header("{" + ENTRY.replace("[0,24]", "[1,25]") + "}", "must begin where the tensor before ends, at 0"),
                header("{" + ENTRY + "," + second + "}", "must begin where the tensor before ends, at 24, was 20"),
                header("{" + second + "}", "at 0, was 20"),
                header("{\"__metadata__\":[]," + ENTRY + "}", "__metadata__ must be an object"),
                header("{\"__metadata__\":{\"a\":1}," + ENTRY + "}", "must be an object of strings"),
                header("{" + ENTRY.replace("\"t\"", "\" \"") + "}", "characters, was of spaces only"),
                header("{" + ENTRY.replace("\"t\"", "\"a\\nb\"") + "}", "a\\u000ab: name must"));
    }

    static Stream<Arguments> csv() {
        return Stream.of(
                csv("empty", "", "first line must name the columns, was missing"),
                csv("blank lines", "\n\n", "first line must name the columns, was missing"),
                csv("numbers instead of names", "1,2\n3,4\n", "was of numbers only (1)"),
                csv("a name missing", "a,,c\n1,2,3\n", "tensor column 2: column must have a name"),
                csv("a blank name", "a,\" \"\n1,2\n", "tensor column 2: column must have a name"),
                csv("an index of pandas", ",a\n0,1\n", "tensor column 1: column must have a name"),
                csv("an index that pandas read", "Unnamed: 0,a\n0,1\n", "tensor Unnamed: 0: column must have a name"),
                csv("a column of text", "a,b\n1,cat\n2,dog\n", "tensor b: first row must hold a number, nan, inf or"),
                csv("a mask", "m,a\nTrue,1\nFalse,2\n", "or nothing, was True"),
                csv("a line feed in a name", "\"a\nb\"\n1\n", "a\\u000ab: name must have visible characters"),
                csv("one name twice", "a,b,a\n1,2,3\n", "must be different, was a twice"),
                csv("one name twice but for blanks", "a, a\n1,2\n", "must be different"),
                csv(
                        "a word",
                        "a,b\n1,2\n3,four\n",
                        "line 3, column 2 (b) must hold a number, nan, inf or nothing, was four"),
                csv("a type's letter", "a\n1f\n", "was 1f"),
                csv("another type's letter", "a\n1.0D\n", "was 1.0D"),
                csv("semicolons", "a;b\n1.5;2\n", "a;b: first row must hold a number"),
                csv("a comma for a point", "a;b\n1,5;2\n", "must have at most 1 cells"),
                csv("a thousands separator", "a\n1_000\n", "was 1_000"),
                csv("two points", "a\n1.2.3\n", "was 1.2.3"),
                csv("half an exponent", "a\n1e\n", "was 1e"),
                csv("two signs", "a\n--1\n", "was --1"),
                csv("a sign only", "a\n-\n", "was -"),
                csv("a word like nan", "a\nnans\n", "was nans"),
                csv("two signs before inf", "a\n+-inf\n", "was +-inf"),
                csv("digits of another script", "a\n\u0663\n", "must hold a number"),
                csv("a control character", "a\n1\u0007\n", "was 1\\u0007"),
                csv("a line that is too long", "a,b\n1,2,3\n", "line 2 must have at most 2 cells"),
                csv("an open quote", "a\n\"1\n2\n3\n", "end their quotes"),
                csv("text after a quote", "a\n\"1\"2\n", "end their quotes"),
                csv("a cell that is too long", "a\n" + "1".repeat(40_000) + "\n", "at most 16384 characters"),
                csv("a name that is too long", "a".repeat(40_000) + "\n1\n", "at most 16384 characters"),
                csv("one long name many times", ("a".repeat(10_000) + ",").repeat(200) + "\n", "be different"),
                csv("names that are too long", longNames(), "1048576 characters"),
                csv("too many columns", manyNames(70_000), "at most 65536 names"),
                csv("a zip", "PK, not\n1,2\n", "must be a whole zip"),
                Arguments.of(
                        "not UTF-8", "x.csv", new byte[] {'a', '\n', '1', (byte) 0xC3, '\n'}, "must be UTF-8 text"),
                Arguments.of(
                        "not UTF-8 at once",
                        "x.csv",
                        new byte[] {(byte) 0xFF, (byte) 0xFE, 'a', 0},
                        "must be UTF-8 text"),
                Arguments.of("no known name", "x.txt", "a\n1\n".getBytes(StandardCharsets.UTF_8), "none of them"));
    }

    private static String manyNames(int count) {
        StringBuilder names = new StringBuilder("a");
        for (int i = 0; i < count; i++) {
            names.append(',').append('a').append(i);
        }
        return names.toString();
    }

    private static String longNames() {
        StringBuilder names = new StringBuilder("a");
        for (int i = 0; i < 110; i++) {
            names.append(',').append(i).append("a".repeat(10_000));
        }
        return names.toString();
    }

    private static Arguments csv(String what, String text, String reason) {
        return Arguments.of(what, "x.csv", text.getBytes(StandardCharsets.UTF_8), reason);
    }

    private static byte[] length(long length) {
        return TensorBytes.safetensors(length, "{}".getBytes(StandardCharsets.UTF_8), SIX_FLOATS);
    }

    private static Arguments tensors(String what, byte[] bytes, String reason) {
        return Arguments.of(what, "x.safetensors", bytes, reason);
    }

    private static Arguments header(String header, String reason) {
        String shown = header.length() > 60 ? header.substring(0, 60) + "..." : header;
        return tensors("header " + VisibleText.of(shown), TensorBytes.safetensors(header, SIX_FLOATS), reason);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"safetensors", "csv"})
    void isRefusedInOneSentence(String what, String name, byte[] bytes, String reason) throws IOException {
        Path file = Files.write(folder.resolve(name), bytes);
        long before = allocated();
        FormatException refused =
                assertThrows(FormatException.class, () -> Drained.count(TensorFiles.open(file)), what);
        long allocated = allocated() - before;
        assertTrue(refused.getMessage().startsWith(file + ": "), refused.getMessage());
        Drain.assertSentence(refused, file);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
        assertTrue(allocated < MAX_ALLOCATED + 20L * bytes.length, what + " allocated " + allocated);
    }

    @Test
    void whatIsNotAskedForIsNotJudged() throws IOException {
        String other = TensorBytes.entry("ids", "I64", "[1]", 24, 32);
        byte[] bytes = TensorBytes.safetensors("{" + other + "," + ENTRY + "}", new byte[32]);
        Path file = Files.write(folder.resolve("x"), bytes);
        assertEquals(6, Drained.count(TensorFiles.open(file, "t"::equals)));
        assertEquals(List.of(), TensorFiles.open(file, "t"::equals).leftOut());
        TensorFile all = TensorFiles.open(file);
        assertEquals(6, Drained.count(TensorFile.of(file, all.parts())));
        assertEquals(
                List.of(LeftOut.of(
                        file, "ids", "dtype must be F64, F32, F16, BF16, F8_E4M3, F8_E5M2, I8 or U8, was I64")),
                all.leftOut());
    }

    @Test
    void foldersAndMissingFilesAreRefused() {
        FormatException directory = assertThrows(FormatException.class, () -> TensorFiles.open(folder));
        assertEquals(folder + ": input must be a regular file, was a folder", directory.getMessage());
        Path lost = folder.resolve("lost.csv");
        FormatException missing = assertThrows(FormatException.class, () -> TensorFiles.open(lost));
        assertEquals(lost + ": input must exist, was missing", missing.getMessage());
    }

    /** The stated bound: what the longest header can make. */
    @Test
    void theLongestHeaderIsReadInBoundedMemory() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; header.length() < Safetensors.MAX_HEADER - 100; i++) {
            header.append(i == 0 ? "" : ",").append(TensorBytes.entry("" + i, "U8", "[]", i, i + 1));
        }
        header.append('}');
        int count = header.toString().split("U8", -1).length - 1;
        Path file = Files.write(
                folder.resolve("x.safetensors"), TensorBytes.safetensors(header.toString(), new byte[count]));
        long before = allocated();
        assertEquals(count, TensorFiles.open(file).parts().size());
        long allocated = allocated() - before;
        assertTrue(allocated < 25L * Safetensors.MAX_HEADER, "allocated " + allocated);
    }

    @Test
    void damagedSafetensorsEndInOneSentenceOrInValues() throws IOException {
        String metadata = "\"__metadata__\":{\"format\":\"pt\"},";
        String header = "{" + metadata + ENTRY + "," + TensorBytes.entry("half", "BF16", "[2]", 24, 28) + "}  ";
        damage("x.safetensors", TensorBytes.safetensors(header, new byte[28]), 2000);
    }

    @Test
    void damagedCsvEndsInOneSentenceOrInValues() throws IOException {
        damage("x.csv", "a,\"b\",c\n1,2.5e3,\n\"nan\",-inf,0x1p3\n,,7\n".getBytes(StandardCharsets.UTF_8), 2000);
    }

    private void damage(String name, byte[] good, int times) throws IOException {
        Random random = new Random(good.length);
        int refused = 0;
        for (int i = 0; i < times; i++) {
            byte[] damaged = good.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(random.nextBoolean() ? 256 : 128);
            }
            if (random.nextInt(10) == 0) {
                damaged = Arrays.copyOf(damaged, random.nextInt(damaged.length));
            }
            Path file = Files.write(folder.resolve(name), damaged);
            try {
                Drained.count(TensorFiles.open(file));
            } catch (FormatException e) {
                Drain.assertSentence(e, file);
                refused++;
            }
        }
        assertTrue(refused > times / 10 && refused < times, "refused " + refused);
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
