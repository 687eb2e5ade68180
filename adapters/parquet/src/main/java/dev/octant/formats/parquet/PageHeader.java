// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.nio.ByteBuffer;

/**
 * What stands before a page.
 *
 * <p>Source: {@code parquet.thrift} of Apache Parquet, {@code PageHeader}.
 *
 * @param type its number
 * @param unpacked bytes when decompressed
 * @param packed bytes in the file
 * @param crc sum of the bytes in the file, or null
 * @param detail what only pages of its type have, or null
 */
record PageHeader(int type, int unpacked, int packed, Integer crc, Detail detail) {
    static final int DATA = 0;
    static final int INDEX = 1;
    static final int DICTIONARY = 2;
    static final int DATA_V2 = 3;

    /** What only pages of a type have; what is not there is -1. */
    static final class Detail {
        private int values = -1;
        int encoding = -1;
        int definitionEncoding = -1;
        int repetitionEncoding = -1;
        int definitionBytes = -1;
        int repetitionBytes = -1;
        boolean isCompressed = true;

        int values() {
            return values;
        }
    }

    boolean isData() {
        return type == DATA || type == DATA_V2;
    }

    /**
     * Reads a header.
     *
     * @throws java.nio.BufferUnderflowException if it does not end
     * @throws IllegalArgumentException if it is no page header; the message says what it is
     */
    static PageHeader read(ByteBuffer bytes) {
        ThriftReader in = new ThriftReader(bytes);
        in.itemStruct();
        int type = -1;
        int unpacked = -1;
        int packed = -1;
        Integer crc = null;
        Detail data = null;
        Detail dictionary = null;
        Detail dataV2 = null;
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> type = in.i32();
                case 2 -> unpacked = in.i32();
                case 3 -> packed = in.i32();
                case 4 -> crc = in.i32();
                case 5 -> data = data(in);
                case 6 -> in.skip(ThriftReader.Type.STRUCT);
                case 7 -> dictionary = dictionary(in);
                case 8 -> dataV2 = dataV2(in);
                default -> in.skip();
            }
        }
        Detail detail = switch (type) {
            case DATA -> data;
            case DICTIONARY -> dictionary;
            case DATA_V2 -> dataV2;
            default -> null;
        };
        return new PageHeader(type, unpacked, packed, crc, detail);
    }

    private static Detail data(ThriftReader in) {
        Detail detail = new Detail();
        in.struct();
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> detail.values = in.i32();
                case 2 -> detail.encoding = in.i32();
                case 3 -> detail.definitionEncoding = in.i32();
                case 4 -> detail.repetitionEncoding = in.i32();
                case 5 -> in.skip(ThriftReader.Type.STRUCT);
                default -> in.skip();
            }
        }
        return detail;
    }

    private static Detail dictionary(ThriftReader in) {
        Detail detail = new Detail();
        in.struct();
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> detail.values = in.i32();
                case 2 -> detail.encoding = in.i32();
                case 3 -> in.bool();
                default -> in.skip();
            }
        }
        return detail;
    }

    private static Detail dataV2(ThriftReader in) {
        Detail detail = new Detail();
        in.struct();
        for (int field = in.next(0); field != ThriftReader.STOP; field = in.next(field)) {
            switch (field) {
                case 1 -> detail.values = in.i32();
                case 4 -> detail.encoding = in.i32();
                case 5 -> detail.definitionBytes = in.i32();
                case 6 -> detail.repetitionBytes = in.i32();
                case 7 -> detail.isCompressed = in.bool();
                case 2, 3 -> in.skip(ThriftReader.Type.I32);
                case 8 -> in.skip(ThriftReader.Type.STRUCT);
                default -> in.skip();
            }
        }
        return detail;
    }
}
