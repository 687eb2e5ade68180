// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.parquet.ParquetColumn.PhysicalType;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of a row group, as the footer states it.
 *
 * @param type the number of its {@link PhysicalType}
 * @param codec the number of its {@link Codec}
 * @param values with nulls and empty lists
 * @param start position of its first page in the file
 * @param size bytes of its pages
 * @param indexStart position of its offset index; 0 where it has none
 * @param indexSize bytes of its offset index
 * @param isPathKept whether its path is that of the schema's column
 * @param obstacle why it cannot be read, or null: encrypted, or in another file
 */
record ColumnChunk(
        int type,
        int codec,
        long values,
        long start,
        long size,
        long indexStart,
        int indexSize,
        boolean isPathKept,
        String obstacle) {
    private static final int MAX_STEPS = 256;

    /** Reads a chunk of a column. */
    static ColumnChunk read(ThriftReader in, ParquetColumn column) {
        MetaData metaData = null;
        long indexStart = 0;
        int indexSize = 0;
        String obstacle = null;
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> obstacle = in.text().isEmpty() ? obstacle : "in another file";
                case 3 -> {
                    in.struct();
                    metaData = MetaData.read(in, column);
                }
                case 4 -> indexStart = in.i64();
                case 5 -> indexSize = in.i32();
                case 2, 6 -> in.skip(ThriftReader.Type.I64);
                case 7 -> in.skip(ThriftReader.Type.I32);
                case 8 -> {
                    in.skip(ThriftReader.Type.STRUCT);
                    obstacle = "encrypted";
                }
                case 9 -> in.skip(ThriftReader.Type.BINARY);
                default -> in.skip();
            }
        }
        if (metaData == null) {
            return new ColumnChunk(-1, -1, -1, -1, -1, 0, 0, true, obstacle == null ? "without its data" : obstacle);
        }
        return new ColumnChunk(
                metaData.type,
                metaData.codec,
                metaData.values,
                metaData.start(),
                metaData.size,
                indexStart,
                indexSize,
                metaData.isPathKept,
                obstacle);
    }

    /** The struct of that name; what is not there is -1. */
    private static final class MetaData {
        private int type = -1;
        private int codec = -1;
        private long values = -1;
        private long size = -1;
        private long dataPage = -1;
        private long dictionaryPage = -1;
        private boolean isPathKept;

        static MetaData read(ThriftReader in, ParquetColumn column) {
            MetaData read = new MetaData();
            for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
                read.take(in, field, column);
            }
            return read;
        }

        private void take(ThriftReader in, int field, ParquetColumn column) {
            switch (field) {
                case 1 -> type = in.i32();
                case 3 -> isPathKept = column.step().isPath(path(in));
                case 4 -> codec = in.i32();
                case 5 -> values = in.i64();
                case 7 -> size = in.i64();
                case 9 -> dataPage = in.i64();
                case 11 -> dictionaryPage = in.i64();
                case 2 -> in.skipList(ThriftReader.Type.I32);
                case 6, 10, 14 -> in.skip(ThriftReader.Type.I64);
                case 8, 13 -> in.skipList(ThriftReader.Type.STRUCT);
                case 12, 16, 17 -> in.skip(ThriftReader.Type.STRUCT);
                case 15 -> in.skip(ThriftReader.Type.I32);
                default -> in.skip();
            }
        }

        private static List<String> path(ThriftReader in) {
            int count = in.list(ThriftReader.Type.BINARY);
            if (count > MAX_STEPS) {
                throw new IllegalArgumentException("with a path of " + count + " steps");
            }
            List<String> path = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                path.add(in.itemText());
            }
            return path;
        }

        /** Writers without a dictionary write 0, or nothing. */
        private long start() {
            return dictionaryPage > 0 && dictionaryPage < dataPage ? dictionaryPage : dataPage;
        }
    }
}
