// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.function.Predicate;

/**
 * A cursor over the arrays of one {@code .npy} or {@code .npz} file, and over the elements of each.
 *
 * <pre>
 * try (ArrayReader reader = ArrayReader.open(file)) {
 *     while (reader.next()) {
 *         for (int n; (n = reader.readFloats(block)) &gt; 0; ) {
 *             observer.observe(block, 0, n);
 *         }
 *     }
 * }
 * </pre>
 *
 * <p>The kind of file is told by its first bytes, not by its name. Arrays come in the order of the file, elements in
 * storage order, any number of them at a time: the blocks a caller asks for need not divide the array. Opening the same
 * file again is the second pass; an array left half read is skipped by {@link #next()}.
 *
 * <p>Memory: less than 1 MiB and 128 bytes for each byte of headers and of a zip's directory, whatever the arrays'
 * size. A header has at most 1 MiB, a directory 8 MiB. A zip unfolds to at most 1,032 times its own size; one that
 * claims more is refused before it is read.
 *
 * <p>Values: float32 bits arrive unchanged. float16 is exact. float64 rounds to the nearest float, ties to even; beyond
 * {@link Float#MAX_VALUE} it becomes infinite. NaN and infinities are passed on, never judged.
 *
 * <p>Errors: a file that is missing, truncated, too long or malformed, an element type that is not an {@link
 * ElementType}, a checksum that does not match: {@link FormatException}, as soon as it is known. A length that
 * disagrees with the shape is found before the first element, a damaged zip entry at the latest with its last. After
 * an exception a reader can only be closed.
 *
 * <p>Not thread safe. Source: NumPy enhancement proposal 1, {@code numpy.lib.format}.
 */
public final class ArrayReader implements Closeable {
    private static final int BLOCK_BYTES = 1 << 16;

    private final Path file;
    private final Closeable container;
    private final Iterator<StoredArray> arrays;
    private final byte[] block = new byte[BLOCK_BYTES];
    private InputStream bytes = InputStream.nullInputStream();
    private ArrayStream current;

    private ArrayReader(Path file, Closeable container, Iterator<StoredArray> arrays) {
        this.file = file;
        this.container = container;
        this.arrays = arrays;
    }

    /**
     * Opens a file of the default file system and stands before its first array. A {@code .npy} may be a pipe. Entries
     * of a zip that are no arrays are passed over.
     *
     * @throws FormatException if the file is missing or a folder, is neither kind of array file, or is a zip with a
     *     broken directory, duplicate entries, or entry names that cannot be printed
     */
    public static ArrayReader open(Path file) throws IOException {
        return open(file, name -> true);
    }

    /**
     * The same for the arrays of chosen names only. The others are not looked at, so they may be of any type.
     *
     * @throws FormatException as {@link #open(Path)} does
     */
    public static ArrayReader open(Path file, Predicate<String> names) throws IOException {
        Given.require("file", file);
        Given.require("names", names);
        return ReadOutOfMemoryError.named(file, () -> opened(file, names));
    }

