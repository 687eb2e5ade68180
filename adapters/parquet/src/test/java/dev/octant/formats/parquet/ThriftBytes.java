package dev.octant.formats.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Writes Thrift structs in the compact protocol, fields in rising order. */
final class ThriftBytes {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private int last;

    static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F) | 0x80);
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    ThriftBytes i32(int field, long value) {
        head(field, 5);
        varint(out, (value << 1) ^ (value >> 63));
        return this;
    }

    ThriftBytes i64(int field, long value) {
        head(field, 6);
        varint(out, (value << 1) ^ (value >> 63));
        return this;
    }

    ThriftBytes bool(int field, boolean value) {
        head(field, value ? 1 : 2);
        return this;
    }

    ThriftBytes text(int field, String value) {
        return text(field, value, value.length());
    }

    /** A text whose length may lie. */
    ThriftBytes text(int field, String value, long statedLength) {
        head(field, 8);
        varint(out, statedLength);
        out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        return this;
    }

    ThriftBytes struct(int field, ThriftBytes value) {
        head(field, 12);
        out.writeBytes(value.bytes());
        return this;
    }

    ThriftBytes structs(int field, List<ThriftBytes> values) {
        return structs(field, values, values.size());
    }

    /** A list whose count may lie. */
    ThriftBytes structs(int field, List<ThriftBytes> values, long statedCount) {
        listHead(field, 12, statedCount);
        values.forEach(value -> out.writeBytes(value.bytes()));
        return this;
    }

    ThriftBytes texts(int field, List<String> values) {
        listHead(field, 8, values.size());
        for (String value : values) {
            varint(out, value.length());
            out.writeBytes(value.getBytes(StandardCharsets.UTF_8));
        }
        return this;
    }

    ThriftBytes i32s(int field, List<Integer> values) {
        listHead(field, 5, values.size());
        values.forEach(value -> varint(out, (long) value << 1));
        return this;
    }

    byte[] bytes() {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(out.toByteArray());
        whole.write(0);
        return whole.toByteArray();
    }

    static byte[] littleEndian(int value) {
        return ByteBuffer.allocate(4)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(value)
                .array();
    }

    private void listHead(int field, int type, long count) {
        head(field, 9);
        out.write(0xF0 | type);
        varint(out, count);
    }

    private void head(int field, int type) {
        out.write((field - last) << 4 | type);
        last = field;
    }
}
