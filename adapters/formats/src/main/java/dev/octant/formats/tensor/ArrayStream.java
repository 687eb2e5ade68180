// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.FormatException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipException;

/** One array on its way in: the header at once, then the elements through one block of bytes. */
final class ArrayStream {
    private final String place;
    private final InputStream in;
    private final CRC32 checksum = new CRC32();
    private final long statedChecksum;
    private final ArrayHeader header;
    private final byte[] block;
    private final ByteBuffer ordered;
    private long remaining;

    /**
     * Reads the header.
     *
     * @param stored the array's name, its length as its container states it, or -1, and its checksum, or -1
     * @param bytes a stream at the array's first byte; the caller closes it
     * @param block working memory, its length a positive multiple of 8
     */
    ArrayStream(StoredArray stored, InputStream bytes, String place, byte[] block) throws IOException {
        this.place = place;
        this.in = stored.checksum() < 0 ? bytes : new CheckedInputStream(bytes, checksum);
        this.statedChecksum = stored.checksum();
        this.block = block;
        NpyHeader.Located located;
        try {
            located = NpyHeader.read(in, stored.name(), place);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        this.header = located.header(place);
        this.ordered = ByteBuffer.wrap(block).order(header.byteOrder());
        this.remaining = header.size();
        if (stored.length() >= 0) {
            header.requireBytes(stored.length() - located.length(), place);
        }
        if (remaining == 0) {
            finish();
        }
    }

    ArrayHeader header() {
        return header;
    }

    int readFloats(float[] target, int offset, int length) throws IOException {
        if (!header.type().isFloat()) {
            throw new FormatException(
                    place + ": array must hold float16, float32 or float64 values, was " + header.type());
        }
        return readValues(target, offset, length);
    }

    /** The same for any type: bytes are the numbers they are. */
    int readValues(float[] target, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, remaining);
        int perBlock = block.length / header.type().bytes();
        for (int done = 0; done < wanted; ) {
            int count = Math.min(perBlock, wanted - done);
            fill(block, 0, count * header.type().bytes());
            header.type().stored().decode(ordered, target, offset + done, count);
            done += count;
        }
        advance(wanted);
        return wanted;
    }

    int readBytes(byte[] target, int offset, int length) throws IOException {
        if (header.type().isFloat()) {
            throw new FormatException(place + ": array must hold int8 or uint8 values, was " + header.type());
        }
        int wanted = (int) Math.min(length, remaining);
        fill(target, offset, wanted);
        advance(wanted);
        return wanted;
    }

    private void fill(byte[] target, int offset, int count) throws IOException {
        int got;
        try {
            got = in.readNBytes(target, offset, count);
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        if (got < count) {
            throw header.truncated(header.byteSize() - remaining * header.type().bytes() + got, place);
        }
    }

    private void advance(int count) throws IOException {
        if (count > 0) {
            remaining -= count;
            if (remaining == 0) {
                finish();
            }
        }
    }

    private void finish() throws IOException {
        boolean ended;
        try {
            ended = in.read() < 0;
        } catch (ZipException | EOFException e) {
            throw damaged(e);
        }
        if (!ended) {
            throw new FormatException(place + ": data must end where the shape " + header.shapeText() + " of "
                    + header.type() + " ends, after " + header.byteSize() + " bytes, was longer");
        }
        if (statedChecksum >= 0 && statedChecksum != checksum.getValue()) {
            throw PartedChecksum.mismatch(place, statedChecksum, checksum.getValue());
        }
    }

    private FormatException damaged(IOException cause) {
        return damaged(place, cause);
    }

    static FormatException damaged(String place, IOException cause) {
        return new FormatException(place + ": compressed data must be whole, was damaged", cause);
    }
}
