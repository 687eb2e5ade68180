// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.io.IOException;
import java.io.InputStream;

/**
 * An array inside its container, before any of it is read.
 *
 * @param name the array's name
 * @param length its bytes, header included, as the container states them; -1 when it does not
 * @param checksum the CRC-32 of those bytes; -1 when the container has none
 * @param content opens a stream at its first byte
 */
record StoredArray(String name, long length, long checksum, Content content) {
    /** Opens the bytes of an array. */
    @FunctionalInterface
    interface Content {
        InputStream open() throws IOException;
    }
}
