// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;

/**
 * Reads the pages of a column of a row group, one after the other. Each byte is read from the file once, into arrays
 * of our own, so what was checked is what is used, whatever happens to the file meanwhile.
 *
 * <p>Refuses pages that do not lie within the column one after the other, unfold to more than {@value #FREE_BYTES}
 * bytes and to more than {@value #EXPANSION} for each of theirs in the file, or to more than their values take, or
 * whose checksum differs; values that are not as many as the footer says; and an offset index, where there is one, that
 * does not point at these pages. Arrays grow with the pages that are there, and are used again for the next.
 *
 * <p>Source: {@code parquet.thrift} of Apache Parquet.
 */
final class PageReader {
    /** What a page may unfold to, however few bytes it has. */
    static final int FREE_BYTES = 16 << 20;

    /** What each byte of a larger page may unfold to: of floats, codecs make a tenth at best. */
    static final int EXPANSION = 64;

    /** What a page may unfold to beside its values, and for each of them: a double and two levels, none in a run. */
    static final int SPARE_BYTES = 1 << 16;

    static final int BYTES_PER_VALUE = 16;

    /** What a byte of a dictionary may unfold to. */
    static final int DICTIONARY_EXPANSION = 1 << 10;

    private static final int FIRST_WINDOW = 1 << 8;
    private static final int MAX_HEADER = 1 << 16;

    private final InputFile file;
    private final FileChannel channel;
    private final Place place;
    private final ColumnChunk chunk;
    private final Codec codec;
    private final int bytesPerValue;
    private final OffsetIndex index;
    private final long end;
    private long at;
    private long values;
    private byte[] packed = {};
    private byte[] unpacked = {};

    /** Reads pages of a chunk whose extent lies within the file. */
    PageReader(InputFile file, FileChannel channel, Place place, ColumnChunk chunk) throws IOException {
        this(file, channel, place, chunk, BYTES_PER_VALUE);
    }

    /** The same where a value may be longer than a number. */
    PageReader(InputFile file, FileChannel channel, Place place, ColumnChunk chunk, int bytesPerValue)
            throws IOException {
        this.bytesPerValue = bytesPerValue;
        this.file = file;
        this.channel = channel;
        this.place = place;
        this.chunk = chunk;
        this.codec = Codec.of(chunk.codec());
        this.index = chunk.indexStart() == 0 ? null : OffsetIndex.read(file, channel, place, chunk);
        this.at = chunk.start();
        this.end = chunk.start() + chunk.size();
    }

    /**
     * A page, whose arrays are used again for the next.
     *
     * @param levels what stands before the values, for {@link PageHeader#DATA_V2}; elsewhere it is among them
     * @param content decompressed
     */
    record Page(PageHeader header, Bytes levels, Bytes content) {}

    /** The next page with values, or dictionary; null if there is none. */
    Page next() throws IOException {
        // Like any reader, stop at the values the footer states: some writers pad.
        while (values < chunk.values()) {
            if (at >= end) {
                throw wrongValues();
            }
            long start = at;
            PageHeader header = header();
            checkSizes(header);
            if (header.isData()) {
                values += header.detail().values();
                if (values > chunk.values()) {
                    throw wrongValues();
                }
                if (index != null) {
                    index.check(start, at - start + header.packed());
                }
            }
            Page page = header.type() == PageHeader.INDEX ? null : page(header);
            at += header.packed();
            if (page != null) {
                return page;
            }
        }
        if (index != null) {
            index.checkEnd();
        }
        return null;
    }

    private IOException wrongValues() {
        return place.refused("have the " + chunk.values() + " values of its footer", values + " in its pages");
    }

    private PageHeader header() throws IOException {
        ByteBuffer window = window(FIRST_WINDOW);
        PageHeader header;
        try {
            header = header(window);
        } catch (BufferUnderflowException e) {
            window = window(MAX_HEADER);
            header = wholeHeader(window);
        }
        at += window.position();
        return header;
    }

    private ByteBuffer window(int most) throws IOException {
        ByteBuffer window = ByteBuffer.allocate((int) Math.min(most, end - at));
        file.readFully(channel, window, at);
        return window.flip();
    }

