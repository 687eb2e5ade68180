// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/**
 * A column of a row group.
 *
 * @param group index of the row group
 * @param rows of the row group
 */
record ParquetPart(InputFile file, ParquetColumn column, int group, long rows, ColumnChunk chunk)
        implements TensorPart {

    /** What a sentence about it begins with. */
    Place place() {
        return new Place(file.path() + ", row group " + group + ": column " + VisibleText.of(column.name()));
    }

    @Override
    public List<String> tensors() {
        return List.of(column.name());
    }

    @Override
    public long values() {
        // Where values may be null, or lists empty, the footer counts those too.
        return column.maxDefinition() == 0 ? chunk.values() : -1;
    }

    @Override
    public long bytes() {
        return chunk.size();
    }

    @Override
    public long sampleLength() {
        return 0;
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        Place place = place();
        try (FileChannel channel = file.open()) {
            PageReader pages = new PageReader(file, channel, place, chunk);
            PageDecoder decoder = new PageDecoder(column, place);
            for (PageReader.Page page = pages.next(); page != null; page = pages.next()) {
                if (!decoder.decode(page, (block, length) -> visitor.visit(column.name(), block, 0, length))) {
                    return;
                }
            }
            if (decoder.rows() != rows) {
                throw place.refused("have the " + rows + " rows of its row group", decoder.rows());
            }
        }
    }
}
