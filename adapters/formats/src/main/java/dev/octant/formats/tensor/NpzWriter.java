// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.FormatException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.lang3.Validate;

/**
 * Writes an {@code .npz}: arrays of any {@linkplain NumberType type of number} by name, compressed, all at once or not
 * at all, as {@link AtomicFile} does. The same arrays give the same bytes whenever they are written.
 *
 * <p>Source: {@code numpy.savez_compressed}.
 */
public final class NpzWriter {
    private NpzWriter() {}

    /** Opens the numbers of an array, in C order and little-endian. */
    @FunctionalInterface
    public interface Content {
        InputStream open() throws IOException;
    }

    /**
     * An array to write.
     *
     * @param name its name, which NumPy finds it by
     * @param content as many bytes as type and shape ask for
     */
    public record Item(String name, NumberType type, List<Long> shape, Content content) {
        public Item {
            Given.require("name", name);
            Given.require("type", type);
            Given.require("shape", shape);
            Given.require("content", content);
            shape = List.copyOf(shape);
        }
    }

    /**
     * Writes {@code target}.
     *
     * @throws FormatException if the target cannot be written
     * @throws IllegalStateException if an array has more or fewer bytes than its shape asks for
     */
    public static void write(Path target, List<Item> arrays) throws IOException {
        Given.require("target", target);
        Given.require("arrays", arrays);
        AtomicFile.write(target, out -> {
            ZipOutputStream zip = new ZipOutputStream(out);
            for (Item array : arrays) {
                add(zip, array);
            }
            zip.finish();
        });
    }

    private static void add(ZipOutputStream zip, Item array) throws IOException {
        ZipEntry entry = new ZipEntry(array.name() + ".npy");
        // The first that a zip knows, 1980: no clock is asked.
        entry.setTimeLocal(LocalDateTime.of(1980, 1, 1, 0, 0));
        zip.putNextEntry(entry);
        zip.write(NpyHeader.bytes(array.type(), array.shape()));
        long bytes = Math.multiplyExact(
                ArrayHeader.product(array.shape()), (long) array.type().bytes());
        try (InputStream content = array.content().open()) {
            long written = content.transferTo(zip);
            Validate.validState(written == bytes, "array %s must have %s bytes, was %s", array.name(), bytes, written);
        }
        zip.closeEntry();
    }
}