    private PageHeader wholeHeader(ByteBuffer window) throws IOException {
        try {
            return header(window);
        } catch (BufferUnderflowException e) {
            throw place.refused("have page headers of at most " + MAX_HEADER + " bytes that end", "with another", e);
        }
    }

    private PageHeader header(ByteBuffer window) throws IOException {
        try {
            return PageHeader.read(window);
        } catch (IllegalArgumentException e) {
            throw place.refused("have whole page headers", e.getMessage(), e);
        }
    }

    private void checkSizes(PageHeader header) throws IOException {
        int size = header.packed();
        if (size < 0 || size > end - at) {
            throw place.refused(
                    "have pages that lie within it",
                    "with a page of " + size + " bytes where " + (end - at) + " are left");
        }
        long largest = Math.max(FREE_BYTES, (long) EXPANSION * size);
        if (header.unpacked() < 0 || header.unpacked() > largest) {
            throw place.refused(
                    "have pages of at most " + largest + " bytes uncompressed, " + FREE_BYTES + " or " + EXPANSION
                            + " for each compressed one",
                    "with one of " + header.unpacked());
        }
        int count = header.detail() == null ? -1 : header.detail().values();
        if (header.type() != PageHeader.INDEX && count < 0) {
            throw place.refused("have pages with a number of values", "with one of " + count);
        }
        if (codec == Codec.UNCOMPRESSED && size != header.unpacked()) {
            throw place.refused(
                    "have pages of one size where it is not compressed", "with " + size + " and " + header.unpacked());
        }
        long most = SPARE_BYTES
                + (header.type() == PageHeader.DICTIONARY
                        ? (long) DICTIONARY_EXPANSION * size
                        : (long) bytesPerValue * count);
        if (header.type() != PageHeader.INDEX && header.unpacked() > Math.max(most, size)) {
            throw place.refused(
                    "have pages that unfold to at most " + most + " bytes for what they hold",
                    "with one of " + header.unpacked());
        }
    }

    private Page page(PageHeader header) throws IOException {
        int size = header.packed();
        packed = grown(packed, size);
        file.readFully(channel, ByteBuffer.wrap(packed, 0, size), at);
        checkSum(header);
        Bytes body = new Bytes(packed, 0, size);
        int levels = header.type() == PageHeader.DATA_V2 ? levels(header) : 0;
        Bytes before = body.head(levels);
        Bytes content = body.tail(levels);
        int length = header.unpacked() - levels;
        if (codec == Codec.UNCOMPRESSED || !header.detail().isCompressed) {
            if (content.length() != length) {
                throw place.refused(
                        "have pages of one size where it is not compressed",
                        "with " + size + " and " + header.unpacked());
            }
            return new Page(header, before, content);
        }
        unpacked = grown(unpacked, length);
        if (content.length() > 0 || length > 0) {
            codec.unpack(content, unpacked, length, place);
        }
        return new Page(header, before, new Bytes(unpacked, 0, length));
    }

    private int levels(PageHeader header) throws IOException {
        int definitions = header.detail().definitionBytes;
        int repetitions = header.detail().repetitionBytes;
        int most = Math.min(header.packed(), header.unpacked());
        if (definitions < 0 || repetitions < 0 || (long) definitions + repetitions > most) {
            throw place.refused(
                    "have levels that lie within their page",
                    "with " + definitions + " and " + repetitions + " bytes of " + most);
        }
        return definitions + repetitions;
    }

    private void checkSum(PageHeader header) throws IOException {
        if (header.crc() == null) {
            return;
        }
        CRC32 sum = new CRC32();
        sum.update(packed, 0, header.packed());
        if ((int) sum.getValue() != header.crc()) {
            throw place.refused(
                    "have pages of the checksum in their header",
                    String.format("%08x instead of %08x", (int) sum.getValue(), header.crc()));
        }
    }

    private static byte[] grown(byte[] array, int length) {
        return array.length >= length
                ? array
                : new byte[Math.max(length, (int) Math.min(2L * array.length, FREE_BYTES))];
    }
}
