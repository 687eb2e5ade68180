// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.formats.VisibleText;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.zip.ZipException;

/**
 * An array of a {@code .npy}, {@code .npz} or {@code .safetensors} file by its rows, of any {@linkplain NumberType
 * type of number}: what a model is fed with, some rows at a time. A row is what one index of the first axis holds.
 *
 * <p>No element is read before {@link #open}, which may be called again for another pass; the file must stay as it
 * was. Immutable and thread safe.
 */
public final class RowArray {
    /** The most names a sentence lists. */
    private static final int MOST_SHOWN = 10;

    private final InputFile file;
    private final String name;
    private final NumberType type;
    private final ByteOrder byteOrder;
    private final List<Long> shape;
    private final long headerBytes;
    private final long rowBytes;
    private final Data data;

    /**
     * Where the bytes are, header included.
     *
     * @param length as the container states them
     * @param checksum the CRC-32 of all of them; -1 when the container has none
     * @param content a stream at the first byte, from the open file
     */
    private record Data(long length, long checksum, Function<FileChannel, InputStream> content) {}

    /** What a file says of an array. */
    private record Stated(NumberType type, ByteOrder byteOrder, List<Long> shape, long headerBytes) {}

    private RowArray(InputFile file, String name, Stated stated, Data data) throws FormatException {
        this.file = file;
        this.name = name;
        this.data = data;
        this.type = stated.type();
        this.byteOrder = stated.byteOrder();
        this.shape = List.copyOf(stated.shape());
        this.headerBytes = stated.headerBytes();
        requireRows();
        this.rowBytes = checkedRowBytes();
        long dataBytes = data.length() - headerBytes;
        if (dataBytes != rows() * rowBytes) {
            throw new FormatException(place() + ": data must have the " + rows() * rowBytes + " bytes that the shape "
                    + shownShape() + " of " + type + " asks for, was " + Math.max(0, dataBytes));
        }
    }

    /** An array that begins with a header of NumPy. */
    private static RowArray ofNumPy(InputFile file, FileChannel channel, String name, Data data) throws IOException {
        String place = place(file, name);
        NpyHeader.Stated header;
        try (InputStream content = data.content().apply(channel)) {
            header = NpyHeader.readStated(content, place);
        } catch (ZipException | EOFException e) {
            throw ArrayStream.damaged(place, e);
        }
        NumberType type = NumberType.of(header.descriptor())
                .orElseThrow(() -> new FormatException(
                        place + ": dtype must be bool, an integer or a float, was " + header.shownType()));
        if (header.fortranOrder() && header.shape().size() > 1) {
            throw new FormatException(
                    place + ": array must be in C order, where a row lies together, was in Fortran order");
        }
        return new RowArray(file, name, new Stated(type, header.byteOrder(), header.shape(), header.length()), data);
    }

    /**
     * An array that lies in a file without a header of its own, in C order and little-endian.
     *
     * @param from its first byte
     * @param to the byte behind its last
     */
    static RowArray ofRange(InputFile file, String name, NumberType type, List<Long> shape, long from, long to)
            throws FormatException {
        return new RowArray(
                file,
                name,
                new Stated(type, ByteOrder.LITTLE_ENDIAN, shape, 0),
                new Data(to - from, -1, open -> InputFile.range(open, from, to)));
    }

    private void requireRows() throws FormatException {
        if (shape.isEmpty()
                || shape.size() > ArrayHeader.MAX_RANK
                || shape.stream().anyMatch(length -> length < 0)) {
            throw new FormatException(place() + ": shape must have 1 to " + ArrayHeader.MAX_RANK
                    + " dimensions, none of them negative, was " + shownShape());
        }
    }

    private long checkedRowBytes() throws FormatException {
        try {
            long bytes = Math.multiplyExact(ArrayHeader.product(shape.subList(1, shape.size())), (long) type.bytes());
            Math.multiplyExact(bytes, rows());
            return bytes;
        } catch (ArithmeticException e) {
            throw new FormatException(
                    place() + ": shape must span fewer than 2^63 bytes, was " + shownShape() + " of " + type, e);
        }
    }

