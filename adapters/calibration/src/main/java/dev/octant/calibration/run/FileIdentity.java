// SPDX-License-Identifier: Apache-2.0
package dev.octant.calibration.run;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.zip.CRC32C;
import org.apache.commons.lang3.StringUtils;

/**
 * By what a file is known again without reading it whole: its name without folders, size, modification time, and a
 * CRC-32C of 16 blocks of 4 KiB spread evenly from the first byte to the last.
 *
 * @param name the file's name, and behind a blank how it is read where that matters
 * @param size its bytes
 * @param modified milliseconds since 1970
 * @param checksum of the blocks
 */
record FileIdentity(String name, long size, long modified, int checksum) {
    private static final int BLOCK = 4096;

    /** Characters of a reading that are kept: a longer one is told from others by its checksum. */
    private static final int MOST_READING = 1000;

    private static final int BLOCKS = 16;

    /** The identity of a file as it is now, and as it is read; see {@link TensorFile#reading}. */
    static FileIdentity of(Path file, String reading) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new FormatException(
                    file + ": input must be an ordinary file to go on after an interruption, was not");
        }
        try (FileChannel channel = FileChannel.open(file)) {
            long size = channel.size();
            CRC32C checksum = new CRC32C();
            ByteBuffer block = ByteBuffer.allocate(BLOCK);
            long blocks = Math.min(BLOCKS, (size + BLOCK - 1) / BLOCK);
            for (long i = 0; i < blocks; i++) {
                long last = Math.max(0, size - BLOCK);
                // The quotient first: the product could pass the longs.
                long start = i == blocks - 1 ? last : last / (blocks - 1) * i;
                channel.read(block.clear(), start);
                checksum.update(block.flip());
            }
            Path name = file.getFileName();
            return new FileIdentity(
                    (name == null ? "" : name.toString()) + (reading.isEmpty() ? "" : " " + shortened(reading)),
                    size,
                    Files.getLastModifiedTime(file).toMillis(),
                    (int) checksum.getValue());
        } catch (NoSuchFileException e) {
            throw new FormatException(file + ": input must exist, was missing", e);
        }
    }

    /** Whether it seems to be the same file, as far as its name has no blank, read in another way. */
    boolean isReadOtherwise(FileIdentity other) {
        return size == other.size
                && modified == other.modified
                && checksum == other.checksum
                && StringUtils.substringBefore(name, " ").equals(StringUtils.substringBefore(other.name, " "));
    }

    private static String shortened(String reading) {
        if (reading.length() <= MOST_READING) {
            return reading;
        }
        CRC32C checksum = new CRC32C();
        checksum.update(reading.getBytes(StandardCharsets.UTF_16BE));
        return String.format("%s... %08x", reading.substring(0, MOST_READING), checksum.getValue());
    }
}
