// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;

/** Builds Parquet files byte by byte, right or wrong, without any of the code under test. */
final class ParquetBytes {
    /** What a column is declared as. */
    enum Kind {
        REQUIRED,
        OPTIONAL,
        LIST
    }

    /** Physical types, by their numbers. */
    enum Type {
        INT32(1),
        FLOAT(4),
        DOUBLE(5),

        /** Two bytes of fixed length that are said to be a float16. */
        FLOAT16(7);

        private final int code;

        Type(int code) {
            this.code = code;
        }
    }

    enum Codec {
        UNCOMPRESSED(0),
        SNAPPY(1),
        GZIP(2),
        LZO(3),
        LZ4(5),
        ZSTD(6),
        LZ4_RAW(7);

        private final int code;

        Codec(int code) {
            this.code = code;
        }
    }

    /** The codecs that are written here and can be read. */
    static final List<Codec> READABLE =
            List.of(Codec.UNCOMPRESSED, Codec.SNAPPY, Codec.GZIP, Codec.LZ4, Codec.ZSTD, Codec.LZ4_RAW);

    /** Structs of the file that can be changed. */
    enum Struct {
        FOOTER,
        SCHEMA_ELEMENT,
        ROW_GROUP,
        COLUMN_CHUNK,
        META_DATA,
        PAGE_HEADER,
        DATA_PAGE,
        DATA_PAGE_V2,
        DICTIONARY_PAGE,
        OFFSET_INDEX,
        PAGE_LOCATION
    }

    /** Numbers of the file that can be made to lie. */
    enum Lie {
        PAGE_TYPE,
        PAGE_UNCOMPRESSED,
        PAGE_COMPRESSED,
        PAGE_VALUES,
        PAGE_ENCODING,
        V2_DEFINITION_BYTES,
        V2_REPETITION_BYTES,
        SNAPPY_LENGTH,
        LEVEL_BYTES,
        DICTIONARY_VALUES,
        CHUNK_OFFSET,
        CHUNK_COMPRESSED,
        CHUNK_VALUES,
        CHUNK_TYPE,
        GROUP_ROWS,
        GROUP_COLUMNS,
        SCHEMA_CHILDREN,
        SCHEMA_COUNT,
        NAME_LENGTH,
        INDEX_OFFSET,
        INDEX_LENGTH,
        INDEX_PAGE_OFFSET,
        FOOTER_LENGTH
    }

    /**
     * A column: by row, the list's values, one value, or null.
     *
     * @param rows of REQUIRED and OPTIONAL, lists of one value
     */
    record Column(String name, Type type, Kind kind, List<List<Double>> rows) {}

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Map<Lie, Long> lies = new EnumMap<>(Lie.class);
    private final Map<Struct, Consumer<List<ThriftBytes.Field>>> changes = new EnumMap<>(Struct.class);
    private UnaryOperator<byte[]> damage = UnaryOperator.identity();
    private Codec codec = Codec.UNCOMPRESSED;
    private boolean isVersion2;
    private boolean hasDictionary;
    private boolean hasIndex;
    private boolean splitsHalves;
    private int rowsPerPage = Integer.MAX_VALUE;
    private int rowsPerGroup = Integer.MAX_VALUE;

    ParquetBytes codec(Codec value) {
        codec = value;
        return this;
    }

    ParquetBytes version2(boolean value) {
        isVersion2 = value;
        return this;
    }

    ParquetBytes dictionary(boolean value) {
        hasDictionary = value;
        return this;
    }

    /** Writes float16 split by bytes. */
    ParquetBytes splitHalves(boolean value) {
        splitsHalves = value;
        return this;
    }

    ParquetBytes index(boolean value) {
        hasIndex = value;
        return this;
    }

    ParquetBytes rowsPerPage(int value) {
        rowsPerPage = value;
        return this;
    }

    ParquetBytes rowsPerGroup(int value) {
        rowsPerGroup = value;
        return this;
    }

    ParquetBytes lie(Lie lie, long value) {
        lies.put(lie, value);
        return this;
    }

    /** Changes the fields of all structs of a kind. */
    ParquetBytes change(Struct struct, Consumer<List<ThriftBytes.Field>> fields) {
        changes.merge(struct, fields, Consumer::andThen);
        return this;
    }

    /** Changes what is compressed of a page, without its header. */
    ParquetBytes damage(UnaryOperator<byte[]> packed) {
        damage = packed;
        return this;
    }

    private ThriftBytes changed(Struct struct, ThriftBytes bytes) {
        changes.getOrDefault(struct, fields -> {}).accept(bytes.fields());
        return bytes;
    }

