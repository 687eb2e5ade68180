// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.LongTable;
import dev.octant.formats.VisibleText;
import dev.octant.formats.parquet.ParquetColumn.PhysicalType;
import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFormat;
import dev.octant.formats.tensor.TensorPart;
import dev.octant.formats.tensor.TensorSelection;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Parquet.
 *
 * <p>Tensors are the columns of floats, doubles and float16, also in structs and lists. Left out are columns of other
 * types, the unnamed index of a pandas table, and columns that are encrypted, of a codec that is not read, or of a name
 * that cannot be printed or that several have. The name is the column's path without the steps that only make a list:
 * {@code act} for {@code act.list.element}. Nulls and empty lists are no values. A double rounds to the nearest float,
 * a float16 is exact. A part is a column of a row group.
 *
 * <p>Pages may be uncompressed, or compressed by Snappy, gzip, Zstandard, LZ4 or Brotli; their values plain, of a
 * dictionary or split by bytes.
 *
 * <p>Errors: a file whose footer is encrypted, or that is malformed, has no column or another encoding: a {@link
 * FormatException}.
 *
 * <p>Memory, for any file: its footer and what is made of it, at most {@value #FOOTER_FACTOR} bytes for each of the
 * footer's bytes; and while a part is read, for each thread that reads, {@value #READING} bytes, or
 * {@value #PART_FACTOR} for each byte of the part where that is more. Held are one page, with its compressed bytes, a
 * dictionary and a block of values: pages of up to 16 MiB stay within the first, a larger one takes itself and its
 * compressed bytes. That is on the heap, by the thread that reads: there are no threads, mappings or direct buffers of
 * our own.
 *
 * <p>Time, for any file: bounded by its size. A run of equal values takes a few bytes however long it is, so the
 * columns that are read may have, nulls and empty lists included, at most {@value #VALUES} values and
 * {@value #VALUES_PER_BYTE} for each byte of the file. DuckDB 1.4 comes nearest to it: in row groups of 2<sup>21</sup>
 * rows it writes a column of one value with 10,000 for each byte and one of nulls with 21,000. A data page unfolds to
 * at most {@value PageReader#SPARE_BYTES} bytes and {@value PageReader#BYTES_PER_VALUE} for each of its values; a
 * dictionary, whose values are different, so that no codec makes them much shorter, to as many and {@value
 * PageReader#DICTIONARY_EXPANSION} for each of its bytes; a page of more than {@value PageReader#FREE_BYTES} bytes to
 * {@value PageReader#EXPANSION} for each of its bytes. Nulls in runs take no time. A visitor is asked whether to go on
 * after each block of values.
 *
 * <p>Stateless and thread safe.
 */
public final class ParquetFormat implements TensorFormat {
    static final int FOOTER_FACTOR = 64;
    static final int READING = 96 << 20;
    static final int PART_FACTOR = 256;
    static final int VALUES = 1 << 26;
    static final int VALUES_PER_BYTE = 1 << 15;
    static final int TABLE_VALUES_PER_BYTE = 1 << 10;

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
    public TensorFile open(Path path, TensorSelection wanted) throws IOException {
        InputFile file = InputFile.of(path);
        Footer footer;
        try (FileChannel channel = file.open()) {
            footer = footer(file, channel);
        }
        List<Optional<String>> obstacles = obstacles(file, footer);
        List<ParquetPart> parts = parts(file, footer, obstacles, wanted.names());
        checkApart(parts);
        checkValues(parts, file.size(), VALUES_PER_BYTE);
        List<LeftOut> leftOut = new ArrayList<>();
        for (int c = 0; c < obstacles.size(); c++) {
            if (obstacles.get(c).isPresent()) {
                String name = LeftOut.shown(footer.columns().get(c).name(), "column " + (c + 1));
                if (wanted.names().test(name)) {
                    leftOut.add(LeftOut.of(path, name, obstacles.get(c).get()));
                }
            }
        }
        return TensorFile.of(path, List.<TensorPart>copyOf(parts), leftOut);
    }

    /**
     * {@inheritDoc}
     *
     * <p>Names are text in every row, of a dictionary or plain; the deltas of version 2, which its writers use for
     * names where there is no dictionary, are refused. Values are as in {@link #open}; a part is a row group, whose
     * names are read when it is opened. The time is that of all its values, nulls too, of which the file may have
     * {@value #TABLE_VALUES_PER_BYTE} for each of its bytes beside {@value #VALUES}; the memory is that of {@link
     * #open} for two columns, and of 8 MiB of values and all names.
     */
    @Override
    public TensorFile openTable(Path path, LongTable table, TensorSelection wanted) throws IOException {
        InputFile file = InputFile.of(path);
        try (FileChannel channel = file.open()) {
            Footer footer = footer(file, channel);
            int names = column(file, footer, table.tensorColumn());
            int values = column(file, footer, table.valuesColumn());
            ParquetColumn text = footer.columns().get(names);
            if (text.type() != PhysicalType.BYTE_ARRAY || text.maxRepetition() > 0) {
                throw place(file, text).refused("be of text, one name a row", text.type());
            }
            ParquetColumn reals = footer.columns().get(values);
            if (reals.real() == null) {
                throw place(file, reals).refused("be of floats, doubles or float16", reals.type());
            }
            List<ParquetPart> pairs = new ArrayList<>();
            for (int group = 0; group < footer.groups().size(); group++) {
                Footer.RowGroup rows = footer.groups().get(group);
                for (int column : new int[] {names, values}) {
                    ParquetPart part = new ParquetPart(
                            file,
                            footer.columns().get(column),
                            group,
                            rows.rows(),
                            rows.chunks().get(column));
                    check(part);
                    pairs.add(part);
                }
            }
            checkApart(pairs);
            checkValues(pairs, file.size(), TABLE_VALUES_PER_BYTE);
            List<TensorPart> parts = new ArrayList<>();
            for (int i = 0; i < pairs.size(); i += 2) {
                LongTablePart part = LongTablePart.open(channel, pairs.get(i), pairs.get(i + 1), wanted.names());
                if (!part.tensors().isEmpty()) {
                    parts.add(part);
                }
            }
            return TensorFile.of(path, parts);
        }
    }

    private static Place place(InputFile file, ParquetColumn column) {
        return new Place(file.path() + ": column " + VisibleText.of(column.name()));
    }

    private static int column(InputFile file, Footer footer, String name) throws FormatException {
        List<String> all = footer.columns().stream().map(ParquetColumn::name).toList();
        if (!all.contains(name)) {
            throw new Place(file.path() + ": table")
                    .refused(
                            "have the column " + VisibleText.of(name),
                            "with " + VisibleText.of(String.join(", ", all), 300));
        }
        if (all.indexOf(name) != all.lastIndexOf(name)) {
            throw new Place(file.path() + ": table")
                    .refused("have one column " + VisibleText.of(name), "with several of that name");
        }
        return all.indexOf(name);
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
        if (length < 0 || length > file.size() - MAGIC.length - TAIL_BYTES) {
            throw footer.refused(
                    "lie within the file and below 2 GiB", "of " + Integer.toUnsignedString(length) + " bytes");
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

    /** Why each column is left out, or empty: what is wrong with one costs the others nothing. */
    private static List<Optional<String>> obstacles(InputFile file, Footer footer) throws FormatException {
        List<ParquetColumn> columns = footer.columns();
        if (columns.isEmpty()) {
            throw new Place(file.path() + ": file").refused("have a column", "without any");
        }
        Set<String> known = new HashSet<>();
        Set<String> ambiguous = new HashSet<>();
        for (ParquetColumn column : columns) {
            if (column.real() != null && !known.add(column.name())) {
                ambiguous.add(column.name());
            }
        }
        List<Optional<String>> obstacles = new ArrayList<>(columns.size());
        for (int c = 0; c < columns.size(); c++) {
            ParquetColumn column = columns.get(c);
            Optional<String> obstacle = column.obstacle();
            if (obstacle.isEmpty()) {
                obstacle = VisibleText.refusal("column name", column.name());
            }
            if (obstacle.isEmpty() && ambiguous.contains(column.name())) {
                obstacle = Optional.of("column must have a name of its own, was one of several of that name");
            }
            for (int group = 0; group < footer.groups().size() && obstacle.isEmpty(); group++) {
                obstacle =
                        unreadable(footer.groups().get(group).chunks().get(c)).map(reason -> "column must " + reason);
            }
            obstacles.add(obstacle);
        }
        return obstacles;
    }

    /** What must hold for a chunk to be read, and what is; empty where it can be. */
    private static Optional<String> unreadable(ColumnChunk chunk) {
        if (chunk.obstacle() != null) {
            return Optional.of("stand in this file and not be encrypted, was " + chunk.obstacle());
        }
        Codec codec = Codec.of(chunk.codec());
        return codec == null || !codec.isReadable()
                ? Optional.of(
                        "be of a codec of " + Codec.readable() + ", was " + (codec == null ? chunk.codec() : codec))
                : Optional.empty();
    }

    private static List<ParquetPart> parts(
            InputFile file, Footer footer, List<Optional<String>> obstacles, Predicate<String> names)
            throws FormatException {
        List<ParquetPart> parts = new ArrayList<>();
        for (int group = 0; group < footer.groups().size(); group++) {
            Footer.RowGroup rows = footer.groups().get(group);
            for (int c = 0; c < footer.columns().size(); c++) {
                ParquetColumn column = footer.columns().get(c);
                if (obstacles.get(c).isEmpty() && names.test(column.name())) {
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
        Optional<String> unreadable = unreadable(chunk);
        if (unreadable.isPresent()) {
            throw new FormatException(place.name() + " must " + unreadable.get());
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
                || chunk.start() > part.file().size() - chunk.size()) {
            throw place.refused("lie within the file", "of " + chunk.size() + " bytes from " + chunk.start());
        }
        if (chunk.values() < 0) {
            throw place.refused("have a number of values", chunk.values());
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

    /** Few bytes that stand for many values would take the time of those. */
    private static void checkValues(List<ParquetPart> parts, long fileSize, int perByte) throws FormatException {
        long most = VALUES + perByte * Math.min(fileSize, Long.MAX_VALUE / (2L * perByte));
        long left = most;
        for (ParquetPart part : parts) {
            left -= part.chunk().values();
            if (left < 0) {
                throw part.place()
                        .refused(
                                "have with those before it at most " + most + " values, " + VALUES + " and " + perByte
                                        + " for each byte of the file",
                                "of " + part.chunk().values());
            }
        }
    }
}
