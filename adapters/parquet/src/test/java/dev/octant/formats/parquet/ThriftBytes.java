// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Writes Thrift structs in the compact protocol, right or wrong: any fields in any order. */
final class ThriftBytes {
    /**
     * A field.
     *
     * @param number any, though a struct has 1 to 32767
     * @param type its number, 1 to 12
     * @param value its bytes, which need not be of that type
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Field(int number, int type, byte[] value) {}

    private final List<Field> fields = new ArrayList<>();
    private ByteArrayOutputStream out = new ByteArrayOutputStream();

    /** The fields so far, to be changed. */
    List<Field> fields() {
        close();
        return fields;
    }

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
        return text(field, value, value.getBytes(StandardCharsets.UTF_8).length);
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
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            varint(out, utf8.length);
            out.writeBytes(utf8);
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
        int last = 0;
        for (Field field : fields()) {
            int step = field.number() - last;
            if (step > 0 && step < 16) {
                whole.write(step << 4 | field.type());
            } else {
                whole.write(field.type());
                varint(whole, (long) field.number() << 1 ^ field.number() >> 31);
            }
            whole.writeBytes(field.value());
            last = field.number();
        }
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

    private void head(int number, int type) {
        close();
        fields.add(new Field(number, type, new byte[0]));
    }

    /** What was written since belongs to the last field. */
    private void close() {
        if (!fields.isEmpty() && out.size() > 0) {
            Field last = fields.remove(fields.size() - 1);
            fields.add(new Field(last.number(), last.type(), out.toByteArray()));
            out = new ByteArrayOutputStream();
        }
    }
}