    private long stated(Lie lie, long truth) {
        return lies.getOrDefault(lie, truth);
    }

    byte[] file(List<Column> columns) {
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        int rows = columns.get(0).rows().size();
        List<ThriftBytes> groups = new ArrayList<>();
        for (int from = 0; from < rows; from += Math.min(rowsPerGroup, rows)) {
            groups.add(group(columns, from, (int) Math.min(rows, (long) from + rowsPerGroup)));
        }
        List<ThriftBytes> schema = schema(columns);
        ThriftBytes fileMetaData = new ThriftBytes()
                .i32(1, 1)
                .structs(2, schema, stated(Lie.SCHEMA_COUNT, schema.size()))
                .i64(3, rows)
                .structs(4, groups)
                .text(6, "test", stated(Lie.NAME_LENGTH, 4));
        byte[] footer = changed(Struct.FOOTER, fileMetaData).bytes();
        out.writeBytes(footer);
        out.writeBytes(ThriftBytes.littleEndian((int) stated(Lie.FOOTER_LENGTH, footer.length)));
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        return out.toByteArray();
    }

    private List<ThriftBytes> schema(List<Column> columns) {
        List<ThriftBytes> schema = new ArrayList<>();
        schema.add(new ThriftBytes().text(4, "schema").i32(5, stated(Lie.SCHEMA_CHILDREN, columns.size())));
        for (Column column : columns) {
            if (column.kind() == Kind.LIST) {
                schema.add(new ThriftBytes()
                        .i32(3, 1)
                        .text(4, column.name())
                        .i32(5, 1)
                        .i32(6, 3));
                schema.add(new ThriftBytes().i32(3, 2).text(4, "list").i32(5, 1));
                schema.add(leaf(column.type(), 1, "element"));
            } else {
                schema.add(leaf(column.type(), column.kind() == Kind.OPTIONAL ? 1 : 0, column.name()));
            }
        }
        schema.forEach(element -> changed(Struct.SCHEMA_ELEMENT, element));
        return schema;
    }

    private static ThriftBytes leaf(Type type, int repetition, String name) {
        ThriftBytes element = new ThriftBytes().i32(1, type.code);
        if (type != Type.FLOAT16) {
            return element.i32(3, repetition).text(4, name);
        }
        return element.i32(2, 2)
                .i32(3, repetition)
                .text(4, name)
                .struct(10, new ThriftBytes().struct(15, new ThriftBytes()));
    }

    private ThriftBytes group(List<Column> columns, int from, int to) {
        List<ThriftBytes> chunks = new ArrayList<>();
        for (Column column : columns) {
            chunks.add(chunk(column, from, to));
        }
        ThriftBytes group = new ThriftBytes()
                .structs(1, chunks, stated(Lie.GROUP_COLUMNS, chunks.size()))
                .i64(2, 1)
                .i64(3, stated(Lie.GROUP_ROWS, to - from));
        return changed(Struct.ROW_GROUP, group);
    }

    private ThriftBytes chunk(Column column, int from, int to) {
        long start = out.size();
        List<Double> dictionary = new ArrayList<>();
        if (hasDictionary) {
            column.rows().subList(from, to).stream()
                    .filter(row -> row != null)
                    .forEach(row -> row.stream().filter(value -> value != null).forEach(dictionary::add));
            List<Double> distinct = new ArrayList<>(new LinkedHashSet<>(dictionary));
            dictionary.clear();
            dictionary.addAll(distinct);
            byte[] plain = plain(column.type(), dictionary);
            byte[] packed = compressed(plain);
            ThriftBytes detail = new ThriftBytes()
                    .i32(1, stated(Lie.DICTIONARY_VALUES, dictionary.size()))
                    .i32(2, 0);
            ThriftBytes header = new ThriftBytes()
                    .i32(1, 2)
                    .i32(2, plain.length)
                    .i32(3, packed.length)
                    .struct(7, changed(Struct.DICTIONARY_PAGE, detail));
            out.writeBytes(changed(Struct.PAGE_HEADER, header).bytes());
            out.writeBytes(packed);
        }
        long data = out.size();
        long values = 0;
        List<ThriftBytes> locations = new ArrayList<>();
        for (int row = from; row < to; row += Math.min(rowsPerPage, to - from)) {
            long page = out.size();
            values +=
                    page(column, column.rows().subList(row, (int) Math.min(to, (long) row + rowsPerPage)), dictionary);
            ThriftBytes location = new ThriftBytes()
                    .i64(1, stated(Lie.INDEX_PAGE_OFFSET, page))
                    .i32(2, out.size() - page)
                    .i64(3, row - from);
            locations.add(changed(Struct.PAGE_LOCATION, location));
        }
        long size = out.size() - start;
        List<String> path =
                column.kind() == Kind.LIST ? List.of(column.name(), "list", "element") : List.of(column.name());
        ThriftBytes metaData = new ThriftBytes()
                .i32(1, stated(Lie.CHUNK_TYPE, column.type().code))
                .i32s(2, List.of(0, 3, 8))
                .texts(3, path)
                .i32(4, codec.code)
                .i64(5, stated(Lie.CHUNK_VALUES, values))
                .i64(6, size)
                .i64(7, stated(Lie.CHUNK_COMPRESSED, size))
                .i64(9, stated(Lie.CHUNK_OFFSET, data));
        if (hasDictionary) {
            metaData.i64(11, start);
        }
        ThriftBytes chunk = new ThriftBytes().i64(2, start).struct(3, changed(Struct.META_DATA, metaData));
        if (hasIndex) {
            long at = out.size();
            out.writeBytes(changed(Struct.OFFSET_INDEX, new ThriftBytes().structs(1, locations))
                    .bytes());
            chunk.i64(4, stated(Lie.INDEX_OFFSET, at)).i32(5, stated(Lie.INDEX_LENGTH, out.size() - at));
        }
        return changed(Struct.COLUMN_CHUNK, chunk);
    }

