// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * The envelope of a summary in bytes: magic (4), version (1), length of the payload (4), payload, CRC-32C of all
 * before (4); big-endian.
 */
final class Frame {
    private static final int HEADER = 9;

    /** A payload is taken as it comes, so that a length that lies takes no memory. */
    private static final int FIRST_PIECE = 1 << 16;

    /** What was read. */
    static final class Content {
        private final int version;
        private final byte[] payload;

        private Content(int version, byte[] payload) {
            this.version = version;
            this.payload = payload;
        }

        /** The version, at least 1. */
        int version() {
            return version;
        }

        byte[] payload() {
            return payload;
        }
    }

    private Frame() {}

    static void write(DataOutput out, int magic, int version, byte[] payload) throws IOException {
        ByteBuffer header =
                ByteBuffer.allocate(HEADER).putInt(magic).put((byte) version).putInt(payload.length);
        out.write(header.array());
        out.write(payload);
        out.writeInt(checksum(header.array(), payload));
    }

    /** The content, of a version up to {@code version} and at most {@code most} bytes long. */
    static Content read(DataInput in, String name, int magic, int version, int most) throws IOException {
        try {
            byte[] header = new byte[HEADER];
            in.readFully(header);
            ByteBuffer fields = ByteBuffer.wrap(header);
            int actualMagic = fields.getInt();
            require(actualMagic == magic, name, "begin with the bytes " + hex(magic), hex(actualMagic));
            int actualVersion = fields.get() & 0xFF;
            String versions = version == 1 ? "version 1" : "a version from 1 to " + version;
            require(actualVersion >= 1 && actualVersion <= version, name, "have " + versions, actualVersion);
            int length = fields.getInt();
            require(length >= 0 && length <= most, name, "have at most " + most + " bytes", length);
            byte[] payload = new byte[Math.min(length, FIRST_PIECE)];
            in.readFully(payload);
            while (payload.length < length) {
                int known = payload.length;
                payload = Arrays.copyOf(payload, (int) Math.min(length, 2L * known));
                in.readFully(payload, known, payload.length - known);
            }
            int stored = in.readInt();
            int actual = checksum(header, payload);
            require(stored == actual, name, "have the checksum " + hex(actual), hex(stored));
            return new Content(actualVersion, payload);
        } catch (EOFException e) {
            throw new SummaryFormatException(name + " must be whole, was cut short", e);
        }
    }

    private static void require(boolean sound, String name, String rule, Object actual) throws SummaryFormatException {
        if (!sound) {
            throw new SummaryFormatException(name + " must " + rule + ", was " + actual);
        }
    }

    private static String hex(int bytes) {
        return HexFormat.of().withUpperCase().toHexDigits(bytes);
    }

    private static int checksum(byte[] header, byte[] payload) {
        CRC32C crc = new CRC32C();
        crc.update(header);
        crc.update(payload);
        return (int) crc.getValue();
    }
}
