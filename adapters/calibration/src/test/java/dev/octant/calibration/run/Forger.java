// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;

/** Changes a good file in a few places, numbers at the ends of their types among them, and signs it again. */
final class Forger {
    private static final long[] ENDS = {
        0,
        1,
        -1,
        0x7F,
        0x80,
        0xFF,
        Short.MAX_VALUE,
        0xFFFF,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        1L << 62,
        0x7F800000L,
        0x7FC00000L
    };

    private Forger() {}

    static byte[] forged(byte[] good, Random random) {
        byte[] bytes = good;
        for (int i = random.nextInt(4); i >= 0; i--) {
            int at = random.nextInt(bytes.length);
            int length = Math.min(bytes.length - at, 1 << random.nextInt(4));
            byte[] piece = switch (random.nextInt(6)) {
                // The longest number of seven bits a byte, and one that does not end.
                case 0 -> new byte[] {-1, -1, -1, -1, -1, -1, -1, -1, (byte) (random.nextBoolean() ? 0x7F : -1)};
                case 1 -> end(random, length);
                case 2 -> new byte[] {(byte) random.nextInt(256)};
                case 3 -> new byte[0];
                case 4 ->
                    ByteBuffer.allocate(2 * length)
                            .put(bytes, at, length)
                            .put(bytes, at, length)
                            .array();
                default -> "\u001b[2J\u202e".getBytes(java.nio.charset.StandardCharsets.UTF_8);
            };
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.write(bytes, 0, at);
            out.writeBytes(piece);
            out.write(bytes, at + length, bytes.length - at - length);
            bytes = out.size() == 0 ? good : out.toByteArray();
        }
        return Signed.of(bytes);
    }

    private static byte[] end(Random random, int length) {
        byte[] number = ByteBuffer.allocate(Long.BYTES)
                .putLong(ENDS[random.nextInt(ENDS.length)])
                .array();
        return java.util.Arrays.copyOfRange(number, Long.BYTES - length, Long.BYTES);
    }
}
