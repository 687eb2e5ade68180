// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Where a file says that the data pages of a column are. They are not read from there, one after the other they are
 * found without; a file that says otherwise is damaged.
 *
 * <p>Source: {@code parquet.thrift} of Apache Parquet, {@code OffsetIndex}.
 */
final class OffsetIndex {
    /** What is said of a page takes some 20 bytes, and a page with its header more than that. */
    private static final int BYTES_PER_BYTE = 2;

    private static final int SPARE_BYTES = 1 << 6;

    private final Place place;
    private final long[] starts;
    private final int[] sizes;
    private int next;

    private OffsetIndex(Place place, long[] starts, int[] sizes) {
        this.place = place;
        this.starts = starts;
        this.sizes = sizes;
    }

    static OffsetIndex read(InputFile file, FileChannel channel, Place place, ColumnChunk chunk) throws IOException {
        long start = chunk.indexStart();
        int size = chunk.indexSize();
        // Many columns may point at one index, which is read for each of them.
        long most = SPARE_BYTES + BYTES_PER_BYTE * chunk.size();
        if (start < 0 || size < 0 || size > most || start > file.size() - size) {
            throw place.refused(
                    "have an offset index of at most " + most + " bytes within the file", size + " bytes at " + start);
        }
        ByteBuffer bytes = ByteBuffer.allocate(size);
        file.readFully(channel, bytes, start);
        try {
            return read(bytes.flip(), place);
        } catch (BufferUnderflowException e) {
            throw place.refused("have a whole offset index", "cut", e);
        } catch (IllegalArgumentException e) {
            throw place.refused("have a whole offset index", e.getMessage(), e);
        }
    }

    private static OffsetIndex read(ByteBuffer bytes, Place place) {
        ThriftReader in = new ThriftReader(bytes);
        in.itemStruct();
        OffsetIndex index = new OffsetIndex(place, new long[0], new int[0]);
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> index = pages(in, place);
                case 2 -> in.skipList(ThriftReader.Type.I64);
                default -> in.skip();
            }
        }
        return index;
    }

    private static OffsetIndex pages(ThriftReader in, Place place) {
        int count = in.list(ThriftReader.Type.STRUCT);
        OffsetIndex index = new OffsetIndex(place, new long[count], new int[count]);
        for (int i = 0; i < count; i++) {
            in.itemStruct();
            for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
                switch (field) {
                    case 1 -> index.starts[i] = in.i64();
                    case 2 -> index.sizes[i] = in.i32();
                    case 3 -> in.skip(ThriftReader.Type.I64);
                    default -> in.skip();
                }
            }
        }
        return index;
    }

    /** Checks the next data page, whose size is that with its header. */
    void check(long start, long size) throws IOException {
        if (next == starts.length || starts[next] != start || sizes[next] != size) {
            throw elsewhere();
        }
        next++;
    }

    /** Checks that there are no more pages than were checked. */
    void checkEnd() throws IOException {
        if (next != starts.length) {
            throw elsewhere();
        }
    }

    private IOException elsewhere() {
        return place.refused("have an offset index that points at its pages", "with another");
    }
}
