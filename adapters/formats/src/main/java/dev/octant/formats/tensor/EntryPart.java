// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import dev.octant.formats.InputFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.util.List;

/** A whole array of an {@code .npz}, read from its first byte to its last, with its checksum. */
final class EntryPart implements TensorPart {
    private static final int BLOCK_BYTES = 1 << 16;

    private final InputFile file;
    private final NpzDirectory.Item array;
    private final ArrayHeader header;
    private final String place;

    EntryPart(InputFile file, NpzDirectory.Item array, ArrayHeader header, String place) {
        this.file = file;
        this.array = array;
        this.header = header;
        this.place = place;
    }

    @Override
    public List<String> tensors() {
        return List.of(array.name());
    }

    @Override
    public long values() {
        return header.size();
    }

    @Override
    public long bytes() {
        return array.entry().packed();
    }

    @Override
    public long sampleLength() {
        return header.sampleLength();
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        try (FileChannel channel = file.open();
                InputStream content = array.entry().content(channel)) {
            StoredArray stored = new StoredArray(
                    array.name(), array.entry().size(), array.entry().checksum(), () -> content);
            // A whole number of the widest values, and no more of them than there are.
            int blockBytes = Double.BYTES * (int) Math.min(BLOCK_BYTES / Double.BYTES, Math.max(1, header.size()));
            ArrayStream values = new ArrayStream(stored, content, place, new byte[blockBytes]);
            float[] block = new float[(int) Math.min(RangePart.BLOCK_VALUES, Math.max(1, header.size()))];
            for (int count; (count = values.readValues(block, 0, block.length)) > 0; ) {
                if (!visitor.visit(array.name(), block, 0, count)) {
                    return;
                }
            }
        }
    }
}
