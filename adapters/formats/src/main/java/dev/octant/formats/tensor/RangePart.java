package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.ArrayList;
import java.util.List;

/**
 * Uncompressed values that lie one after the other in a file.
 *
 * <p>They are read by position into a block of bytes, at most {@value #BLOCK_VALUES} values at a time, and converted at once:
 * float32 is one read and one copy. Files are not mapped. With 2 GB in the page cache, reading was as fast as mapping (both
 * 10 GB/s on one thread), but mapped pages count as the process's memory until they are unmapped, which is when the garbage
 * collector gets to it: 12 GB resident after six passes, where reading took 0.1 GB.
 *
 * <p>Memory of a read: {@value #BLOCK_VALUES} values as bytes and as floats.
 */
final class RangePart implements TensorPart {
    /** Values of a part, but for samples longer than that: 16 MiB of float32. */
    static final int PART_VALUES = 1 << 22;

    static final int BLOCK_VALUES = 1 << 14;

    private final Extent extent;
    private final long position;
    private final long values;

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
                parts.add(new RangePart(this, position + from * type.bytes(), Math.min(most, size - from)));
                if (size - from <= most) {
                    break;
                }
            }
            return parts;
        }
    }

    private RangePart(Extent extent, long position, long values) {
        this.extent = extent;
        this.position = position;
        this.values = values;
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
    public void read(Visitor visitor) throws IOException {
        int width = extent.type().bytes();
        int most = (int) Math.min(BLOCK_VALUES, values);
        ByteBuffer bytes = ByteBuffer.allocate(most * width).order(extent.order());
        float[] block = new float[most];
        try (FileChannel channel = extent.file().open()) {
            for (long done = 0; done < values; ) {
                int count = (int) Math.min(most, values - done);
                bytes.clear().limit(count * width);
                extent.file().readFully(channel, bytes, position + done * width);
                bytes.clear();
                extent.type().decode(bytes, block, 0, count);
                if (!visitor.visit(extent.tensor(), block, 0, count)) {
                    return;
                }
                done += count;
            }
        }
    }
}
