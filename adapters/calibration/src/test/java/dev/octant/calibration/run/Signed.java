// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/** Bytes as a forger signs them: every checksum is right, so that what it covers is looked at. */
final class Signed {
    private static final int HEADER = 9;
    private static final int HISTOGRAM = 0x4F435448;
    private static final int SAMPLES = 0x4F435453;

    private Signed() {}

    /** A copy with the checksums of its summaries and of the whole; too short ones stay as they are. */
    static byte[] of(byte[] content) {
        byte[] signed = content.clone();
        ByteBuffer bytes = ByteBuffer.wrap(signed);
        for (int at = 0; at + HEADER + Integer.BYTES <= signed.length; at++) {
            int magic = bytes.getInt(at);
            if (magic == HISTOGRAM || magic == SAMPLES) {
                int length = bytes.getInt(at + 5);
                if (length >= 0 && length <= signed.length - at - HEADER - Integer.BYTES) {
                    sign(bytes, at, at + HEADER + length);
                }
            }
        }
        if (signed.length >= Integer.BYTES) {
            sign(bytes, 0, signed.length - Integer.BYTES);
        }
        return signed;
    }

    private static void sign(ByteBuffer bytes, int from, int to) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes.duplicate().position(from).limit(to));
        bytes.putInt(to, (int) checksum.getValue());
    }
}
