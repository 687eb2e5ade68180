// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A file's footer.
 *
 * <p>Source: {@code parquet.thrift} of Apache Parquet, {@code FileMetaData}.
 *
 * @param columns of the schema, in order
 * @param groups none where no column is of floats or doubles: the rest is not looked at then
 */
record Footer(List<ParquetColumn> columns, List<RowGroup> groups) {

    /**
     * Some rows.
     *
     * @param chunks one for each column of the schema
     */
    record RowGroup(long rows, List<ColumnChunk> chunks) {}

    /**
     * Reads a footer.
     *
     * @throws java.nio.BufferUnderflowException if it does not end
     * @throws IllegalArgumentException if it is no footer; the message says what it is
     */
    static Footer read(ByteBuffer bytes) {
        ThriftReader in = new ThriftReader(bytes);
        in.itemStruct();
        List<ParquetColumn> columns = null;
        List<RowGroup> groups = null;
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 2 -> {
                    columns = Schema.columns(schema(in), bytes.limit());
                    if (columns.stream().noneMatch(column -> column.real() != null)) {
                        return new Footer(columns, List.of());
                    }
                }
                case 4 -> groups = groups(in, columns);
                case 1 -> in.skip(ThriftReader.Type.I32);
                case 3 -> in.skip(ThriftReader.Type.I64);
                case 5, 7 -> in.skipList(ThriftReader.Type.STRUCT);
                case 6, 9 -> in.skip(ThriftReader.Type.BINARY);
                case 8 -> in.skip(ThriftReader.Type.STRUCT);
                default -> in.skip();
            }
        }
        if (columns == null || groups == null) {
            throw new IllegalArgumentException("without a schema or row groups");
        }
        return new Footer(columns, groups);
    }

    private static List<Schema.Element> schema(ThriftReader in) {
        int count = in.list(ThriftReader.Type.STRUCT);
        List<Schema.Element> elements = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.itemStruct();
            elements.add(Schema.Element.read(in));
        }
        return elements;
    }

    private static List<RowGroup> groups(ThriftReader in, List<ParquetColumn> columns) {
        int count = in.list(ThriftReader.Type.STRUCT);
        if (columns == null) {
            throw new IllegalArgumentException("without a schema");
        }
        List<RowGroup> groups = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            in.itemStruct();
            groups.add(group(in, columns, i));
        }
        return groups;
    }

    private static RowGroup group(ThriftReader in, List<ParquetColumn> columns, int index) {
        long rows = -1;
        List<ColumnChunk> chunks = null;
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> chunks = chunks(in, columns, index);
                case 3 -> rows = in.i64();
                case 2, 5, 6 -> in.skip(ThriftReader.Type.I64);
                case 4 -> in.skipList(ThriftReader.Type.STRUCT);
                case 7 -> in.skip(ThriftReader.Type.I16);
                default -> in.skip();
            }
        }
        if (chunks == null || rows < 0) {
            throw new IllegalArgumentException("with row group " + index + " without columns or rows");
        }
        return new RowGroup(rows, chunks);
    }

    private static List<ColumnChunk> chunks(ThriftReader in, List<ParquetColumn> columns, int group) {
        int count = in.list(ThriftReader.Type.STRUCT);
        if (count != columns.size()) {
            throw new IllegalArgumentException(
                    "with " + count + " columns in row group " + group + " where its schema has " + columns.size());
        }
        List<ColumnChunk> chunks = new ArrayList<>(count);
        for (ParquetColumn column : columns) {
            in.itemStruct();
            chunks.add(ColumnChunk.read(in, column));
        }
        return chunks;
    }
}
