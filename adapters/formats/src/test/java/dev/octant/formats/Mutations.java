// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Random;

/**
 * Changes of a good file that know what files are made of: numbers at and beyond the ends of their types in text and
 * in bytes, names that terminals obey, brackets, repetition, and bytes of any kind.
 */
public final class Mutations {
    private static final String[] WORDS = {
        "9223372036854775807",
        "4611686018427387904",
        "-9223372036854775808",
        "18446744073709551616",
        "2147483648",
        "1e9999999999",
        "1e2147483647",
        "100e2147483647",
        "1e-2147483648",
        "-1e400",
        "0x1p-99999",
        "NaN",
        "-Infinity",
        "nan",
        "1e99999999999",
        "0",
        "-1",
        "-0.0",
        "1".repeat(900),
        "0.".concat("9".repeat(900)),
        "\u001b[2J",
        "\u009b31m",
        "\u2028",
        "\u202e",
        "\u0000",
        "\\u202e",
        "\\ud83d",
        "\\u0000",
        "\n",
        "\r",
        "../..",
        "/",
        ":",
        "[",
        "{",
        "]",
        "}",
        "[[[[[[[[",
        "{\"a\":",
        ",",
        ";",
        "\t",
        "\"",
        "'",
        "null",
        "true",
        "(0, 4611686018427387904, 4)",
        " ".repeat(300)
    };
    private static final long[] ENDS = {
        0,
        1,
        -1,
        Byte.MAX_VALUE,
        Short.MAX_VALUE,
        0xFFFF,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        0xFFFFFFFFL,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 62,
        1L << 40
    };

    private Mutations() {}

    /** One to four changes. */
    public static byte[] of(byte[] good, Random random) {
        byte[] bytes = good;
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes = changed(bytes, random);
        }
        return bytes;
    }

    private static byte[] changed(byte[] bytes, Random random) {
        int at = random.nextInt(bytes.length + 1);
        int left = bytes.length - at;
        return switch (random.nextInt(8)) {
            case 0 -> replaced(bytes, at, number(bytes, at), word(random));
            case 1 -> replaced(bytes, at, 0, word(random));
            case 2 -> replaced(bytes, at, Math.min(left, 1 << random.nextInt(4)), end(random));
            case 3 -> replaced(bytes, at, Math.min(left, 1), new byte[] {(byte) random.nextInt(256)});
            case 4 -> replaced(bytes, at, Math.min(left, 1 + random.nextInt(60)), new byte[0]);
            case 5 -> {
                int length = Math.min(left, 1 + random.nextInt(60));
                yield replaced(bytes, at, 0, java.util.Arrays.copyOfRange(bytes, at, at + length));
            }
            case 6 -> java.util.Arrays.copyOf(bytes, random.nextInt(4) == 0 ? at : bytes.length);
            default -> {
                byte[] flipped = bytes.clone();
                if (left > 0) {
                    flipped[at] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    /** How many digits stand at a place. */
    private static int number(byte[] bytes, int at) {
        int end = at;
        while (end < bytes.length && bytes[end] >= '0' && bytes[end] <= '9') {
            end++;
        }
        return end - at;
    }

    private static byte[] word(Random random) {
        return WORDS[random.nextInt(WORDS.length)].getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] end(Random random) {
        ByteOrder order = random.nextBoolean() ? ByteOrder.LITTLE_ENDIAN : ByteOrder.BIG_ENDIAN;
        long value = ENDS[random.nextInt(ENDS.length)];
        return switch (random.nextInt(3)) {
            case 0 ->
                ByteBuffer.allocate(2).order(order).putShort((short) value).array();
            case 1 -> ByteBuffer.allocate(4).order(order).putInt((int) value).array();
            default -> ByteBuffer.allocate(8).order(order).putLong(value).array();
        };
    }

    private static byte[] replaced(byte[] bytes, int at, int length, byte[] by) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        out.writeBytes(by);
        out.write(bytes, at + length, bytes.length - at - length);
        return out.toByteArray();
    }
}
