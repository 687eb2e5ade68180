package dev.octant.formats.parquet;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.parquet.ParquetColumn.PhysicalType;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFormat;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Parquet.
 *
 * <p>Tensors are the columns of floats and doubles, also in structs and lists; columns of other types are none. The name is
 * the column's path without the steps that only make a list: {@code act} for {@code act.list.element}. Nulls and empty lists
 * are no values. A double rounds to the nearest float. A part is a column of a row group.
 *
 * <p>Pages may be uncompressed, or compressed by Snappy, gzip, Zstandard, LZ4 or Brotli; their values plain, of a
 * dictionary or split by bytes.
 *
 * <p>Errors: a file that is encrypted, malformed or has no such column, another codec or encoding: a {@link
 * FormatException}.
 *
 * <p>Memory, for any file: a footer of at most {@value #MAX_FOOTER} bytes and what is made of it, at most
 * {@value #FOOTER_FACTOR} bytes for each of its bytes; and while a part is read {@value #READING} bytes at most for
 * each thread that reads: a page of at most 16 MiB and 2,097,152 values, its compressed bytes, a dictionary and a
 * block of values. That is on the heap, by the thread that reads: there are no threads, mappings or direct buffers of
 * our own.
 *
 * <p>Lists unfold to at most {@value #LIST_VALUES} values plus {@value #LIST_VALUES_PER_BYTE} per byte of their column.
 *
 * <p>Stateless and thread safe.
 */
public final class ParquetFormat implements TensorFormat {
    static final int MAX_FOOTER = 4 << 20;
    static final int FOOTER_FACTOR = 64;
    static final int READING = 96 << 20;
    static final int LIST_VALUES = 1 << 24;
    static final int LIST_VALUES_PER_BYTE = 16;

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL_BYTES = 8;

    @Override
    public List<String> endings() {
        return List.of(".parquet");
    }

    @Override
    public boolean accepts(Path file, byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC);
    }

    @Override
    public TensorFile open(Path path, Predicate<String> names) throws IOException {
        InputFile file = InputFile.of(path);
        Footer footer;
        try (FileChannel channel = file.open()) {
            footer = footer(file, channel);
        }
        checkNames(file, footer.columns());
        List<ParquetPart> parts = parts(file, footer, names);
        checkApart(parts);
        return TensorFile.of(path, List.<TensorPart>copyOf(parts));
    }

    private static Footer footer(InputFile file, FileChannel channel) throws IOException {
        Place place = new Place(file.path() + ": file");
        if (file.size() < MAGIC.length + TAIL_BYTES) {
            throw place.refused("be whole Parquet", "too short for a footer");
        }
        ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.readFully(channel, tail, file.size() - TAIL_BYTES);
        if (!Arrays.equals(Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL_BYTES), MAGIC)) {
            throw place.refused("be whole Parquet", "without the mark PAR1 at its end");
        }
        int length = tail.getInt(0);
        Place footer = new Place(file.path() + ": footer");
        if (length < 0 || length > Math.min(MAX_FOOTER, file.size() - MAGIC.length - TAIL_BYTES)) {
            throw footer.refused(
                    "lie within the file and have at most " + MAX_FOOTER + " bytes",
                    "of " + Integer.toUnsignedString(length));
        }
        ByteBuffer bytes = ByteBuffer.allocate(length);
        file.readFully(channel, bytes, file.size() - TAIL_BYTES - length);
        try {
            return Footer.read(bytes.flip());
        } catch (BufferUnderflowException e) {
            throw footer.refused("be whole", "cut or has lengths beyond its end", e);
        } catch (IllegalArgumentException e) {
            throw footer.refused("be that of Parquet", e.getMessage(), e);
        }
    }

    private static void checkNames(InputFile file, List<ParquetColumn> columns) throws FormatException {
        Set<String> known = new HashSet<>();
        for (ParquetColumn column : columns) {
            String name = column.tensor();
            if (name == null) {
                continue;
            }
            if (!VisibleText.isPrintable(name) || !known.add(name)) {
                throw new Place(file.path() + ": column names")
                        .refused(
                                "be different, with visible characters and no control characters",
                                "\"" + VisibleText.of(name) + "\"");
            }
        }
        if (known.isEmpty()) {
            throw new Place(file.path() + ": file").refused("have a column of floats or doubles", "without any");
        }
    }

    private static List<ParquetPart> parts(InputFile file, Footer footer, Predicate<String> names)
            throws FormatException {
        List<ParquetPart> parts = new ArrayList<>();
        for (int group = 0; group < footer.groups().size(); group++) {
            Footer.RowGroup rows = footer.groups().get(group);
            for (int c = 0; c < footer.columns().size(); c++) {
                ParquetColumn column = footer.columns().get(c);
                if (column.tensor() != null && names.test(column.tensor())) {
                    ParquetPart part = new ParquetPart(
                            file, column, group, rows.rows(), rows.chunks().get(c));
                    check(part);
                    parts.add(part);
                }
            }
        }
        return parts;
    }

    private static void check(ParquetPart part) throws FormatException {
        ColumnChunk chunk = part.chunk();
        ParquetColumn column = part.column();
        Place place = part.place();
        if (chunk.obstacle() != null) {
            throw place.refused("stand in this file and not be encrypted", chunk.obstacle());
        }
        if (chunk.type() != column.type().number()) {
            PhysicalType type = PhysicalType.of(chunk.type());
            throw place.refused("be of its schema's type " + column.type(), type == null ? chunk.type() : type);
        }
        if (!chunk.isPathKept()) {
            throw place.refused("have the path of its schema", "with another");
        }
        if (chunk.start() < MAGIC.length
                || chunk.size() < 0
                || chunk.size() > Integer.MAX_VALUE
                || chunk.start() > part.file().size() - chunk.size()) {
            throw place.refused(
                    "lie within the file and below 2 GiB", "of " + chunk.size() + " bytes from " + chunk.start());
        }
        if (chunk.values() < 0) {
            throw place.refused("have a number of values", chunk.values());
        }
        if (column.maxRepetition() > 0 && chunk.values() > LIST_VALUES + LIST_VALUES_PER_BYTE * chunk.size()) {
            throw place.refused(
                    "unfold to at most " + LIST_VALUES + " values plus " + LIST_VALUES_PER_BYTE + " per byte of its "
                            + chunk.size(),
                    chunk.values());
        }
        Codec codec = Codec.of(chunk.codec());
        if (codec == null || !codec.isReadable()) {
            throw place.refused("be of a codec of " + Codec.readable(), codec == null ? chunk.codec() : codec);
        }
    }

    /** Few bytes that stand for many columns would be read for each of them. */
    private static void checkApart(List<ParquetPart> parts) throws FormatException {
        List<ParquetPart> sorted = new ArrayList<>(parts);
        sorted.sort(Comparator.comparingLong(part -> part.chunk().start()));
        for (int i = 1; i < sorted.size(); i++) {
            ColumnChunk before = sorted.get(i - 1).chunk();
            if (before.start() + before.size() > sorted.get(i).chunk().start()) {
                throw sorted.get(i).place().refused("lie apart from other columns", "at their place");
            }
        }
    }
}
