// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.octant.formats.ScratchFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ArrayWriterProperties {
    @Provide
    Arbitrary<List<Long>> shapes() {
        return Arbitraries.longs().between(0, 6).list().ofMaxSize(4);
    }

    @Provide
    Arbitrary<ElementType> written() {
        return Arbitraries.of(ElementType.FLOAT32, ElementType.INT8, ElementType.UINT8);
    }

    @Property(tries = 300)
    void fileIsTheHeaderAndTheElements(
            @ForAll("written") ElementType type,
            @ForAll("shapes") List<Long> shape,
            @ForAll boolean fortran,
            @ForAll boolean big,
            @ForAll @IntRange(min = 1, max = 500) int block,
            @ForAll long seed)
            throws IOException {
        ByteOrder order = big ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
        ArrayHeader header = new ArrayHeader("any", type, order, fortran, shape);
        byte[] data = new byte[(int) header.byteSize()];
        new Random(seed).nextBytes(data);
        ScratchFile.with("out.npy", new byte[0], file -> {
            write(file, header, data, block);
            byte[] bytes = Files.readAllBytes(file);
            int start = bytes.length - data.length;
            assertArrayEquals(data, Arrays.copyOfRange(bytes, start, bytes.length));
            assertEquals(0, start % 64);
            assertEquals("\u0093NUMPY\u0001\u0000", new String(bytes, 0, 8, StandardCharsets.ISO_8859_1));
            assertEquals(start - 10, (bytes[8] & 0xFF) + 256 * (bytes[9] & 0xFF));
            String descr =
                    type == ElementType.FLOAT32 ? (big ? ">f4" : "<f4") : type == ElementType.INT8 ? "|i1" : "|u1";
            String text = new String(bytes, 10, start - 10, StandardCharsets.ISO_8859_1);
            String tuple = shape.toString().replace('[', '(').replace(']', ')');
            String expected =
                    ArrayBytes.dictionary(descr, fortran, shape.size() == 1 ? tuple.replace(")", ",)") : tuple);
            assertEquals(expected, text.strip());
            assertEquals('\n', text.charAt(text.length() - 1));
            try (ArrayReader reader = ArrayReader.open(file)) {
                reader.next();
                assertEquals(shape, reader.header().shape());
                assertEquals(type, reader.header().type());
                assertEquals(fortran, reader.header().fortranOrder());
            }
        });
    }

    private static void write(Path file, ArrayHeader header, byte[] data, int block) throws IOException {
        ArrayWriter.write(file, header, out -> {
            if (header.type().isFloat()) {
                float[] floats = new float[data.length / 4];
                ByteBuffer.wrap(data).order(header.byteOrder()).asFloatBuffer().get(floats);
                for (int at = 0; at < floats.length; at += block) {
                    out.writeFloats(floats, at, Math.min(block, floats.length - at));
                }
            } else {
                for (int at = 0; at < data.length; at += block) {
                    out.writeBytes(data, at, Math.min(block, data.length - at));
                }
            }
        });
    }
}
