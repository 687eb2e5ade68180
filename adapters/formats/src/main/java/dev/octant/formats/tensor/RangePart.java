// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.zip.CRC32;

/**
 * Uncompressed values that lie one after the other in a file.
 *
 * <p>They are read by position into memory outside the heap, {@value ReadBlocks#BYTES} bytes at a time, and handed on
 * in blocks of at most {@value #BLOCK_VALUES} values: float32 is one read and one copy. Larger reads cost less each,
 * until they outgrow the second-level cache. Files are not mapped: with the data in the page cache, reading takes
 * half the time that mapping does (0.07 against 0.17 processor seconds per GiB, most of which are page faults), and
 * mapped pages count as the process's memory until they are unmapped.
 *
 * <p>Memory of a read: a block of bytes, and {@value #BLOCK_VALUES} floats.
 */
final class RangePart implements TensorPart {
    /** Values of a part, but for samples longer than that: 16 MiB of float32. */
    static final int PART_VALUES = 1 << 22;

    /** Values handed on at a time, which stay in the first-level cache. */
    static final int BLOCK_VALUES = 1 << 12;

    private final Extent extent;
    private final long position;
    private final long values;

    /** Of the bytes of all parts, where this is the one of number {@link #index}; null where there is none. */
    private final PartedChecksum checksum;

    private final int index;

    /**
     * Where all values of a tensor lie.
     *
     * @param file the file
     * @param tensor the tensor's name
     * @param type the type of the values
     * @param order the order of the bytes of one value
     * @param position the first value
     * @param size the number of values
     * @param sampleLength the length of a sample; 0 where samples are not known
     */
    record Extent(
            InputFile file,
            String tensor,
            StoredType type,
            ByteOrder order,
            long position,
            long size,
            long sampleLength) {
        /** The values as parts of whole samples. */
        List<TensorPart> parts() {
            long samples = sampleLength == 0 ? PART_VALUES : Math.max(1, PART_VALUES / sampleLength);
            long most = Math.max(1, sampleLength) * samples;
            List<TensorPart> parts = new ArrayList<>();
            for (long from = 0; from == 0 || from < size; from += most) {
                parts.add(new RangePart(this, position + from * type.bytes(), Math.min(most, size - from), null, 0));
                if (size - from <= most) {
                    break;
                }
            }
            return parts;
        }

        /**
         * The same, which together are compared with a checksum: when the last of them was read, by whomever.
         *
         * @param place what a refusal begins with
         * @param stated the checksum of all bytes of the array
         * @param start the checksum of those before its values
         */
        List<TensorPart> parts(String place, long stated, long start) {
            List<TensorPart> parts = parts();
            PartedChecksum checksum = new PartedChecksum(
                    place,
                    stated,
                    start,
                    parts.stream().mapToLong(TensorPart::bytes).toArray());
            List<TensorPart> checked = new ArrayList<>();
            for (int i = 0; i < parts.size(); i++) {
                RangePart part = (RangePart) parts.get(i);
                checked.add(new RangePart(this, part.position, part.values, checksum, i));
            }
            return checked;
        }
    }

    private RangePart(Extent extent, long position, long values, PartedChecksum checksum, int index) {
        this.extent = extent;
        this.position = position;
        this.values = values;
        this.checksum = checksum;
        this.index = index;
    }

    @Override
    public List<String> tensors() {
        return List.of(extent.tensor());
    }

    @Override
    public long values() {
        return values;
    }

    @Override
    public long bytes() {
        return values * extent.type().bytes();
    }

    @Override
    public long sampleLength() {
        return extent.sampleLength();
    }

    @Override
    public boolean isCheckedTogether() {
        return checksum != null;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        ByteBuffer bytes = ReadBlocks.take();
        try (FileChannel channel = extent.file().open()) {
            read(channel, bytes.order(extent.order()), visitor);
        } finally {
            ReadBlocks.giveBack(bytes);
        }
    }

    @Override
    public void check() throws IOException {
        if (checksum != null && !checksum.isKnown(index)) {
            read((tensor, block, offset, length) -> true);
        }
    }

    private void read(FileChannel channel, ByteBuffer bytes, Visitor visitor) throws IOException {
        CRC32 crc = new CRC32();
        int width = extent.type().bytes();
        int perBlock = ReadBlocks.BYTES / width;
        float[] block = new float[(int) Math.min(BLOCK_VALUES, values)];
        for (long done = 0; done < values; ) {
            int filled = (int) Math.min(perBlock, values - done);
            bytes.clear().limit(filled * width);
            extent.file().readFully(channel, bytes, position + done * width);
            if (checksum != null) {
                crc.update(bytes.flip());
            }
            for (int from = 0; from < filled; from += block.length) {
                int count = Math.min(block.length, filled - from);
                bytes.position(from * width);
                extent.type().decode(bytes, block, 0, count);
                if (!visitor.visit(extent.tensor(), block, 0, count)) {
                    return;
                }
            }
            done += filled;
        }
        if (checksum != null) {
            checksum.add(index, crc.getValue());
        }
    }

    /**
     * Memory outside the heap to read files into, used again and again: a read into the heap passes through such memory
     * anyway, and it is freed only when the garbage collector gets to it. There are as many blocks as were ever in use
     * at one time. Thread safe.
     */
    private static final class ReadBlocks {
        /** Bytes of a block. */
        static final int BYTES = 1 << 18;

        private static final Queue<ByteBuffer> FREE = new ConcurrentLinkedQueue<>();

        /** A block of {@value #BYTES} bytes of any content; the caller gives it back. */
        static ByteBuffer take() {
            ByteBuffer free = FREE.poll();
            return free == null ? ByteBuffer.allocateDirect(BYTES) : free;
        }

        /** Ends the use of a block. */
        static void giveBack(ByteBuffer block) {
            FREE.add(block);
        }
    }
}
