package dev.octant.formats.parquet;

import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.ColumnMetaData;
import dev.hardwood.metadata.CompressionCodec;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Looks at the header of every page of a column of a row group before any page is decoded, as decoding trusts the sizes that
 * stand there: the decoder allocates what a header asks for, and Snappy's native code writes what its data claim.
 *
 * <p>Holds afterwards: pages lie within the column one after the other; each has at most {@value #MAX_PAGE_BYTES} bytes
 * uncompressed and {@value #MAX_PAGE_VALUES} values; Snappy data unfold to just the bytes the header states; the values are
 * as many as the footer says; the offset index, where there is one, points at these pages.
 *
 * <p>Source: {@code parquet.thrift} of Apache Parquet.
 */
final class ColumnPages {
    static final int MAX_PAGE_BYTES = 16 << 20;
    static final int MAX_PAGE_VALUES = 1 << 21;

    private static final int FIRST_WINDOW = 1 << 8;
    private static final int MAX_HEADER = 1 << 16;
    private static final int MAX_INDEX = 1 << 20;
    private static final int DATA_PAGE = 0;
    private static final int INDEX_PAGE = 1;
    private static final int DICTIONARY_PAGE = 2;
    private static final int DATA_PAGE_V2 = 3;
    private static final int MAX_VARINT = 10;

    private final InputFile file;
    private final FileChannel channel;
    private final String place;
    private final ColumnMetaData metaData;
    private final List<Page> dataPages = new ArrayList<>();

    private ColumnPages(InputFile file, FileChannel channel, String place, ColumnMetaData metaData) {
        this.file = file;
        this.channel = channel;
        this.place = place;
        this.metaData = metaData;
    }

    /** A data page with its header. */
    private record Page(long position, long length) {}

    /** Checks a column whose extent lies within the file. */
    static void check(InputFile file, FileChannel channel, String place, ColumnChunk column) throws IOException {
        ColumnPages pages = new ColumnPages(file, channel, place, column.metaData());
        pages.walk(column.chunkStartOffset());
        if (column.offsetIndexOffset() != null && column.offsetIndexLength() != null) {
            pages.checkIndex(column.offsetIndexOffset(), column.offsetIndexLength());
        }
    }

    private void walk(long start) throws IOException {
        long end = start + metaData.totalCompressedSize();
        long values = 0;
        // Like any reader, stop at the values the footer states: some writers pad.
        for (long at = start; values < metaData.numValues(); ) {
            if (at >= end) {
                throw refused("have the " + metaData.numValues() + " values of its footer", values + " in its pages");
            }
            ByteBuffer window = window(at, end, FIRST_WINDOW);
            ThriftStruct header;
            try {
                header = header(window);
            } catch (BufferUnderflowException e) {
                window = window(at, end, MAX_HEADER);
                header = wholeHeader(window);
            }
            long size = header.number(3, -1);
            long left = end - at - window.position();
            if (size < 0 || size > left) {
                throw refused(
                        "have pages that lie within it",
                        "with a page of " + size + " bytes where " + left + " are left");
            }
            values += checked(header, at + window.position(), size);
            int type = (int) header.number(1, -1);
            if (type == DATA_PAGE || type == DATA_PAGE_V2) {
                dataPages.add(new Page(at, window.position() + size));
            }
            at += window.position() + size;
        }
        if (values != metaData.numValues()) {
            throw refused("have the " + metaData.numValues() + " values of its footer", values + " in its pages");
        }
    }

    private ByteBuffer window(long at, long end, int most) throws IOException {
        ByteBuffer window = ByteBuffer.allocate((int) Math.min(most, end - at));
        file.readFully(channel, window, at);
        return window.flip();
    }

    private ThriftStruct wholeHeader(ByteBuffer window) throws FormatException {
        try {
            return header(window);
        } catch (BufferUnderflowException e) {
            throw new FormatException(
                    place + " must have page headers of at most " + MAX_HEADER + " bytes that end, was with another",
                    e);
        }
    }

    private ThriftStruct header(ByteBuffer window) throws FormatException {
        try {
            return ThriftStruct.read(window);
        } catch (IllegalArgumentException e) {
            throw new FormatException(place + " must have whole page headers, was " + e.getMessage(), e);
        }
    }

    /** The number of values of a page; its data are the {@code size} bytes from {@code data} on. */
    private long checked(ThriftStruct header, long data, long size) throws IOException {
        long unpacked = header.number(2, -1);
        if (unpacked < 0 || unpacked > MAX_PAGE_BYTES) {
            throw refused("have pages of at most " + MAX_PAGE_BYTES + " bytes uncompressed", "with one of " + unpacked);
        }
        int type = (int) header.number(1, -1);
        ThriftStruct detail = switch (type) {
            case DATA_PAGE -> header.struct(5);
            case DICTIONARY_PAGE -> header.struct(7);
            case DATA_PAGE_V2 -> header.struct(8);
            default -> null;
        };
        if (type == INDEX_PAGE) {
            return 0;
        }
        long values = detail == null ? -1 : detail.number(1, -1);
        if (values < 0 || values > MAX_PAGE_VALUES) {
            throw refused("have pages of at most " + MAX_PAGE_VALUES + " values", "with one of " + values);
        }
        long levels = 0;
        boolean isCompressed = true;
        if (type == DATA_PAGE_V2) {
            long definitions = detail.number(5, -1);
            long repetitions = detail.number(6, -1);
            levels = definitions + repetitions;
            if (definitions < 0 || repetitions < 0 || levels > Math.min(size, unpacked)) {
                throw refused(
                        "have levels that lie within their page",
                        "with " + definitions + " and " + repetitions + " bytes of " + Math.min(size, unpacked));
            }
            isCompressed = detail.number(7, 1) == 1;
        }
        if (metaData.codec() == CompressionCodec.UNCOMPRESSED && size != unpacked) {
            throw refused("have pages of one size where it is not compressed", "with " + size + " and " + unpacked);
        }
        if (metaData.codec() == CompressionCodec.SNAPPY && isCompressed && size > levels) {
            checkSnappy(data + levels, size - levels, unpacked - levels);
        }
        return type == DICTIONARY_PAGE ? 0 : values;
    }

    /** Snappy data begin with the length they unfold to. */
    private void checkSnappy(long position, long size, long unpacked) throws IOException {
        ByteBuffer start = ByteBuffer.allocate((int) Math.min(size, MAX_VARINT));
        file.readFully(channel, start, position);
        long length;
        try {
            length = ThriftStruct.varint(start.flip());
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new FormatException(place + " must have whole Snappy data, was broken at their length", e);
        }
        if (length != unpacked) {
            throw refused("have Snappy data of the " + unpacked + " bytes of their page", String.valueOf(length));
        }
    }

    private void checkIndex(long position, int length) throws IOException {
        if (position < 0 || length < 0 || length > MAX_INDEX || position > file.size() - length) {
            throw refused(
                    "have an offset index of at most " + MAX_INDEX + " bytes within the file",
                    length + " bytes at " + position);
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.readFully(channel, bytes, position);
        List<ThriftStruct> locations;
        try {
            locations = ThriftStruct.read(bytes.flip()).list(1);
        } catch (BufferUnderflowException | IllegalArgumentException e) {
            throw new FormatException(place + " must have a whole offset index, was broken", e);
        }
        boolean agrees = locations.size() == dataPages.size();
        for (int i = 0; i < dataPages.size() && agrees; i++) {
            agrees = locations.get(i).number(1, -1) == dataPages.get(i).position()
                    && locations.get(i).number(2, -1) == dataPages.get(i).length();
        }
        if (!agrees) {
            throw refused("have an offset index that points at its pages", "with another");
        }
    }

    private FormatException refused(String rule, String found) {
        return new FormatException(place + " must " + rule + ", was " + found);
    }
}
