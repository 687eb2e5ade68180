// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Some bytes of an array, which is not copied. */
final class Bytes {
    private final byte[] array;
    private final int from;
    private final int length;

    Bytes(byte[] array, int from, int length) {
        this.array = array;
        this.from = from;
        this.length = length;
    }

    byte[] array() {
        return array;
    }

    int from() {
        return from;
    }

    int length() {
        return length;
    }

    /** The first bytes. */
    Bytes head(int count) {
        return new Bytes(array, from, count);
    }

    /** All but the first bytes. */
    Bytes tail(int skipped) {
        return new Bytes(array, from + skipped, length - skipped);
    }

    InputStream stream() {
        return new ByteArrayInputStream(array, from, length);
    }

    ByteBuffer littleEndian() {
        return ByteBuffer.wrap(array, from, length).order(ByteOrder.LITTLE_ENDIAN);
    }
}
