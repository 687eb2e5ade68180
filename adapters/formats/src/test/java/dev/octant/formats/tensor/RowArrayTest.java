// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.Mutations;
import dev.octant.formats.tensor.ArrayBytes.Entry;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RowArrayTest {
    private static final String FLOATS = ArrayBytes.dictionary("<f4", false, "(2, 3)");

    @TempDir
    private Path folder;

    private Path file(String name, byte[] content) throws IOException {
        return Files.write(folder.resolve(name), content);
    }

    private static byte[] npy(String header, int bytes) {
        return ArrayBytes.npy(1, header, new byte[bytes]);
    }

    /** Numbers of {@code type}, the same for both orders but for the order. */
    private static byte[] numbers(NumberType type, int count, ByteOrder order) {
        byte[] bytes = new byte[count * type.bytes()];
        new Random(type.bytes()).nextBytes(bytes);
        if (order != ByteOrder.nativeOrder()) {
            for (int from = 0; from < bytes.length; from += type.bytes()) {
                for (int i = from, j = from + type.bytes() - 1; i < j; i++, j--) {
                    byte b = bytes[i];
                    bytes[i] = bytes[j];
                    bytes[j] = b;
                }
            }
        }
        return bytes;
    }

    @ParameterizedTest
    @EnumSource(NumberType.class)
    void everyTypeComesInTheMachinesOrder(NumberType type) throws IOException {
        byte[] expected = numbers(type, 7 * 30_000, ByteOrder.nativeOrder());
        for (char order : new char[] {'<', '>', '|'}) {
            ByteOrder stored = order == '|'
                    ? ByteOrder.nativeOrder()
                    : order == '<' ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
            byte[] npy = ArrayBytes.npy(
                    1,
                    ArrayBytes.dictionary(order + type.descriptor(), false, "(7, 30000)"),
                    numbers(type, 7 * 30_000, stored));
            Path npz = file("x.npz", ArrayBytes.zip(Entry.stored("a.npy", npy), Entry.deflated("b.npy", npy)));
            Map<String, RowArray> arrays = RowArray.find(npz, List.of("b", "a"));
            assertEquals(List.of("b", "a"), List.copyOf(arrays.keySet()));
            for (RowArray array : arrays.values()) {
                assertEquals(List.of(7L, 30_000L), array.shape());
                assertArrayEquals(expected, read(array, 3));
                assertArrayEquals(expected, read(array, 7), "another pass");
            }
            RowArray only = RowArray.find(file("x.npy", npy), List.of("any")).get("any");
            assertArrayEquals(expected, read(only, 2));
        }
    }

    private static byte[] read(RowArray array, int most) throws IOException {
        ByteBuffer all =
                ByteBuffer.allocate((int) (array.rows() * array.rowBytes())).order(ByteOrder.nativeOrder());
        ByteBuffer some =
                ByteBuffer.allocateDirect((int) (most * array.rowBytes())).order(ByteOrder.nativeOrder());
        try (RowReader reader = array.open()) {
            for (int rows; (rows = reader.read(some.clear(), most)) > 0; ) {
                assertEquals(rows * array.rowBytes(), some.position());
                all.put(some.flip());
            }
            assertEquals(0, reader.remaining());
        }
        assertEquals(0, all.remaining());
        return all.array();
    }

    @Test
    void whatIsWrittenIsReadAndWrittenTheSameAgain() throws IOException {
        byte[] numbers = numbers(NumberType.INT64, 6, ByteOrder.LITTLE_ENDIAN);
        List<NpzWriter.Item> items = List.of(
                new NpzWriter.Item("ids", NumberType.INT64, List.of(2L, 3L), () -> new ByteArrayInputStream(numbers)),
                new NpzWriter.Item("/a:0", NumberType.BOOL, List.of(1L), () -> new ByteArrayInputStream(new byte[1])));
        Path first = folder.resolve("1.npz");
        Path second = folder.resolve("2.npz");
        NpzWriter.write(first, items);
        NpzWriter.write(second, items);
        assertArrayEquals(Files.readAllBytes(first), Files.readAllBytes(second));
        Map<String, RowArray> arrays = RowArray.find(first, List.of("/a:0", "ids"));
        assertArrayEquals(numbers, read(arrays.get("ids"), 2));
        assertEquals(NumberType.BOOL, arrays.get("/a:0").type());
        assertThrows(
                IllegalStateException.class,
                () -> NpzWriter.write(
                        first,
                        List.of(new NpzWriter.Item(
                                "x", NumberType.INT64, List.of(2L), () -> new ByteArrayInputStream(numbers)))));
        assertArrayEquals(Files.readAllBytes(second), Files.readAllBytes(first), "a failure leaves what was there");
    }

    private static byte[] safetensors(String header, int bytes) {
        return safetensors(header, new byte[bytes]);
    }

    private static byte[] safetensors(String header, byte[] data) {
        return ByteBuffer.allocate(8 + header.length() + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(header.length())
                .put(header.getBytes(StandardCharsets.US_ASCII))
                .put(data)
                .array();
    }

    @Test
    void safetensorsByTheirRows() throws IOException {
        byte[] data = new byte[2 + 2 * 16 + 12];
        new Random(1).nextBytes(data);
        Path file = file(
                "x.safetensors",
                safetensors(
                        "{\"b\":{\"dtype\":\"BOOL\",\"shape\":[2],\"data_offsets\":[0,2]},"
                                + "\"a\":{\"dtype\":\"I64\",\"shape\":[2,2],\"data_offsets\":[2,34]},"
                                + "\"h\":{\"dtype\":\"F16\",\"shape\":[2,3],\"data_offsets\":[34,46]}}",
                        data));
        Map<String, RowArray> arrays = RowArray.find(file, List.of("a", "h", "b"));
        assertEquals(
                List.of(NumberType.INT64, NumberType.FLOAT16, NumberType.BOOL),
                arrays.values().stream().map(RowArray::type).toList());
        assertEquals(List.of(2L, 2L), arrays.get("a").shape());
        ByteBuffer rows = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
        try (RowReader reader = arrays.get("a").open()) {
            assertEquals(1, reader.read(rows, 1));
            assertEquals(1, reader.read(rows, 1));
            assertEquals(0, reader.remaining());
        }
        assertArrayEquals(Arrays.copyOfRange(data, 2, 34), rows.array());
    }

    static Stream<Arguments> refused() {
        return Stream.of(
                Arguments.of("empty", new byte[0], "(PK) or .safetensors ({ after 8 bytes), was empty"),
                Arguments.of("text", "abcdefgh".getBytes(StandardCharsets.UTF_8), "was none of them"),
                Arguments.of(
                        "safetensors without it",
                        safetensors("{\"b\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}", 4),
                        "was without it; it holds b"),
                Arguments.of(
                        "safetensors type",
                        safetensors("{\"a\":{\"dtype\":\"BF16\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4),
                        "dtype must be BOOL, F16, F32, F64 or an integer from I8 to U64, was BF16"),
                Arguments.of(
                        "safetensors length",
                        safetensors("{\"a\":{\"dtype\":\"I64\",\"shape\":[2],\"data_offsets\":[0,4]}}", 4),
                        "must have the 16 bytes that the shape"),
                Arguments.of(
                        "safetensors scalar",
                        safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}", 4),
                        "1 to 64 dimensions"),
                Arguments.of(
                        "safetensors cut",
                        safetensors("{\"a\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[0,8]}}", 4),
                        "lie within the 4 bytes of data"),
                Arguments.of("object", npy(ArrayBytes.dictionary("|O", false, "(2,)"), 16), "was '|O'"),
                Arguments.of("text type", npy(ArrayBytes.dictionary("<U5", false, "(2,)"), 40), "was '<U5'"),
                Arguments.of("0-d", npy(ArrayBytes.dictionary("<f4", false, "()"), 4), "1 to 64 dimensions"),
                Arguments.of(
                        "negative", npy(ArrayBytes.dictionary("<f4", false, "(2, -3)"), 24), "none of them negative"),
                Arguments.of("Fortran", npy(ArrayBytes.dictionary("<f4", true, "(2, 3)"), 24), "was in Fortran order"),
                Arguments.of("short", npy(FLOATS, 23), "must have the 24 bytes that the shape (2, 3)"),
                Arguments.of("long", npy(FLOATS, 25), "of float32 asks for, was 25"),
                Arguments.of(
                        "huge",
                        npy(ArrayBytes.dictionary("<f8", false, "(4611686018427387904, 4)"), 0),
                        "fewer than 2^63 bytes"),
                Arguments.of(
                        "missing",
                        ArrayBytes.zip(Entry.stored("b.npy", npy(FLOATS, 24))),
                        "was without it; it holds b"),
                Arguments.of(
                        "checksum",
                        ArrayBytes.zip(Entry.stored("a.npy", npy(FLOATS, 24)).withCrc(1)),
                        "checksum 00000001"),
                Arguments.of(
                        "damaged",
                        ArrayBytes.zip(Entry.deflated("a.npy", npy(FLOATS, 24)).withPacked(new byte[90])),
                        "must be whole, was damaged"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("refused")
    void refusals(String name, byte[] content, String sentence) throws IOException {
        Path file = file("x", content);
        FormatException e = assertThrows(FormatException.class, () -> read(file));
        assertTrue(e.getMessage().contains(sentence), e.getMessage());
        Drain.assertSentence(e, file);
    }

    private static void read(Path file) throws IOException {
        read(RowArray.find(file, List.of("a")).get("a"), 1);
    }

    @Test
    void anArrayWithoutANameIsOne() throws IOException {
        Path file = file("x.npy", npy(FLOATS, 24));
        FormatException e = assertThrows(FormatException.class, () -> RowArray.find(file, List.of("a", "b")));
        assertTrue(e.getMessage().endsWith("must be an .npz of the arrays a, b, was an .npy, which holds one array"));
    }

    @Test
    void anArrayWithoutRowsIsOne() throws IOException {
        byte[] npy = npy(ArrayBytes.dictionary("<f4", false, "(0, 3)"), 0);
        assertEquals(0, read(RowArray.find(file("x.npy", npy), List.of("a")).get("a"), 1).length);
    }

    @Test
    void aBufferWithoutRoomIsRefused() throws IOException {
        RowArray array =
                RowArray.find(file("x.npy", npy(FLOATS, 24)), List.of("a")).get("a");
        try (RowReader reader = array.open()) {
            ByteBuffer small = ByteBuffer.allocate(23).order(ByteOrder.nativeOrder());
            assertThrows(IllegalArgumentException.class, () -> reader.read(small, 2));
            assertThrows(IllegalArgumentException.class, () -> reader.read(small, 0));
        }
    }

    @Test
    void aFileThatChangesIsRefused() throws IOException {
        Path file = file("x.npy", npy(FLOATS, 24));
        RowArray array = RowArray.find(file, List.of("a")).get("a");
        Files.write(file, npy(ArrayBytes.dictionary("<f4", false, "(2, 4)"), 32));
        assertThrows(FormatException.class, array::open);
    }

    @Test
    void mutatedFilesAreReadOrRefused() throws IOException {
        byte[] npy = ArrayBytes.npy(1, FLOATS, numbers(NumberType.FLOAT32, 6, ByteOrder.LITTLE_ENDIAN));
        byte[] npz = ArrayBytes.zip(Entry.deflated("a.npy", npy), Entry.stored("b.npy", npy));
        Random random = new Random(1);
        for (int i = 0; i < 3_000; i++) {
            Path file = file("m", Mutations.of(i % 2 == 0 ? npz : npy, random));
            try {
                read(file);
            } catch (FormatException e) {
                assertTrue(e.getMessage().lines().count() == 1, e.getMessage());
            }
        }
    }
}
