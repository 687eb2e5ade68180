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
import java.util.function.Predicate;
import java.util.zip.ZipException;

/**
 * The parts of {@code .npy} and {@code .npz} files.
 *
 * <p>Stored arrays are cut; an array of one part, compressed or not, is checked against the zip's checksum, which
 * only a read of the whole can do.
 */
final class ArrayTensors {
    private final InputFile file;
    private final FileChannel channel;

    private ArrayTensors(InputFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    static List<TensorPart> npy(InputFile file, Predicate<String> names) throws IOException {
        String name = TensorFiles.arrayName(file.path());
        if (!names.test(name)) {
            return List.of();
        }
        try (FileChannel channel = file.open();
                InputStream content = InputFile.range(channel, 0, file.size())) {
            String place = place(file, name);
            return new ArrayTensors(file, channel)
                    .extent(name, NpyHeader.read(content, name, place), 0, file.size(), place)
                    .parts();
        }
    }

    static List<TensorPart> npz(InputFile file, Predicate<String> names) throws IOException {
        try (FileChannel channel = file.open()) {
            ArrayTensors arrays = new ArrayTensors(file, channel);
            List<TensorPart> parts = new ArrayList<>();
            for (NpzDirectory.Item array : NpzDirectory.list(file, channel)) {
                if (names.test(array.name())) {
                    parts.addAll(arrays.parts(array));
                }
            }
            return parts;
        }
    }

    private List<TensorPart> parts(NpzDirectory.Item array) throws IOException {
        ZipDirectory.Entry entry = array.entry();
        String place = place(file, array.name());
        NpyHeader.Located located;
        try (InputStream content = entry.content(channel)) {
            located = NpyHeader.read(content, array.name(), place);
        } catch (ZipException | EOFException e) {
            throw ArrayStream.damaged(place, e);
        }
        RangePart.Extent extent = extent(array.name(), located, entry.position(), entry.size(), place);
        List<TensorPart> parts = entry.isDeflated() ? List.of() : extent.parts();
        return parts.size() > 1 ? parts : List.of(new EntryPart(file, array, located.header(), place));
    }

    /** The values of an array that begins with its header at {@code position}. */
    private RangePart.Extent extent(String name, NpyHeader.Located located, long position, long length, String place)
            throws FormatException {
        ArrayHeader header = located.header();
        if (!header.type().isFloat()) {
            throw new FormatException(place + ": array must be of float16, float32 or float64, was " + header.type());
        }
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
