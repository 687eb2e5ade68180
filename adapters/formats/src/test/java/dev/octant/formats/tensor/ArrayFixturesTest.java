// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files written by NumPy 2.4.6: {@code (arange(6) - 3) / 2} in the shape (2, 3), and some that must be refused. */
class ArrayFixturesTest {
    private static final float[] C_ORDER = {-1.5f, -1, -0.5f, 0, 0.5f, 1};
    private static final float[] FORTRAN_ORDER = {-1.5f, 0, -1, 0.5f, -0.5f, 1};

    @ParameterizedTest
    @ValueSource(strings = {"f2_le", "f2_be", "f4_le", "f4_be", "f8_le", "f8_be", "v2", "v3"})
    void typesOrdersAndVersions(String name) throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture(name + ".npy"))) {
            assertTrue(reader.next());
            assertEquals(name, reader.header().name());
            assertEquals(List.of(2L, 3L), reader.header().shape());
            assertFalse(reader.header().fortranOrder());
            assertArrayEquals(C_ORDER, floats(reader));
            assertFalse(reader.next());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"f4_fortran", "f8_fortran_be"})
    void fortranOrder(String name) throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture(name + ".npy"))) {
            assertTrue(reader.next());
            assertEquals(List.of(2L, 3L), reader.header().shape());
            assertTrue(reader.header().fortranOrder());
            assertArrayEquals(FORTRAN_ORDER, floats(reader));
        }
    }

    @Test
    void codes() throws Exception {
        byte[] bytes = new byte[9];
        try (ArrayReader reader = ArrayReader.open(fixture("i1.npy"))) {
            assertTrue(reader.next());
            assertEquals(ElementType.INT8, reader.header().type());
            assertEquals(5, reader.readBytes(bytes));
            assertArrayEquals(new byte[] {-128, -1, 0, 1, 127, 0, 0, 0, 0}, bytes);
            FormatException refused = assertThrows(FormatException.class, () -> reader.readFloats(new float[1]));
            assertTrue(refused.getMessage().contains("must hold float16, float32 or float64 values, was int8"));
        }
        try (ArrayReader reader = ArrayReader.open(fixture("u1.npy"))) {
            assertTrue(reader.next());
            assertEquals(ElementType.UINT8, reader.header().type());
            assertEquals(5, reader.readBytes(bytes));
            assertArrayEquals(new byte[] {0, 1, 127, -128, -1, 0, 0, 0, 0}, bytes);
        }
        try (ArrayReader reader = ArrayReader.open(fixture("f4_le.npy"))) {
            assertTrue(reader.next());
            FormatException refused = assertThrows(FormatException.class, () -> reader.readBytes(bytes));
            assertTrue(refused.getMessage().contains("must hold int8 or uint8 values, was float32"));
        }
    }

    @Test
    void scalarAndEmpty() throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture("scalar.npy"))) {
            assertTrue(reader.next());
            assertEquals(List.of(), reader.header().shape());
            assertEquals(1, reader.header().size());
            assertArrayEquals(new float[] {2.5f}, floats(reader));
        }
        try (ArrayReader reader = ArrayReader.open(fixture("empty.npy"))) {
            assertTrue(reader.next());
            assertEquals(List.of(3L, 0L, 2L), reader.header().shape());
            assertEquals(0, reader.header().size());
            assertArrayEquals(new float[0], floats(reader));
        }
    }

    @Test
    void float64RoundsToFloat() throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture("f8_special.npy"))) {
            assertTrue(reader.next());
            float inf = Float.POSITIVE_INFINITY;
            assertArrayEquals(new float[] {Float.NaN, inf, -inf, inf, -inf, 0f, -0f, 0.1f}, floats(reader));
        }
    }

    @Test
    void zipsStoredAndDeflated() throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture("stored.npz"))) {
            assertTrue(reader.next());
            assertEquals(ArrayHeader.of("first", ElementType.FLOAT32, List.of(2L, 3L)), reader.header());
            assertArrayEquals(C_ORDER, floats(reader));
            assertTrue(reader.next());
            assertEquals("second", reader.header().name());
            byte[] bytes = new byte[4];
            assertEquals(4, reader.readBytes(bytes));
            assertArrayEquals(new byte[] {0, 1, 2, 3}, bytes);
            assertTrue(reader.next());
            assertEquals("third", reader.header().name());
            assertArrayEquals(C_ORDER, floats(reader));
            assertFalse(reader.next());
        }
        try (ArrayReader reader = ArrayReader.open(fixture("deflated.npz"))) {
            assertTrue(reader.next());
            assertEquals("layer/act", reader.header().name());
            float[] ramp = floats(reader);
            assertEquals(1000, ramp.length);
            for (int i = 0; i < ramp.length; i++) {
                assertEquals(i, ramp[i]);
            }
            assertTrue(reader.next());
            assertArrayEquals(new float[5000], floats(reader));
            assertFalse(reader.next());
        }
        try (ArrayReader reader = ArrayReader.open(fixture("empty_directory.npz"))) {
            assertFalse(reader.next());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '~',
            value = {
                "object.npy; array object: dtype must be float16, float32, float64, int8 or uint8, was '|O'",
                "object.npz; array bad: dtype must be float16, float32, float64, int8 or uint8, was '|O'",
                "structured.npy; array structured: dtype must be float16, float32, float64, int8 or uint8, was "
                        + "[('x', '<f4'), ('y', '<i4')]",
                "int64.npy; was '<i8'",
                "bool.npy; was '|b1'",
                "text.npy; was '<U2'",
                "complex.npy; was '<c8'",
                "truncated.npy; array truncated: data must have the 24 bytes that the shape (2, 3) of float32 "
                        + "asks for, was truncated after 19",
                "missing.npy; missing.npy: input must exist, was missing",
            })
    void refusals(String name, String reason) throws Exception {
        Path file = fixture("f4_le.npy").resolveSibling(name);
        FormatException refused = assertThrows(FormatException.class, () -> Drain.all(file));
        Drain.assertSentence(refused, file);
        assertTrue(refused.getMessage().endsWith(reason), refused.getMessage());
    }

    @Test
    void otherArraysOfTheFileCanBeChosen() throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture("object.npz"), "good"::equals)) {
            assertTrue(reader.next());
            assertArrayEquals(C_ORDER, floats(reader));
            assertFalse(reader.next());
        }
    }

    @Test
    void misuseIsRefused() throws Exception {
        try (ArrayReader reader = ArrayReader.open(fixture("f4_le.npy"))) {
            assertThrows(IllegalStateException.class, reader::header);
            assertTrue(reader.next());
            float[] block = new float[4];
            assertThrows(IllegalArgumentException.class, () -> reader.readFloats(block, 0, 0));
            assertThrows(IllegalArgumentException.class, () -> reader.readFloats(block, 1, 4));
            assertThrows(IllegalArgumentException.class, () -> reader.readFloats(block, -1, 2));
            assertThrows(IllegalArgumentException.class, () -> reader.readFloats(block, Integer.MAX_VALUE, 2));
            assertFalse(reader.next());
            assertThrows(IllegalStateException.class, () -> reader.readFloats(block));
        }
    }

    private static float[] floats(ArrayReader reader) throws IOException {
        List<Float> values = new ArrayList<>();
        float[] block = new float[4];
        for (int n; (n = reader.readFloats(block)) > 0; ) {
            for (int i = 0; i < n; i++) {
                values.add(block[i]);
            }
        }
        float[] all = new float[values.size()];
        for (int i = 0; i < all.length; i++) {
            all[i] = values.get(i);
        }
        return all;
    }

    static Path fixture(String name) throws URISyntaxException {
        return Path.of(ArrayFixturesTest.class.getResource(name).toURI());
    }
}