    /**
     * The arrays of some names. A {@code .npy} has one array, which has no name of its own: it is taken for the only
     * one that is wanted. What else is in an {@code .npz} is not looked at.
     *
     * @param names at least one
     * @return them by name, in the order of {@code names}
     * @throws FormatException if the file is missing or malformed, an array is missing, in Fortran order, of another
     *     type than these numbers, without a first axis, or not as long as its shape
     */
    public static Map<String, RowArray> find(Path path, List<String> names) throws IOException {
        Given.require("path", path);
        Given.require("names", names);
        return ReadOutOfMemoryError.named(path, () -> found(InputFile.of(path), names));
    }

    private static Map<String, RowArray> found(InputFile file, List<String> names) throws IOException {
        try (FileChannel channel = file.open()) {
            byte[] start = InputFile.range(channel, 0, file.size()).readNBytes(NpyHeader.magicLength());
            if (NpyHeader.isMagic(start)) {
                return npy(file, channel, names);
            }
            if (start.length >= 2 && start[0] == 'P' && start[1] == 'K') {
                return npz(file, channel, names);
            }
            if (Safetensors.isHeader(file, channel)) {
                return Safetensors.rows(file, names);
            }
            throw new FormatException(file.path()
                    + ": file must begin as .npy (0x93 NUMPY), .npz (PK) or .safetensors ({ after 8 bytes), was "
                    + (start.length == 0 ? "empty" : "none of them"));
        }
    }

    private static Map<String, RowArray> npy(InputFile file, FileChannel channel, List<String> names)
            throws IOException {
        if (names.size() != 1) {
            throw new FormatException(file.path() + ": file must be an .npz of the arrays " + text(names)
                    + ", was an .npy, which holds one array");
        }
        Data data = new Data(file.size(), -1, open -> InputFile.range(open, 0, file.size()));
        return Map.of(names.get(0), ofNumPy(file, channel, names.get(0), data));
    }

    private static Map<String, RowArray> npz(InputFile file, FileChannel channel, List<String> names)
            throws IOException {
        List<String> there = new ArrayList<>();
        Map<String, ZipDirectory.Entry> entries = new HashMap<>();
        for (NpzDirectory.Item item : NpzDirectory.list(file, channel).arrays()) {
            there.add(item.name());
            entries.put(item.name(), item.entry());
        }
        Map<String, RowArray> found = new LinkedHashMap<>();
        for (String name : names) {
            ZipDirectory.Entry entry = entries.get(name);
            if (entry == null) {
                throw missing(file, name, there);
            }
            found.put(name, ofNumPy(file, channel, name, new Data(entry.size(), entry.checksum(), entry::content)));
        }
        return found;
    }

    /** What is said where a file lacks an array. */
    static FormatException missing(InputFile file, String name, List<String> there) {
        return new FormatException(file.path() + ": file must hold the array " + VisibleText.of(name)
                + ", was without it" + (there.isEmpty() ? "" : "; it holds " + text(there)));
    }

    private static String text(List<String> names) {
        return names.stream().limit(MOST_SHOWN).map(VisibleText::of).collect(Collectors.joining(", "))
                + (names.size() > MOST_SHOWN ? ", .." : "");
    }

    /** The type of its numbers. */
    public NumberType type() {
        return type;
    }

    /** The dimensions, outermost first; at least one. */
    public List<Long> shape() {
        return shape;
    }

    /** The first dimension. */
    public long rows() {
        return shape.get(0);
    }

    /** Bytes of one row: the product of the other dimensions, times the bytes of a number. */
    public long rowBytes() {
        return rowBytes;
    }

    /** The file and the name, as a sentence about the array begins. */
    public String place() {
        return place(file, name);
    }

    private static String place(InputFile file, String name) {
        return file.path() + ", array " + VisibleText.of(name);
    }

    private String shownShape() {
        return VisibleText.of(ArrayHeader.text(shape));
    }

    /**
     * Begins a pass over the rows.
     *
     * @throws FormatException if the file is not any more what it was
     */
    public RowReader open() throws IOException {
        FileChannel channel = file.open();
        try {
            InputStream content = data.content().apply(channel);
            return new RowReader(this, channel, content);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    ByteOrder byteOrder() {
        return byteOrder;
    }

    long headerBytes() {
        return headerBytes;
    }

    /** The CRC-32 of header and rows, or -1. */
    long checksum() {
        return data.checksum();
    }

    void requireUnchanged() throws IOException {
        file.requireUnchanged();
    }
}
