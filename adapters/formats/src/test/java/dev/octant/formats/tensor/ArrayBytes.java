// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Builds array files byte by byte, right or wrong, without any of the code under test. */
final class ArrayBytes {
    private ArrayBytes() {}

    static String dictionary(String descr, boolean fortran, String shape) {
        return "{'descr': '" + descr + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + shape
                + ", }";
    }

    static byte[] npy(int version, String header, byte[] data) {
        byte[] text = header.getBytes(version == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
        return npy(version, text.length, text, data);
    }

    static byte[] npy(int version, long statedLength, byte[] header, byte[] data) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(0x93);
        out.writeBytes("NUMPY".getBytes(StandardCharsets.US_ASCII));
        out.write(version);
        out.write(0);
        for (int i = 0; i < (version == 1 ? 2 : 4); i++) {
            out.write((int) (statedLength >>> (8 * i)));
        }
        out.writeBytes(header);
        out.writeBytes(data);
        return out.toByteArray();
    }

    /** An entry of a zip; the stated numbers may lie. */
    static final class Entry {
        private final String name;
        private final byte[] packed;
        private final boolean deflated;
        private final long statedSize;
        private final long statedCrc;
        private final int statedOffset;

        private Entry(String name, byte[] packed, boolean deflated, long statedSize, long statedCrc, int statedOffset) {
            this.name = name;
            this.packed = packed;
            this.deflated = deflated;
            this.statedSize = statedSize;
            this.statedCrc = statedCrc;
            this.statedOffset = statedOffset;
        }

        byte[] packed() {
            return packed;
        }

        Entry named(String other) {
            return new Entry(other, packed, deflated, statedSize, statedCrc, statedOffset);
        }

        static Entry stored(String name, byte[] content) {
            return new Entry(name, content, false, content.length, crc(content), -1);
        }

        static Entry deflated(String name, byte[] content) {
            return new Entry(name, deflate(content), true, content.length, crc(content), -1);
        }

        Entry stating(long size) {
            return new Entry(name, packed, deflated, size, statedCrc, statedOffset);
        }

        Entry withCrc(long crc) {
            return new Entry(name, packed, deflated, statedSize, crc, statedOffset);
        }

        Entry withPacked(byte[] other) {
            return new Entry(name, other, deflated, statedSize, statedCrc, statedOffset);
        }

        Entry at(int offset) {
            return new Entry(name, packed, deflated, statedSize, statedCrc, offset);
        }
    }

    static byte[] zip(Entry... entries) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Integer> offsets = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.statedOffset >= 0) {
                offsets.add(entry.statedOffset);
                continue;
            }
            offsets.add(out.size());
            byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer local = ByteBuffer.allocate(30).order(ByteOrder.LITTLE_ENDIAN);
            local.putInt(0x04034b50).putShort((short) 20).putShort((short) 0x0800);
            local.putShort((short) (entry.deflated ? 8 : 0)).putInt(0).putInt((int) entry.statedCrc);
            local.putInt(entry.packed.length).putInt((int) entry.statedSize);
            local.putShort((short) name.length).putShort((short) 0);
            out.writeBytes(local.array());
            out.writeBytes(name);
            out.writeBytes(entry.packed);
        }
        int directory = out.size();
        for (int i = 0; i < entries.length; i++) {
            Entry entry = entries[i];
            byte[] name = entry.name.getBytes(StandardCharsets.UTF_8);
            ByteBuffer central = ByteBuffer.allocate(46).order(ByteOrder.LITTLE_ENDIAN);
            central.putInt(0x02014b50).putShort((short) 20).putShort((short) 20).putShort((short) 0x0800);
            central.putShort((short) (entry.deflated ? 8 : 0)).putInt(0).putInt((int) entry.statedCrc);
            central.putInt(entry.packed.length).putInt((int) entry.statedSize);
            central.putShort((short) name.length)
                    .putShort((short) 0)
                    .putShort((short) 0)
                    .putShort((short) 0);
            central.putShort((short) 0).putInt(0).putInt(offsets.get(i));
            out.writeBytes(central.array());
            out.writeBytes(name);
        }
        ByteBuffer end = ByteBuffer.allocate(22).order(ByteOrder.LITTLE_ENDIAN);
        end.putInt(0x06054b50).putInt(0).putShort((short) entries.length).putShort((short) entries.length);
        end.putInt(out.size() - directory).putInt(directory).putShort((short) 0);
        out.writeBytes(end.array());
        return out.toByteArray();
    }

    static long crc(byte[] content) {
        CRC32 crc = new CRC32();
        crc.update(content);
        return crc.getValue();
    }

    static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        deflater.setInput(content);
        deflater.finish();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        byte[] block = new byte[8192];
        while (!deflater.finished()) {
            out.write(block, 0, deflater.deflate(block));
        }
        deflater.end();
        return out.toByteArray();
    }
}
