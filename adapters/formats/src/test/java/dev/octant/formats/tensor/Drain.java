// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import java.io.IOException;
import java.nio.file.Path;

/** Reads everything a file holds, as a caller would. */
final class Drain {
    private Drain() {}

    /** The number of elements. */
    static long all(Path file) throws IOException {
        float[] floats = new float[1000];
        byte[] bytes = new byte[1000];
        long count = 0;
        try (ArrayReader reader = ArrayReader.open(file)) {
            while (reader.next()) {
                boolean isFloat = reader.header().type().isFloat();
                for (int n; (n = isFloat ? reader.readFloats(floats) : reader.readBytes(bytes)) > 0; ) {
                    count += n;
                }
            }
        }
        return count;
    }

    /** One line that begins with the file and says what must hold and what was found. */
    static void assertSentence(FormatException e, Path file) {
        String message = e.getMessage();
        assertTrue(message.startsWith(file + ": ") || message.startsWith(file + ", array "), message);
        assertTrue(message.contains(" must "), message);
        assertTrue(message.contains(", was "), message);
        assertTrue(message.chars().noneMatch(Character::isISOControl), message);
        assertTrue(message.length() < 500 + file.toString().length(), message);
    }
}
