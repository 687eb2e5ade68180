// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * The entries of a zip with the places of their data, so that parts of an entry can be read on their own; the JDK's own
 * reader tells names and sizes but no places.
 *
 * <p>Strict: one directory that reaches to its end record, nothing encrypted or split over disks, stored or deflated
 * entries only, different names in UTF-8, local headers that agree, data that do not overlap. Zip64 is read.
 *
 * <p>Deflate codes a match of at most 258 bytes in no less than 2 bits, so one byte never becomes more than {@value
 * #MAX_EXPANSION}. Together with data that do not overlap, that bounds what a file can unfold into: {@value
 * #MAX_EXPANSION} times its own size, of which a reader holds one block at a time.
 *
 * <p>Source: PKWARE, {@code APPNOTE.TXT} 6.3.
 */
final class ZipDirectory {
    /** The most bytes that one byte of deflated data stands for: {@code 8 / 2 * 258}. */
    static final int MAX_EXPANSION = 1032;

    /** The longest directory that is read, in bytes: room for a hundred thousand entries. */
    static final int MAX_LENGTH = 8 << 20;

    private static final int LOCAL = 0x04034b50;
    private static final int CENTRAL = 0x02014b50;
    private static final int END = 0x06054b50;
    private static final int END_64 = 0x06064b50;
    private static final int LOCATOR_64 = 0x07064b50;
    private static final int LOCAL_BYTES = 30;
    private static final int CENTRAL_BYTES = 46;
    private static final int END_BYTES = 22;
    private static final int END_64_BYTES = 56;
    private static final int LOCATOR_64_BYTES = 20;
    private static final int MAX_COMMENT = 0xFFFF;
    private static final int ENCRYPTED = 1;
    private static final int STORED = 0;
    private static final int DEFLATED = 8;
    private static final long NO_INT = 0xFFFFFFFFL;
    private static final int NO_SHORT = 0xFFFF;
    private static final int INFLATER_BYTES = 1 << 13;

    private final InputFile file;
    private final FileChannel channel;

    private ZipDirectory(InputFile file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /**
     * An entry.
     *
     * @param name its name, which ends in a slash where it is a folder
     * @param isDeflated whether its data are compressed
     * @param packed bytes in the file
     * @param size bytes of the content
     * @param checksum the CRC-32 of the content
     * @param position where the data begin
     */
    record Entry(String name, boolean isDeflated, long packed, long size, long checksum, long position) {
        /** The content, read from an open file, which stays open. */
        InputStream content(FileChannel channel) {
            InputStream data = InputFile.range(channel, position, position + packed);
            return isDeflated
                    ? new BufferedInputStream(
                            new Inflating(data, atMost(INFLATER_BYTES, packed)), atMost(INFLATER_BYTES, size))
                    : data;
        }
    }

    /** The JDK's stream frees an inflater only if it made it itself, and then it expects another format. */
    private static final class Inflating extends InflaterInputStream {
        Inflating(InputStream data, int bufferBytes) {
            super(data, new Inflater(true), bufferBytes);
        }

        @Override
        public void close() throws IOException {
            inf.end();
            super.close();
        }
    }

    /** All entries, in the order of the directory. */
    static List<Entry> read(InputFile file, FileChannel channel) throws IOException {
        return new ZipDirectory(file, channel).read();
    }

    /**
     * Where the directory lies.
     *
     * @param position its first byte
     * @param length its bytes
     * @param count its entries
     */
    private record Extent(long position, long length, long count) {}

    /** An entry before its local header is read, which begins at {@code local}. */
    private record Listed(Entry entry, int method, long local) {}

    private List<Entry> read() throws IOException {
        Extent extent = extent();
        if (extent.length() > MAX_LENGTH) {
            throw new FormatException(
                    file.path() + ": zip directory must have at most " + MAX_LENGTH + " bytes, was " + extent.length());
        }
        ByteBuffer bytes = bytes(extent.position(), (int) extent.length());
        List<Listed> listed = new ArrayList<>();
        Set<String> names = new HashSet<>();
        while (bytes.hasRemaining()) {
            Listed next = next(bytes);
            String name = next.entry().name();
            if (!names.add(name)) {
                throw new FormatException(
                        file.path() + ": entry names must be different, was " + VisibleText.of(name) + " twice");
            }
            listed.add(next);
        }
        if (listed.size() != extent.count()) {
            throw notWhole("a directory of " + listed.size() + " entries that claims " + extent.count());
        }
        return located(listed, extent.position());
    }

    /** The end record is the last of the file, but for a comment. */
    private Extent extent() throws IOException {
        int length = (int) Math.min(file.size(), END_BYTES + MAX_COMMENT);
        long from = file.size() - length;
        ByteBuffer tail = bytes(from, length);
        for (int at = length - END_BYTES; at >= 0; at--) {
            if (tail.getInt(at) == END && unsignedShort(tail, at + 20) == length - at - END_BYTES) {
                return extent(tail, at, from + at);
            }
        }
        throw notWhole("without an end record");
    }

    private Extent extent(ByteBuffer tail, int at, long end) throws IOException {
        long count = unsignedShort(tail, at + 10);
        long length = unsignedInt(tail, at + 12);
        long position = unsignedInt(tail, at + 16);
        boolean isSplit = unsignedShort(tail, at + 4) != 0 && unsignedShort(tail, at + 4) != NO_SHORT;
        long directoryEnd = end;
        if (count == NO_SHORT || length == NO_INT || position == NO_INT) {
            Extent wide = extent64(end);
            if (wide != null) {
                return wide;
            }
        }
        if (isSplit) {
            throw notWhole("one of several disks");
        }
        return checked(new Extent(position, length, count), directoryEnd);
    }

    /** The wide end record that stands before an end record, or null where there is none. */
    private Extent extent64(long end) throws IOException {
        if (end < LOCATOR_64_BYTES + END_64_BYTES) {
            return null;
        }
        ByteBuffer locator = bytes(end - LOCATOR_64_BYTES, LOCATOR_64_BYTES);
        if (locator.getInt(0) != LOCATOR_64) {
            return null;
        }
        long at = locator.getLong(8);
        if (at < 0 || at > end - LOCATOR_64_BYTES - END_64_BYTES) {
            throw notWhole("with a wide end record outside the file");
        }
        ByteBuffer wide = bytes(at, END_64_BYTES);
        if (wide.getInt(0) != END_64) {
            throw notWhole("without the wide end record it points to");
        }
        return checked(new Extent(wide.getLong(48), wide.getLong(40), wide.getLong(32)), at);
    }

    private Extent checked(Extent extent, long end) throws FormatException {
        // Compared without sums, which lying numbers overflow.
        if (extent.position() < 0 || extent.position() > end || extent.length() != end - extent.position()) {
            throw notWhole("with a directory of " + Long.toUnsignedString(extent.length()) + " bytes from "
                    + Long.toUnsignedString(extent.position()) + " before an end record at " + end);
        }
        return extent;
    }

    private Listed next(ByteBuffer bytes) throws FormatException {
        int at = bytes.position();
        if (bytes.remaining() < CENTRAL_BYTES || bytes.getInt(at) != CENTRAL) {
            throw notWhole("with a broken directory");
        }
        int nameLength = unsignedShort(bytes, at + 28);
        int extraLength = unsignedShort(bytes, at + 30);
        int length = CENTRAL_BYTES + nameLength + extraLength + unsignedShort(bytes, at + 32);
        if (length > bytes.remaining()) {
            throw notWhole("with a directory entry that does not end");
        }
        String name = name(bytes, at + CENTRAL_BYTES, nameLength);
        int method = unsignedShort(bytes, at + 10);
        if ((unsignedShort(bytes, at + 8) & ENCRYPTED) != 0 || (method != STORED && method != DEFLATED)) {
            throw new FormatException(file.path() + ": entry " + VisibleText.of(name)
                    + " must be stored or deflated in a whole zip, was "
                    + ((unsignedShort(bytes, at + 8) & ENCRYPTED) != 0 ? "encrypted" : "of method " + method));
        }
        Wide wide = new Wide(bytes, at + CENTRAL_BYTES + nameLength, extraLength);
        long size = wide.or(unsignedInt(bytes, at + 24));
        long packed = wide.or(unsignedInt(bytes, at + 20));
        long local = wide.or(unsignedInt(bytes, at + 42));
        bytes.position(at + length);
        if (packed < 0 || packed > file.size() || local < 0 || local > file.size() || size < 0) {
            throw new FormatException(
                    file.path() + ": entries must fit into the file, was outside it at " + VisibleText.of(name));
        }
        if (method == STORED && size != packed) {
            throw new FormatException(file.path() + ": entry " + VisibleText.of(name) + " must have the " + packed
                    + " bytes it is stored in, was " + size);
        }
        if (size / MAX_EXPANSION > packed) {
            throw new FormatException(file.path() + ": entry " + VisibleText.of(name) + " must unfold to at most "
                    + MAX_EXPANSION + " times its " + packed + " compressed bytes, was " + size);
        }
        Entry entry = new Entry(name, method == DEFLATED, packed, size, unsignedInt(bytes, at + 16), 0);
        return new Listed(entry, method, local);
    }

    /** Reads every local header; the data of an entry must end before the next one begins, wherever that is listed. */
    private List<Entry> located(List<Listed> listed, long end) throws IOException {
        List<Integer> byPosition = new ArrayList<>();
        for (int i = 0; i < listed.size(); i++) {
            byPosition.add(i);
        }
        byPosition.sort(Comparator.comparingLong(i -> listed.get(i).local()));
        Entry[] entries = new Entry[listed.size()];
        for (int i = 0; i < entries.length; i++) {
            long limit =
                    i + 1 < entries.length ? listed.get(byPosition.get(i + 1)).local() : end;
            entries[byPosition.get(i)] = located(listed.get(byPosition.get(i)), limit);
        }
        return List.of(entries);
    }

    private Entry located(Listed listed, long limit) throws IOException {
        Entry entry = listed.entry();
        long room = limit - listed.local() - LOCAL_BYTES;
        byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
        if (room < name.length) {
            throw overlapping(entry);
        }
        ByteBuffer local = bytes(listed.local(), LOCAL_BYTES + name.length);
        boolean agrees = local.getInt(0) == LOCAL
                && unsignedShort(local, 8) == listed.method()
                && unsignedShort(local, 26) == name.length
                && local.slice(LOCAL_BYTES, name.length).equals(ByteBuffer.wrap(name));
        if (!agrees) {
            throw notWhole("with another local header for entry " + VisibleText.of(entry.name()));
        }
        long before = (long) name.length + unsignedShort(local, 28);
        if (room - before < entry.packed()) {
            throw overlapping(entry);
        }
        return new Entry(
                entry.name(),
                entry.isDeflated(),
                entry.packed(),
                entry.size(),
                entry.checksum(),
                listed.local() + LOCAL_BYTES + before);
    }

    private String name(ByteBuffer bytes, int from, int length) throws FormatException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(bytes.slice(from, length))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new FormatException(file.path() + ": entry names must be UTF-8 text, was not", e);
        }
    }

    private ByteBuffer bytes(long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
        file.readFully(channel, bytes, position);
        return bytes.flip();
    }

    private FormatException overlapping(Entry entry) {
        return new FormatException(
                file.path() + ": entries must fit into the file, was overlapping at " + VisibleText.of(entry.name()));
    }

    private FormatException notWhole(String found) {
        return new FormatException(file.path() + ": file must be a whole zip, was " + found);
    }

    /** Room for a stream: at least a byte, and no more than it has. */
    private static int atMost(int room, long bytes) {
        return (int) Math.min(room, Math.max(1, bytes));
    }

    private static int unsignedShort(ByteBuffer bytes, int at) {
        return bytes.getShort(at) & 0xFFFF;
    }

    private static long unsignedInt(ByteBuffer bytes, int at) {
        return bytes.getInt(at) & 0xFFFFFFFFL;
    }

    /** The 8-byte numbers of an entry, which stand in its extra field, in order, for those that 4 bytes cannot hold. */
    private final class Wide {
        private static final int ID = 1;

        private final ByteBuffer bytes;
        private int at;
        private int end;

        Wide(ByteBuffer bytes, int from, int length) {
            this.bytes = bytes;
            int field = from;
            while (field + 4 <= from + length) {
                int fieldEnd = field + 4 + unsignedShort(bytes, field + 2);
                if (unsignedShort(bytes, field) == ID && fieldEnd <= from + length) {
                    at = field + 4;
                    end = fieldEnd;
                    return;
                }
                field = fieldEnd;
            }
        }

        long or(long narrow) throws FormatException {
            if (narrow != NO_INT) {
                return narrow;
            }
            if (at + Long.BYTES > end) {
                throw notWhole("with a directory entry that lacks a wide number");
            }
            at += Long.BYTES;
            return bytes.getLong(at - Long.BYTES);
        }
    }
}
