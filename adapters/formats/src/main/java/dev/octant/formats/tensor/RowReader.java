// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.core.internal.text.Given;
import dev.octant.formats.FormatException;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/**
 * A pass over the rows of a {@link RowArray}, from the first to the last.
 *
 * <p>Memory: one block of 64 KiB and what a zip's decompression takes, however long a row is. Not thread safe.
 */
public final class RowReader implements Closeable {
    private static final int BLOCK_BYTES = 1 << 16;

    private final RowArray array;
    private final FileChannel channel;
    private final InputStream in;
    private final CRC32 checksum = new CRC32();
    private final byte[] block = new byte[BLOCK_BYTES];
    private long remaining;

    RowReader(RowArray array, FileChannel channel, InputStream content) throws IOException {
        this.array = array;
        this.channel = channel;
        this.in = array.checksum() < 0 ? content : new CheckedInputStream(content, checksum);
        this.remaining = array.rows();
        for (long left = array.headerBytes(); left > 0; left -= fill((int) Math.min(left, BLOCK_BYTES))) {
            // The header was read when the array was found.
        }
        if (remaining == 0) {
            finish();
        }
    }

    /** Rows that were not read yet. */
    public long remaining() {
        return remaining;
    }

    /**
     * Reads the next rows, as many as {@code most} or as are left, each number in the order of the buffer.
     *
     * @param target takes {@code most * rowBytes()} bytes from its position on, which moves behind what was read
     * @return how many rows were read; 0 once all are
     * @throws FormatException if the data are damaged, or the file was changed meanwhile
     * @throws IllegalArgumentException if the buffer has no room for {@code most} rows
     */
    public int read(ByteBuffer target, int most) throws IOException {
        Given.require("target", target);
        if (most < 1 || most > target.remaining() / Math.max(1, array.rowBytes())) {
            throw new IllegalArgumentException("buffer must have room for at least one row and for " + most + " of "
                    + array.rowBytes() + " bytes, was of " + target.remaining());
        }
        int rows = (int) Math.min(most, remaining);
        for (long left = rows * array.rowBytes(); left > 0; ) {
            int count = fill((int) Math.min(left, BLOCK_BYTES));
            if (array.byteOrder() != target.order()) {
                reverse(count);
            }
            target.put(block, 0, count);
            left -= count;
        }
        remaining -= rows;
        if (rows > 0 && remaining == 0) {
            finish();
        }
        return rows;
    }

    /** Reads exactly {@code count} bytes, a multiple of every width but for the header, into the block. */
    private int fill(int count) throws IOException {
        int got;
        try {
            got = in.readNBytes(block, 0, count);
        } catch (ZipException | EOFException e) {
            throw ArrayStream.damaged(array.place(), e);
        }
        if (got < count) {
            throw new FormatException(
                    array.place() + ": data must be whole, was truncated " + (count - got) + " bytes early");
        }
        return got;
    }

    private void reverse(int count) {
        int width = array.type().bytes();
        for (int from = 0; width > 1 && from < count; from += width) {
            for (int i = from, j = from + width - 1; i < j; i++, j--) {
                byte b = block[i];
                block[i] = block[j];
                block[j] = b;
            }
        }
    }

    private void finish() throws IOException {
        boolean ended;
        try {
            ended = in.read() < 0;
        } catch (ZipException | EOFException e) {
            throw ArrayStream.damaged(array.place(), e);
        }
        if (!ended) {
            throw new FormatException(array.place() + ": data must end with the last row, was longer");
        }
        if (array.checksum() >= 0 && array.checksum() != checksum.getValue()) {
            throw PartedChecksum.mismatch(array.place(), array.checksum(), checksum.getValue());
        }
        array.requireUnchanged();
    }

    /** Closes the file; harmless the second time. */
    @Override
    public void close() throws IOException {
        in.close();
        channel.close();
    }
}
