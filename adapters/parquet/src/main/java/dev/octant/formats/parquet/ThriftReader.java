// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Reads structs of Thrift's compact protocol, exactly: a field is of the type asked for, its number is from 1 to
 * 32767 and higher than the one before it, so none stands there twice; a number has no more bits than its type; a
 * list's items are of the type asked for. Fields nobody asks for are skipped by the same rules.
 *
 * <pre>{@code
 * for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
 *     switch (field) {
 *         case 1 -> size = in.i32();
 *         default -> in.skip();
 *     }
 * }
 * }</pre>
 *
 * <p>What ends too early is a {@link BufferUnderflowException}, what breaks a rule an {@link
 * IllegalArgumentException} whose message says with what. Allocates texts only, which are not longer than their
 * bytes.
 *
 * <p>Source: Apache Thrift, {@code thrift-compact-protocol.md}.
 */
final class ThriftReader {
    /** No more fields. */
    static final int STOP = 0;

    /** Types of fields and items. */
    enum Type {
        TRUE,
        FALSE,
        BYTE,
        I16,
        I32,
        I64,
        DOUBLE,
        BINARY,
        LIST,
        SET,
        MAP,
        STRUCT;

        private static final Type[] BY_NUMBER = values();

        private static Type of(int number) {
            if (number < 1 || number > BY_NUMBER.length) {
                throw new IllegalArgumentException("with unknown type " + number);
            }
            return BY_NUMBER[number - 1];
        }
    }

    private static final int MAX_DEPTH = 16;
    private static final char REPLACEMENT = '\uFFFD';

    private final ByteBuffer bytes;
    private int depth;
    private int field;
    private Type type;

    /** Reads a struct from the position on of a buffer with an array; it is left behind what was read. */
    ThriftReader(ByteBuffer bytes) {
        this.bytes = bytes;
    }

    /**
     * Goes to the next field of the struct: its number, or {@link #STOP}.
     *
     * @param last the field before it, 0 before the first
     */
    int next(int last) {
        int head = bytes.get() & 0xFF;
        if (head == 0) {
            depth--;
            return STOP;
        }
        long number = head >>> 4 == 0 ? zigzag(varint()) : last + (head >>> 4);
        if (number <= last || number > Short.MAX_VALUE) {
            throw new IllegalArgumentException("with field " + number + " after field " + last);
        }
        field = (int) number;
        type = Type.of(head & 0xF);
        return field;
    }

    boolean bool() {
        if (type != Type.TRUE) {
            expect(Type.FALSE);
        }
        return type == Type.TRUE;
    }

    int i32() {
        expect(Type.I32);
        return itemI32();
    }

    long i64() {
        expect(Type.I64);
        return zigzag(varint());
    }

    String text() {
        expect(Type.BINARY);
        return itemText();
    }

    /** Enters a struct, whose fields come next. */
    void struct() {
        expect(Type.STRUCT);
        itemStruct();
    }

    /** Enters a list: how many items follow, each to be read or entered by itself. */
    int list(Type items) {
        expect(Type.LIST);
        int head = bytes.get() & 0xFF;
        int count = count(head >>> 4);
        if (count > 0 && Type.of(head & 0xF) != items) {
            throw new IllegalArgumentException(
                    "with items of type " + Type.of(head & 0xF) + " where field " + field + " has " + items);
        }
        return count;
    }

    int itemI32() {
        long bits = varint();
        if (bits >>> Integer.SIZE != 0) {
            throw new IllegalArgumentException("with a number of more than 32 bits");
        }
        return (int) zigzag(bits);
    }

    String itemText() {
        int length = length();
        int from = bytes.arrayOffset() + bytes.position();
        String text = new String(bytes.array(), from, length, StandardCharsets.UTF_8);
        bytes.position(bytes.position() + length);
        // What stands for bytes that are none; two names that differ in such bytes only would be one.
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw new IllegalArgumentException("with a text that is not UTF-8");
        }
        return text;
    }

    void itemStruct() {
        if (++depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
    }

    /** Skips a field that must be of a type. */
    void skip(Type expected) {
        expect(expected);
        skip();
    }

    /** Skips a list that must have items of a type. */
    void skipList(Type items) {
        int count = list(items);
        for (int i = 0; i < count; i++) {
            skipItem(items);
        }
    }

    /** Skips a field of any type. */
    void skip() {
        if (type != Type.TRUE && type != Type.FALSE) {
            skipItem(type);
        }
    }

    private void skipItem(Type item) {
        switch (item) {
            case TRUE, FALSE, BYTE -> bytes.get();
            case I16, I32, I64 -> varint();
            case DOUBLE -> bytes.getDouble();
            case BINARY -> {
                int length = length();
                bytes.position(bytes.position() + length);
            }
            case STRUCT -> {
                itemStruct();
                for (int last = next(0); last != STOP; last = next(last)) {
                    skip();
                }
            }
            case LIST, SET -> {
                int head = bytes.get() & 0xFF;
                skipItems(count(head >>> 4), head & 0xF, 0);
            }
            case MAP -> {
                int count = count(0xF);
                int types = count == 0 ? 0 : bytes.get() & 0xFF;
                skipItems(count, types >>> 4, types & 0xF);
            }
        }
    }

    /** Skips items, or keys with their values. */
    private void skipItems(int count, int first, int second) {
        itemStruct();
        for (int i = 0; i < count; i++) {
            skipItem(Type.of(first));
            if (second != 0) {
                skipItem(Type.of(second));
            }
        }
        depth--;
    }

    private void expect(Type expected) {
        if (type != expected) {
            throw new IllegalArgumentException("with type " + type + " in field " + field + ", which is " + expected);
        }
    }

    /** The number of items of a collection, each of which takes a byte at least. */
    private int count(int stated) {
        return stated == 0xF ? length() : within(stated);
    }

    private int length() {
        return within(varint());
    }

    private int within(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        return (int) length;
    }

    private static long zigzag(long bits) {
        return (bits >>> 1) ^ -(bits & 1);
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            if (shift == Long.SIZE - 1 && (next & ~1) != 0) {
                break;
            }
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("with a number of more than 64 bits");
    }
}
