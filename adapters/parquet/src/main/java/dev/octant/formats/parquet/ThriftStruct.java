package dev.octant.formats.parquet;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A Thrift struct in the compact protocol: the whole numbers, structs and lists of structs by field number. Anything else is
 * skipped.
 *
 * <p>Reading past the end of the buffer is a {@link BufferUnderflowException}; what no struct can be is an {@link
 * IllegalArgumentException}. What is kept is bounded by the bytes read.
 *
 * <p>Source: Apache Thrift, {@code thrift-compact-protocol.md}.
 */
final class ThriftStruct {
    private static final int MAX_DEPTH = 16;
    static final int I32 = 5;
    static final int I64 = 6;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int STRUCT = 12;

    private static final int TRUE = 1;
    private static final int FALSE = 2;
    private static final int BYTE = 3;
    private static final int I16 = 4;
    private static final int DOUBLE = 7;
    private static final int SET = 10;
    private static final int MAP = 11;

    private final Map<Integer, Long> numbers = new HashMap<>();
    private final Map<Integer, ThriftStruct> structs = new HashMap<>();
    private final Map<Integer, List<ThriftStruct>> lists = new HashMap<>();

    private ThriftStruct() {}

    /** Reads a struct from a buffer's position on, which is left behind it. */
    static ThriftStruct read(ByteBuffer bytes) {
        return read(bytes, 0);
    }

    /** A whole number or truth value, 1 or 0; {@code absent} where there is none. */
    long number(int field, long absent) {
        return numbers.getOrDefault(field, absent);
    }

    /** A struct, or null. */
    ThriftStruct struct(int field) {
        return structs.get(field);
    }

    /** A list of structs; empty where there is none. */
    List<ThriftStruct> list(int field) {
        return lists.getOrDefault(field, List.of());
    }

    private static ThriftStruct read(ByteBuffer bytes, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        ThriftStruct struct = new ThriftStruct();
        int field = 0;
        for (int head; (head = bytes.get() & 0xFF) != 0; ) {
            field = head >>> 4 == 0 ? (int) zigzag(bytes) : field + (head >>> 4);
            struct.take(field, head & 0xF, bytes, depth);
        }
        return struct;
    }

    private void take(int field, int type, ByteBuffer bytes, int depth) {
        switch (type) {
            case TRUE -> numbers.put(field, 1L);
            case FALSE -> numbers.put(field, 0L);
            case I16, I32, I64 -> numbers.put(field, zigzag(bytes));
            case STRUCT -> structs.put(field, read(bytes, depth + 1));
            case LIST, SET -> {
                int head = bytes.get() & 0xFF;
                long count = count(head, bytes);
                List<ThriftStruct> items = new ArrayList<>();
                for (long i = 0; i < count; i++) {
                    if ((head & 0xF) == STRUCT) {
                        items.add(read(bytes, depth + 1));
                    } else {
                        skip(head & 0xF, bytes, depth + 1);
                    }
                }
                lists.put(field, items);
            }
            default -> skipField(type, bytes, depth);
        }
    }

    /** Skips a field's value; a truth value is its type. */
    static void skipField(int type, ByteBuffer bytes, int depth) {
        if (type != TRUE && type != FALSE) {
            skip(type, bytes, depth);
        }
    }

    /** The number of items of a collection that begins with {@code head}; each takes a byte at least. */
    static long count(int head, ByteBuffer bytes) {
        long count = head >>> 4 == 0xF ? varint(bytes) : head >>> 4;
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        return count;
    }

    /** Skips a value in a collection, where a truth value is a byte. */
    static void skip(int type, ByteBuffer bytes, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        switch (type) {
            case TRUE, FALSE, BYTE -> bytes.get();
            case I16, I32, I64 -> varint(bytes);
            case DOUBLE -> bytes.getDouble();
            case BINARY -> skipBytes(varint(bytes), bytes);
            case STRUCT -> {
                for (int head; (head = bytes.get() & 0xFF) != 0; ) {
                    if (head >>> 4 == 0) {
                        varint(bytes);
                    }
                    skipField(head & 0xF, bytes, depth + 1);
                }
            }
            case LIST, SET -> {
                int head = bytes.get() & 0xFF;
                long count = count(head, bytes);
                for (long i = 0; i < count; i++) {
                    skip(head & 0xF, bytes, depth + 1);
                }
            }
            case MAP -> {
                long count = count(0xF0, bytes);
                int types = count == 0 ? 0 : bytes.get() & 0xFF;
                for (long i = 0; i < count; i++) {
                    skip(types >>> 4, bytes, depth + 1);
                    skip(types & 0xF, bytes, depth + 1);
                }
            }
            default -> throw new IllegalArgumentException("of unknown type " + type);
        }
    }

    private static void skipBytes(long count, ByteBuffer bytes) {
        if (count < 0 || count > bytes.remaining()) {
            throw new BufferUnderflowException();
        }
        bytes.position(bytes.position() + (int) count);
    }

    static long zigzag(ByteBuffer bytes) {
        long value = varint(bytes);
        return (value >>> 1) ^ -(value & 1);
    }

    static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = bytes.get();
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("with a number longer than 10 bytes");
    }
}
