package dev.octant.formats.parquet;

import dev.hardwood.HardwoodContext;
import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.RowGroupPredicate;
import dev.hardwood.reader.Validity;
import dev.hardwood.schema.ColumnSchema;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;

/** A column of a row group. */
final class ParquetPart implements TensorPart {
    private static final int BATCH_VALUES = 1 << 16;

    private final InputFile file;
    private final String tensor;
    private final String place;
    private final ColumnSchema schema;
    private final RowGroup group;
    private final long middle;

    /** {@code middle} is where hardwood finds the row group, and no other. */
    ParquetPart(InputFile file, String tensor, String place, ColumnSchema schema, RowGroup group, long middle) {
        this.file = file;
        this.tensor = tensor;
        this.place = place;
        this.schema = schema;
        this.group = group;
        this.middle = middle;
    }

    @Override
    public List<String> tensors() {
        return List.of(tensor);
    }

    @Override
    public long values() {
        // Where values may be null, or lists empty, the footer counts those too.
        return schema.maxDefinitionLevel() == 0 ? column().metaData().numValues() : -1;
    }

    @Override
    public long bytes() {
        return column().metaData().totalCompressedSize();
    }

    @Override
    public long sampleLength() {
        return 0;
    }

    private ColumnChunk column() {
        return group.columns().get(schema.columnIndex());
    }

    @Override
    public void read(Visitor visitor) throws IOException {
        try (FileChannel channel = file.open()) {
            ColumnPages.check(file, channel, place, column());
            Blocks blocks = new Blocks(visitor);
            try (HardwoodContext context = HardwoodContext.create(1);
                    ParquetFileReader reader = ParquetFileReader.open(new FileInput(file, channel), context);
                    ColumnReader values = reader.buildColumnReader(schema.columnIndex())
                            .filter(RowGroupPredicate.byteRange(middle, middle + 1))
                            .batchSize(rowsPerBatch())
                            .build()) {
                read(values, blocks);
            } catch (RuntimeException | IOException | LinkageError | InternalError e) {
                if (e == blocks.thrown || e instanceof FormatException) {
                    throw e;
                }
                throw ParquetFormat.unreadable(place, e);
            }
        }
    }

    /** Rows of some 65,536 values. */
    private int rowsPerBatch() {
        long values = Math.max(1, column().metaData().numValues());
        long rows = Math.max(1, Math.min(group.numRows(), values));
        return (int) Math.max(1, Math.min(BATCH_VALUES, BATCH_VALUES * rows / values));
    }

    private void read(ColumnReader reader, Blocks blocks) throws IOException {
        long rows = 0;
        while (reader.nextBatch()) {
            rows += reader.getRecordCount();
            boolean isFloat = schema.type() == PhysicalType.FLOAT;
            float[] floats = isFloat ? reader.getFloats() : narrowed(reader.getDoubles(), reader.getValueCount());
            if (!blocks.visit(floats, reader.getValueCount(), reader.getLeafValidity())) {
                return;
            }
        }
        if (rows != group.numRows()) {
            throw new FormatException(
                    place + " must have the " + group.numRows() + " rows of its row group, was " + rows);
        }
    }

    private static float[] narrowed(double[] doubles, int count) {
        float[] floats = new float[count];
        for (int i = 0; i < count; i++) {
            floats[i] = (float) doubles[i];
        }
        return floats;
    }

    /** Passes on what is not null, and tells the visitor's own exceptions from hardwood's. */
    private final class Blocks {
        private final Visitor visitor;
        private Throwable thrown;

        Blocks(Visitor visitor) {
            this.visitor = visitor;
        }

        boolean visit(float[] values, int count, Validity validity) throws IOException {
            if (!validity.hasNulls()) {
                return count == 0 || visit(values, 0, count);
            }
            for (int from = next(validity, 0, count, false); from < count; ) {
                int to = next(validity, from, count, true);
                if (!visit(values, from, to - from)) {
                    return false;
                }
                from = next(validity, to, count, false);
            }
            return true;
        }

        private int next(Validity validity, int from, int count, boolean isNull) {
            int at = from;
            while (at < count && validity.isNull(at) != isNull) {
                at++;
            }
            return at;
        }

        private boolean visit(float[] values, int offset, int length) throws IOException {
            try {
                return visitor.visit(tensor, values, offset, length);
            } catch (IOException | RuntimeException e) {
                thrown = e;
                throw e;
            }
        }
    }
}