    /** Writes a page; the number of its values, nulls too. */
    private int page(Column column, List<List<Double>> rows, List<Double> dictionary) {
        List<Integer> repetitions = new ArrayList<>();
        List<Integer> definitions = new ArrayList<>();
        List<Double> values = new ArrayList<>();
        for (List<Double> row : rows) {
            boolean isList = column.kind() == Kind.LIST;
            if (row == null || row.isEmpty()) {
                repetitions.add(0);
                definitions.add(row == null ? 0 : 1);
                continue;
            }
            for (int i = 0; i < row.size(); i++) {
                repetitions.add(i == 0 ? 0 : 1);
                definitions.add((isList ? 2 : 0) + (row.get(i) == null ? 0 : 1));
                if (row.get(i) != null) {
                    values.add(row.get(i));
                }
            }
        }
        byte[] repetitionBytes = column.kind() == Kind.LIST ? runs(repetitions, 1) : new byte[0];
        byte[] definitionBytes = column.kind() == Kind.REQUIRED ? new byte[0] : runs(definitions, 1);
        byte[] data = hasDictionary ? indices(values, dictionary) : plain(column.type(), values);
        boolean isSplit = splitsHalves && column.type() == Type.FLOAT16;
        if (isSplit) {
            data = split(data);
        }
        long encoding = stated(Lie.PAGE_ENCODING, hasDictionary ? 8 : isSplit ? 9 : 0);
        long count = stated(Lie.PAGE_VALUES, repetitions.size());
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        int unpacked;
        ThriftBytes detail;
        if (isVersion2) {
            body.writeBytes(repetitionBytes);
            body.writeBytes(definitionBytes);
            unpacked = body.size() + data.length;
            body.writeBytes(compressed(data));
            detail = new ThriftBytes()
                    .i32(1, count)
                    .i32(2, repetitions.size() - values.size())
                    .i32(3, rows.size())
                    .i32(4, encoding)
                    .i32(5, stated(Lie.V2_DEFINITION_BYTES, definitionBytes.length))
                    .i32(6, stated(Lie.V2_REPETITION_BYTES, repetitionBytes.length))
                    .bool(7, true);
        } else {
            ByteArrayOutputStream plain = new ByteArrayOutputStream();
            if (column.kind() == Kind.LIST) {
                plain.writeBytes(ThriftBytes.littleEndian((int) stated(Lie.LEVEL_BYTES, repetitionBytes.length)));
                plain.writeBytes(repetitionBytes);
            }
            if (column.kind() != Kind.REQUIRED) {
                plain.writeBytes(ThriftBytes.littleEndian((int) stated(Lie.LEVEL_BYTES, definitionBytes.length)));
                plain.writeBytes(definitionBytes);
            }
            plain.writeBytes(data);
            unpacked = plain.size();
            body.writeBytes(compressed(plain.toByteArray()));
            detail = new ThriftBytes().i32(1, count).i32(2, encoding).i32(3, 3).i32(4, 3);
        }
        ThriftBytes header = new ThriftBytes()
                .i32(1, stated(Lie.PAGE_TYPE, isVersion2 ? 3 : 0))
                .i32(2, stated(Lie.PAGE_UNCOMPRESSED, unpacked))
                .i32(3, stated(Lie.PAGE_COMPRESSED, body.size()))
                .struct(isVersion2 ? 8 : 5, changed(isVersion2 ? Struct.DATA_PAGE_V2 : Struct.DATA_PAGE, detail));
        out.writeBytes(changed(Struct.PAGE_HEADER, header).bytes());
        out.writeBytes(body.toByteArray());
        return repetitions.size();
    }