    private static ArrayReader opened(Path file, Predicate<String> names) throws IOException {
        InputStream in = new BufferedInputStream(InputFile.stream(file), BLOCK_BYTES);
        try {
            in.mark(NpyHeader.magicLength());
            byte[] start = in.readNBytes(NpyHeader.magicLength());
            in.reset();
            if (NpyHeader.isMagic(start)) {
                String name = TensorFiles.arrayName(file);
                // A pipe has no size before its end, and of a file that standard input is some may be read already.
                boolean isSized = Files.isRegularFile(file) && !file.equals(InputFile.STANDARD_INPUT);
                long length = isSized ? Files.size(file) : -1;
                List<StoredArray> all = List.of(new StoredArray(name, length, -1, () -> in));
                return new ArrayReader(file, in, chosen(all, names));
            }
            in.close();
            if (start.length >= 4 && start[0] == 'P' && start[1] == 'K') {
                return openZip(file, names);
            }
            throw new FormatException(file + ": file must begin as .npy (0x93 NUMPY) or .npz (PK), was "
                    + (start.length == 0 ? "empty" : "neither"));
        } catch (IOException | RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static ArrayReader openZip(Path path, Predicate<String> names) throws IOException {
        InputFile file = InputFile.of(path);
        FileChannel channel = file.open();
        try {
            NpzDirectory.Listing listing = NpzDirectory.list(file, channel);
            for (NpzDirectory.Nameless array : listing.nameless()) {
                if (names.test(array.shown())) {
                    throw new FormatException(
                            path + ", array " + VisibleText.of(array.shown()) + ": " + array.reason());
                }
            }
            List<StoredArray> all = listing.arrays().stream()
                    .map(array -> new StoredArray(
                            array.name(),
                            array.entry().size(),
                            array.entry().checksum(),
                            () -> array.entry().content(channel)))
                    .toList();
            return new ArrayReader(path, channel, chosen(all, names));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static Iterator<StoredArray> chosen(List<StoredArray> arrays, Predicate<String> names) {
        return arrays.stream().filter(array -> names.test(array.name())).iterator();
    }

    /**
     * Moves to the next array and reads its header.
     *
     * @return false after the last
     * @throws FormatException if its header is malformed, its type is not supported, or its length is not what the
     *     shape asks for
     */
    public boolean next() throws IOException {
        return ReadOutOfMemoryError.named(file, this::moved);
    }

    private boolean moved() throws IOException {
        bytes.close();
        current = null;
        if (!arrays.hasNext()) {
            return false;
        }
        StoredArray stored = arrays.next();
        bytes = stored.content().open();
        current = new ArrayStream(stored, bytes, file + ", array " + VisibleText.of(stored.name()), block);
        return true;
    }

    /**
     * The header of the current array.
     *
     * @throws IllegalStateException before the first {@link #next()} and after the last
     */
    public ArrayHeader header() {
        return current().header();
    }

    /** {@link #readFloats(float[], int, int)} into the whole of {@code target}. */
    public int readFloats(float[] target) throws IOException {
        Given.require("target", target);
        return readFloats(target, 0, target.length);
    }

    /**
     * Reads the next real values of the current array, as many as {@code length} or as are left.
     *
     * @return how many were read; 0 once all are
     * @throws FormatException if the array does not hold floating-point values, or its data are damaged
     * @throws IllegalArgumentException if {@code length} is not positive or does not fit into {@code target}
     */
    public int readFloats(float[] target, int offset, int length) throws IOException {
        Given.require("target", target);
        requireRoom(target.length, offset, length);
        return current().readFloats(target, offset, length);
    }

    /** {@link #readBytes(byte[], int, int)} into the whole of {@code target}. */
    public int readBytes(byte[] target) throws IOException {
        Given.require("target", target);
        return readBytes(target, 0, target.length);
    }

    /**
     * Reads the next raw bytes of the current array of {@code int8} or {@code uint8}, as many as {@code length} or as
     * are left.
     *
     * @return how many were read; 0 once all are
     * @throws FormatException if the array does not hold bytes, or its data are damaged
     * @throws IllegalArgumentException if {@code length} is not positive or does not fit into {@code target}
     */
    public int readBytes(byte[] target, int offset, int length) throws IOException {
        Given.require("target", target);
        requireRoom(target.length, offset, length);
        return current().readBytes(target, offset, length);
    }

    /** Closes the file; harmless the second time. */
    @Override
    public void close() throws IOException {
        current = null;
        bytes.close();
        container.close();
    }

    private ArrayStream current() {
        if (current == null) {
            throw new IllegalStateException("reader must stand at an array, was before the first or after the last");
        }
        return current;
    }

    private static void requireRoom(int room, int offset, int length) {
        // Not Validate, whose arguments are boxed at every call: this runs once per block.
        if (length <= 0 || offset < 0 || length > room - offset) {
            throw new IllegalArgumentException("block must hold at least one element and lie within the array of "
                    + room + ", was " + length + " from " + offset);
        }
    }
}
