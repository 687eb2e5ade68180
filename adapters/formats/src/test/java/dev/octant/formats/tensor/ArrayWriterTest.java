// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArrayWriterTest {
    @TempDir
    Path folder;

    private final ArrayHeader three = ArrayHeader.of("x", ElementType.INT8, List.of(3L));

    @Test
    void writesWhatNumPyWrites() throws Exception {
        Path file = folder.resolve("f4_fortran.npy");
        ArrayWriter.write(
                file,
                new ArrayHeader("x", ElementType.FLOAT32, ByteOrder.LITTLE_ENDIAN, true, List.of(2L, 3L)),
                out -> out.writeFloats(new float[] {9, -1.5f, 0, -1, 0.5f, -0.5f, 1}, 1, 6));
        assertArrayEquals(Files.readAllBytes(ArrayFixturesTest.fixture("f4_fortran.npy")), Files.readAllBytes(file));
    }

    @Test
    void blocksLongerThanTheBufferArePassedOn() throws IOException {
        float[] many = new float[100_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = i;
        }
        Path file = folder.resolve("many.npy");
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", ElementType.FLOAT32, List.of(100_000L)),
                out -> out.writeFloats(many, 0, many.length));
        float[] back = new float[many.length];
        try (ArrayReader reader = ArrayReader.open(file)) {
            assertTrue(reader.next());
            assertEquals(many.length, reader.readFloats(back));
        }
        assertArrayEquals(many, back);
    }

    @Test
    void theLongestHeaderFitsVersion1() throws IOException {
        List<Long> longest = new ArrayList<>(Collections.nCopies(ArrayHeader.MAX_RANK, Long.MAX_VALUE));
        longest.set(0, 0L);
        Path file = folder.resolve("long.npy");
        ArrayWriter.write(file, ArrayHeader.of("x", ElementType.INT8, longest), out -> {});
        assertEquals(1, Files.readAllBytes(file)[6]);
        try (ArrayReader reader = ArrayReader.open(file)) {
            assertTrue(reader.next());
            assertEquals(longest, reader.header().shape());
        }
    }

    @Test
    void aWrongNumberOfElementsLeavesNothing() throws IOException {
        Path file = folder.resolve("codes.npy");
        byte[] codes = new byte[4];
        assertThrows(
                IllegalStateException.class, () -> ArrayWriter.write(file, three, out -> out.writeBytes(codes, 0, 2)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ArrayWriter.write(file, three, out -> out.writeBytes(codes, 0, 4)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ArrayWriter.write(file, three, out -> out.writeBytes(codes, 2, 3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ArrayWriter.write(file, three, out -> out.writeFloats(new float[3], 0, 3)));
        assertThrows(
                IllegalArgumentException.class,
                () -> ArrayWriter.write(file, three.withType(ElementType.FLOAT32), out -> out.writeBytes(codes, 0, 3)));
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    @Test
    void wideTypesAreNotWritten() {
        Path file = folder.resolve("x.npy");
        for (ElementType type : List.of(ElementType.FLOAT16, ElementType.FLOAT64)) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> ArrayWriter.write(file, three.withType(type), out -> {}));
            assertEquals("element type to write must be float32, int8 or uint8, was " + type, refused.getMessage());
        }
        assertFalse(Files.exists(file));
    }
}
