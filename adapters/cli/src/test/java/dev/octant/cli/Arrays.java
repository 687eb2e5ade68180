// SPDX-License-Identifier: Apache-2.0
package dev.octant.cli;

import dev.octant.formats.tensor.ArrayHeader;
import dev.octant.formats.tensor.ArrayReader;
import dev.octant.formats.tensor.ArrayWriter;
import dev.octant.formats.tensor.ElementType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Small array files for tests. */
final class Arrays {
    private Arrays() {}

    static Path floats(Path file, List<Long> shape, float... values) throws IOException {
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", ElementType.FLOAT32, shape),
                out -> out.writeFloats(values, 0, values.length));
        return file;
    }

    static Path floats(Path file, float... values) throws IOException {
        return floats(file, List.of((long) values.length), values);
    }

    static Path bytes(Path file, ElementType type, byte... values) throws IOException {
        ArrayWriter.write(
                file,
                ArrayHeader.of("x", type, List.of((long) values.length)),
                out -> out.writeBytes(values, 0, values.length));
        return file;
    }

    /** An .npy of which only the header is written, with a descriptor of one's own. */
    static byte[] npy(String descr, String shape, byte[] data) {
        String header = "{'descr': '" + descr + "', 'fortran_order': False, 'shape': " + shape + ", }";
        int padded = (10 + header.length() + 1 + 63) / 64 * 64 - 10;
        header = header + " ".repeat(padded - header.length() - 1) + "\n";
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0, (byte) padded, (byte) (padded >> 8)});
        out.writeBytes(header.getBytes(StandardCharsets.US_ASCII));
        out.writeBytes(data);
        return out.toByteArray();
    }

    static Path npz(Path file, String name, byte[] npy) throws IOException {
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            zip.putNextEntry(new ZipEntry(name + ".npy"));
            zip.write(npy);
            zip.closeEntry();
        }
        return file;
    }

    static float[] readFloats(Path file, int length) throws IOException {
        float[] values = new float[length];
        try (ArrayReader reader = ArrayReader.open(file)) {
            reader.next();
            int n = 0;
            for (int more; n < length && (more = reader.readFloats(values, n, length - n)) > 0; ) {
                n += more;
            }
        }
        return values;
    }

    static byte[] readBytes(Path file, int length) throws IOException {
        byte[] values = new byte[length];
        try (ArrayReader reader = ArrayReader.open(file)) {
            reader.next();
            int n = 0;
            for (int more; n < length && (more = reader.readBytes(values, n, length - n)) > 0; ) {
                n += more;
            }
        }
        return values;
    }
}
