// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/**
 * The parts of {@code .npy} and {@code .npz} files.
 *
 * <p>Stored arrays are cut. Every array is checked against the zip's checksum: one of a single part, compressed or not,
 * when that was read, others when all parts were.
 */
final class ArrayTensors {
    private final InputFile file;
    private final FileChannel channel;

    private ArrayTensors(InputFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static TensorFile npy(InputFile file, TensorSelection wanted) throws IOException {
        String name = TensorFiles.baseName(file.path());
        Optional<String> refusal = VisibleText.refusal("file name, which names the array,", name);
        if (!wanted.names().test(refusal.isEmpty() ? name : VisibleText.whole(name))) {
            return TensorFile.of(file.path(), List.of());
        }
        if (refusal.isPresent()) {
            return TensorFile.of(
                    file.path(), List.of(), List.of(LeftOut.of(file.path(), VisibleText.whole(name), refusal.get())));
        }
        try (FileChannel channel = file.open();
                InputStream content = InputFile.range(channel, 0, file.size())) {
            String place = place(file, name);
            NpyHeader.Located located = NpyHeader.read(content, name, place);
            Optional<String> obstacle = obstacle(located, wanted);
            return obstacle.isPresent()
                    ? TensorFile.of(file.path(), List.of(), List.of(LeftOut.of(file.path(), name, obstacle.get())))
                    : TensorFile.of(
                            file.path(),
                            new ArrayTensors(file, channel)
                                    .extent(name, located, 0, file.size(), place)
                                    .parts());
        }
    }

    static TensorFile npz(InputFile file, TensorSelection wanted) throws IOException {
        try (FileChannel channel = file.open()) {
            ArrayTensors arrays = new ArrayTensors(file, channel);
            List<TensorPart> parts = new ArrayList<>();
            List<LeftOut> leftOut = new ArrayList<>();
            NpzDirectory.Listing listing = NpzDirectory.list(file, channel);
            for (NpzDirectory.Item array : listing.arrays()) {
                if (wanted.names().test(array.name())) {
                    arrays.add(array, wanted, parts, leftOut);
                }
            }
            for (NpzDirectory.Nameless array : listing.nameless()) {
                if (wanted.names().test(array.shown())) {
                    leftOut.add(LeftOut.of(file.path(), array.shown(), array.reason()));
                }
            }
            for (String other : listing.others()) {
                if (wanted.names().test(other)) {
                    leftOut.add(LeftOut.of(file.path(), other, "entry must be an array, .npy, was another file"));
                }
            }
            return TensorFile.of(file.path(), parts, leftOut);
        }
    }

    private void add(NpzDirectory.Item array, TensorSelection wanted, List<TensorPart> parts, List<LeftOut> leftOut)
            throws IOException {
        ZipDirectory.Entry entry = array.entry();
        String place = place(file, array.name());
        NpyHeader.Located located;
        CRC32 start = new CRC32();
        try (InputStream content = entry.content(channel)) {
            located = NpyHeader.readOneOfMany(new CheckedInputStream(content, start), array.name(), place);
        } catch (ZipException | EOFException e) {
            throw ArrayStream.damaged(place, e);
        }
        Optional<String> obstacle = obstacle(located, wanted);
        if (obstacle.isPresent()) {
            leftOut.add(LeftOut.of(file.path(), array.name(), obstacle.get()));
            return;
        }
        RangePart.Extent extent = extent(array.name(), located, entry.position(), entry.size(), place);
        List<TensorPart> cut = entry.isDeflated() ? List.of() : extent.parts(place, entry.checksum(), start.getValue());
        if (cut.size() > 1) {
            parts.addAll(cut);
        } else {
            parts.add(new EntryPart(file, array, located.header(place), place));
        }
    }

    /** Why an array is not read, or empty. */
    private static Optional<String> obstacle(NpyHeader.Located located, TensorSelection wanted) {
        if (located.known().isEmpty()) {
            return Optional.of(located.obstacle());
        }
        ElementType type = located.known().get().type();
        return type.isFloat() || wanted.bytesAsValues()
                ? Optional.empty()
                : Optional.of("array must be of float16, float32 or float64, was " + type
                        + " codes (--as-values takes them as numbers)");
    }

    /** The values of an array that begins with its header at {@code position}. */
    private RangePart.Extent extent(String name, NpyHeader.Located located, long position, long length, String place)
            throws FormatException {
        ArrayHeader header = located.header(place);
        header.requireBytes(length - located.length(), place);
        return new RangePart.Extent(
                file,
                name,
                header.type().stored(),
                header.byteOrder(),
                position + located.length(),
                header.size(),
                header.sampleLength());
    }

    private static String place(InputFile file, String name) {
        return file.path() + ", array " + VisibleText.of(name);
    }
}
