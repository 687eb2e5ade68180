package dev.octant.formats.parquet;

import java.nio.ByteBuffer;
import java.util.Map;

/**
 * Walks over a footer before it is parsed, as the parser allocates the lengths of texts and lists that stand there. Holds
 * afterwards: every length lies within the footer, and lists and structs are of the types that the parser takes them for.
 *
 * <p>Allocates nothing. Source: {@code parquet.thrift} of Apache Parquet.
 */
final class FooterLayout {
    private static final int MAX_DEPTH = 16;

    /** What stands in the fields of a struct; fields that are not named are skipped by their own type. */
    private record Layout(boolean isUnion, Map<Integer, Item> fields) {}

    /**
     * A struct, or a list of items of a type.
     *
     * @param type {@link ThriftStruct#STRUCT} or {@link ThriftStruct#LIST}
     * @param element the type of a list's items
     * @param layout of the struct, or of the list's structs
     */
    private record Item(int type, int element, Layout layout) {
        static Item struct(Layout layout) {
            return new Item(ThriftStruct.STRUCT, 0, layout);
        }

        static Item list(Layout layout) {
            return new Item(ThriftStruct.LIST, ThriftStruct.STRUCT, layout);
        }

        static Item list(int element) {
            return new Item(ThriftStruct.LIST, element, ANY);
        }
    }

    private static final Layout ANY = new Layout(false, Map.of());
    private static final Layout UNION = new Layout(true, Map.of());
    private static final Layout SCHEMA_ELEMENT = new Layout(false, Map.of(10, Item.struct(UNION)));
    private static final Layout SIZES =
            new Layout(false, Map.of(2, Item.list(ThriftStruct.I64), 3, Item.list(ThriftStruct.I64)));
    private static final Layout GEOSPATIAL =
            new Layout(false, Map.of(1, Item.struct(ANY), 2, Item.list(ThriftStruct.I32)));
    private static final Layout META_DATA = new Layout(
            false,
            Map.of(
                    2, Item.list(ThriftStruct.I32),
                    3, Item.list(ThriftStruct.BINARY),
                    8, Item.list(ANY),
                    12, Item.struct(ANY),
                    13, Item.list(ANY),
                    16, Item.struct(SIZES),
                    17, Item.struct(GEOSPATIAL)));
    private static final Layout COLUMN = new Layout(false, Map.of(3, Item.struct(META_DATA), 8, Item.struct(UNION)));
    private static final Layout ROW_GROUP = new Layout(false, Map.of(1, Item.list(COLUMN), 4, Item.list(ANY)));
    private static final Layout FOOTER = new Layout(
            false,
            Map.of(2, Item.list(SCHEMA_ELEMENT), 4, Item.list(ROW_GROUP), 5, Item.list(ANY), 7, Item.list(UNION)));

    private FooterLayout() {}

    /**
     * Walks over a footer.
     *
     * @throws java.nio.BufferUnderflowException if it does not end
     * @throws IllegalArgumentException if it is no footer; the message says what it is
     */
    static void check(ByteBuffer footer) {
        struct(footer, FOOTER, 0);
    }

    private static void struct(ByteBuffer bytes, Layout layout, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
        }
        int field = 0;
        for (int head; (head = bytes.get() & 0xFF) != 0; ) {
            field = head >>> 4 == 0 ? (int) ThriftStruct.zigzag(bytes) : field + (head >>> 4);
            int type = head & 0xF;
            Item item = layout.fields().get(field);
            int expected = layout.isUnion() ? ThriftStruct.STRUCT : item == null ? type : item.type();
            if (type != expected) {
                throw new IllegalArgumentException("with type " + type + " in field " + field);
            }
            if (item == null) {
                ThriftStruct.skipField(type, bytes, depth);
            } else if (type == ThriftStruct.LIST) {
                list(bytes, item, depth);
            } else {
                struct(bytes, item.layout(), depth + 1);
            }
        }
    }

    private static void list(ByteBuffer bytes, Item item, int depth) {
        int head = bytes.get() & 0xFF;
        long count = ThriftStruct.count(head, bytes);
        if (count > 0 && (head & 0xF) != item.element()) {
            throw new IllegalArgumentException("with a list of type " + (head & 0xF));
        }
        for (long i = 0; i < count; i++) {
            if (item.element() == ThriftStruct.STRUCT) {
                struct(bytes, item.layout(), depth + 1);
            } else {
                ThriftStruct.skip(item.element(), bytes, depth);
            }
        }
    }
}