    /** Runs of equal numbers, in the hybrid of run lengths and packed bits. */
    private static byte[] runs(List<Integer> numbers, int bytesPerNumber) {
        ByteArrayOutputStream runs = new ByteArrayOutputStream();
        for (int from = 0; from < numbers.size(); ) {
            int to = from;
            while (to < numbers.size() && numbers.get(to).equals(numbers.get(from))) {
                to++;
            }
            ThriftBytes.varint(runs, (long) (to - from) << 1);
            for (int b = 0; b < bytesPerNumber; b++) {
                runs.write(numbers.get(from) >>> (8 * b));
            }
            from = to;
        }
        return runs.toByteArray();
    }

    private static byte[] indices(List<Double> values, List<Double> dictionary) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(16);
        out.writeBytes(runs(values.stream().map(dictionary::indexOf).toList(), 2));
        return out.toByteArray();
    }

    /** First all low bytes, then all high ones. */
    private static byte[] split(byte[] halves) {
        byte[] split = new byte[halves.length];
        for (int i = 0; i < halves.length; i++) {
            split[i % 2 * (halves.length / 2) + i / 2] = halves[i];
        }
        return split;
    }

    private static byte[] plain(Type type, List<Double> values) {
        ByteBuffer bytes = ByteBuffer.allocate(8 * values.size()).order(ByteOrder.LITTLE_ENDIAN);
        for (double value : values) {
            switch (type) {
                case FLOAT -> bytes.putFloat((float) value);
                case DOUBLE -> bytes.putDouble(value);
                case INT32 -> bytes.putInt((int) value);
                case FLOAT16 -> bytes.putShort(Half.bits(value));
            }
        }
        byte[] plain = new byte[bytes.position()];
        bytes.flip().get(plain);
        return plain;
    }

    private byte[] compressed(byte[] plain) {
        return damage.apply(
                switch (codec) {
                    case SNAPPY -> snappy(plain);
                    case GZIP -> gzip(plain);
                    case LZ4_RAW -> lz4(plain);
                    case LZ4 -> hadoop(plain);
                    case ZSTD -> zstd(plain);
                    case UNCOMPRESSED, LZO -> plain;
                });
    }

    /** One block of literals. */
    private static byte[] lz4(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.write(Math.min(15, plain.length) << 4);
        if (plain.length >= 15) {
            int rest = plain.length - 15;
            for (; rest >= 255; rest -= 255) {
                packed.write(255);
            }
            packed.write(rest);
        }
        packed.writeBytes(plain);
        return packed.toByteArray();
    }

    /** Two blocks after their lengths, as Hadoop has them. */
    private static byte[] hadoop(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        for (byte[] half : List.of(
                Arrays.copyOf(plain, plain.length / 2), Arrays.copyOfRange(plain, plain.length / 2, plain.length))) {
            byte[] block = lz4(half);
            packed.writeBytes(ByteBuffer.allocate(8)
                    .putInt(half.length)
                    .putInt(block.length)
                    .array());
            packed.writeBytes(block);
        }
        return packed.toByteArray();
    }

    /** A frame of blocks that are not compressed. */
    private static byte[] zstd(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        packed.writeBytes(ThriftBytes.littleEndian(0xFD2FB528));
        packed.write(0xA0);
        packed.writeBytes(ThriftBytes.littleEndian(plain.length));
        int most = 1 << 17;
        for (int from = 0; from == 0 || from < plain.length; from += most) {
            int length = Math.min(most, plain.length - from);
            int head = length << 3 | (from + length == plain.length ? 1 : 0);
            packed.write(ThriftBytes.littleEndian(head), 0, 3);
            packed.write(plain, from, length);
        }
        return packed.toByteArray();
    }

    /** Literals only. */
    private byte[] snappy(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        ThriftBytes.varint(packed, stated(Lie.SNAPPY_LENGTH, plain.length));
        for (int from = 0; from < plain.length; from += 60) {
            int length = Math.min(60, plain.length - from);
            packed.write((length - 1) << 2);
            packed.write(plain, from, length);
        }
        return packed.toByteArray();
    }

    private static byte[] gzip(byte[] plain) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
            gzip.write(plain);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
