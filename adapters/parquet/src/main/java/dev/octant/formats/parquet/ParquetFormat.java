package dev.octant.formats.parquet;

import dev.hardwood.metadata.ColumnChunk;
import dev.hardwood.metadata.ColumnMetaData;
import dev.hardwood.metadata.CompressionCodec;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.metadata.RowGroup;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.schema.ColumnSchema;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
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
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Parquet, read by hardwood on JDK 21 or later.
 *
 * <p>Tensors are the columns of floats and doubles, also in structs and lists; columns of other types are none. The name is
 * the column's path without the steps that only make a list: {@code act} for {@code act.list.element}. Nulls and empty lists
 * are no values. A double rounds to the nearest float. A part is a column of a row group.
 *
 * <p>Errors: a file that is encrypted, malformed or has no such column, a codec whose library is missing: a {@link
 * FormatException}. Uncompressed, gzip and Snappy columns are read with what this module brings; Zstandard, LZ4 and Brotli
 * take {@code com.github.luben:zstd-jni}, {@code at.yawk.lz4:lz4-java} or {@code com.aayushatharva.brotli4j:brotli4j} beside
 * it.
 *
 * <p>Memory: a footer of at most {@value #MAX_FOOTER} bytes and what is made of it, some ten times as much. While a part is
 * read, up to 8 pages of at most 16 MiB and 2,097,152 values each, and some batches of 65,536 values: a few ten MB with pages
 * of 1 MiB, which writers aim at, and some 400 MB with the largest. A row of a list is held whole; lists unfold to at most
 * {@value #LIST_VALUES} values plus {@value #LIST_VALUES_PER_BYTE} per byte of their column. Column data are mapped, 128 MB
 * at a time. Headers of all pages are looked at before any is decoded, so these hold for any file.
 *
 * <p>Stateless and thread safe. A read uses a thread of its own to decode.
 */
public final class ParquetFormat implements TensorFormat {
    static final int MAX_FOOTER = 4 << 20;
    static final int LIST_VALUES = 1 << 24;
    static final int LIST_VALUES_PER_BYTE = 16;

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int TAIL_BYTES = 8;

    private static final Map<CompressionCodec, String> LIBRARIES = Map.of(
            CompressionCodec.SNAPPY, "org.xerial.snappy.Snappy",
            CompressionCodec.ZSTD, "com.github.luben.zstd.Zstd",
            CompressionCodec.LZ4, "net.jpountz.lz4.LZ4Factory",
            CompressionCodec.LZ4_RAW, "net.jpountz.lz4.LZ4Factory",
            CompressionCodec.BROTLI, "com.aayushatharva.brotli4j.Brotli4jLoader");

    @Override
    public boolean accepts(byte[] start) {
        return start.length >= MAGIC.length && Arrays.equals(Arrays.copyOf(start, MAGIC.length), MAGIC);
    }

    @Override
    public TensorFile open(Path path, Predicate<String> names) throws IOException {
        InputFile file = InputFile.of(path);
        try (FileChannel channel = file.open()) {
            checkFooter(file, channel);
            try (ParquetFileReader reader = ParquetFileReader.open(new FileInput(file, channel))) {
                return TensorFile.of(path, parts(file, reader, names));
            } catch (FormatException e) {
                throw e;
            } catch (RuntimeException | IOException e) {
                throw unreadable(path.toString(), e);
            }
        }
    }

    /** Whatever else hardwood finds wrong. */
    static FormatException unreadable(String place, Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            if (root.getCause() instanceof FormatException found) {
                return found;
            }
            root = root.getCause();
        }
        String reason = root.getMessage() == null ? root.getClass().getSimpleName() : root.getMessage();
        return new FormatException(
                place + ": file must be Parquet that hardwood reads, was not (" + FormatException.shown(reason, 200)
                        + ")",
                cause);
    }

    private static void checkFooter(InputFile file, FileChannel channel) throws IOException {
        if (file.size() < MAGIC.length + TAIL_BYTES) {
            throw notWhole(file, "too short for a footer");
        }
        ByteBuffer tail = ByteBuffer.allocate(TAIL_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        file.readFully(channel, tail, file.size() - TAIL_BYTES);
        if (!Arrays.equals(Arrays.copyOfRange(tail.array(), Integer.BYTES, TAIL_BYTES), MAGIC)) {
            throw notWhole(file, "without the mark PAR1 at its end");
        }
        int length = tail.getInt(0);
        if (length < 0 || length > Math.min(MAX_FOOTER, file.size() - MAGIC.length - TAIL_BYTES)) {
            throw new FormatException(file.path() + ": footer must lie within the file and have at most " + MAX_FOOTER
                    + " bytes, was of " + Integer.toUnsignedString(length));
        }
        ByteBuffer footer = ByteBuffer.allocate(length);
        file.readFully(channel, footer, file.size() - TAIL_BYTES - length);
        try {
            FooterLayout.check(footer.flip());
        } catch (BufferUnderflowException e) {
            throw new FormatException(file.path() + ": footer must be whole, was cut or has lengths beyond its end", e);
        } catch (IllegalArgumentException e) {
            throw new FormatException(file.path() + ": footer must be that of Parquet, was " + e.getMessage(), e);
        }
    }

    private static FormatException notWhole(InputFile file, String found) {
        return new FormatException(file.path() + ": file must be whole Parquet, was " + found);
    }

    private static List<TensorPart> parts(InputFile file, ParquetFileReader reader, Predicate<String> names)
            throws FormatException {
        FileSchema schema = reader.getFileSchema();
        String[] tensors = new String[schema.getColumnCount()];
        addNames(file, schema.getRootNode(), "", tensors, new HashSet<>());
        boolean hasAny = Arrays.stream(tensors).anyMatch(name -> name != null);
        if (!hasAny) {
            throw new FormatException(file.path() + ": file must have a column of floats or doubles, was without any");
        }
        List<RowGroup> groups = reader.getFileMetaData().rowGroups();
        List<TensorPart> parts = new ArrayList<>();
        Set<Long> middles = new HashSet<>();
        for (int i = 0; i < groups.size(); i++) {
            RowGroup group = groups.get(i);
            String place = file.path() + ", row group " + i;
            if (group.columns().size() != tensors.length) {
                throw new FormatException(place + ": row group must have " + tensors.length + " columns, was "
                        + group.columns().size());
            }
            long middle = middle(group);
            if (!middles.add(middle)) {
                throw new FormatException(place + ": row group must lie apart from others, was at their place");
            }
            for (int c = 0; c < tensors.length; c++) {
                if (tensors[c] != null && names.test(tensors[c])) {
                    ColumnSchema column = schema.getColumn(c);
                    String where = place + ": column " + FormatException.shown(tensors[c]);
                    check(file, where, column, group.columns().get(c));
                    parts.add(new ParquetPart(file, tensors[c], where, column, group, middle));
                }
            }
        }
        return parts;
    }

    /** Where hardwood takes a row group to be when it chooses some by their place. */
    private static long middle(RowGroup group) {
        long bytes = 0;
        for (ColumnChunk column : group.columns()) {
            bytes += column.metaData().totalCompressedSize();
        }
        return group.columns().get(0).chunkStartOffset() + bytes / 2;
    }

    private static void check(InputFile file, String place, ColumnSchema schema, ColumnChunk column)
            throws FormatException {
        ColumnMetaData metaData = column.metaData();
        if (metaData.type() != schema.type()) {
            throw new FormatException(
                    place + " must be of its schema's type " + schema.type() + ", was " + metaData.type());
        }
        long start = column.chunkStartOffset();
        long size = metaData.totalCompressedSize();
        if (start < MAGIC.length || size < 0 || size > Integer.MAX_VALUE || start > file.size() - size) {
            throw new FormatException(
                    place + " must lie within the file and below 2 GiB, was of " + size + " bytes from " + start);
        }
        if (metaData.numValues() < 0) {
            throw new FormatException(place + " must have a number of values, was " + metaData.numValues());
        }
        long most = LIST_VALUES + LIST_VALUES_PER_BYTE * size;
        if (schema.maxRepetitionLevel() > 0 && metaData.numValues() > most) {
            throw new FormatException(place + " must unfold to at most " + LIST_VALUES + " values plus "
                    + LIST_VALUES_PER_BYTE + " per byte of its " + size + ", was " + metaData.numValues());
        }
        String library = LIBRARIES.get(metaData.codec());
        if (metaData.codec() == CompressionCodec.LZO || (library != null && !isPresent(library))) {
            throw new FormatException(
                    place + " must be uncompressed, gzip, Snappy, or of a codec whose library is present, was "
                            + metaData.codec() + (library == null ? "" : " without " + library));
        }
    }

    private static boolean isPresent(String library) {
        try {
            Class.forName(library, false, ParquetFormat.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** Enters the names of the columns of floats and doubles below a group. */
    private static void addNames(
            InputFile file, SchemaNode.GroupNode group, String prefix, String[] tensors, Set<String> known)
            throws FormatException {
        for (SchemaNode child : group.children()) {
            addName(file, child, prefix + child.name(), tensors, known);
        }
    }

    private static void addName(InputFile file, SchemaNode node, String name, String[] tensors, Set<String> known)
            throws FormatException {
        if (node instanceof SchemaNode.GroupNode group) {
            SchemaNode element = group.isList() ? group.getListElement() : null;
            if (element == null) {
                addNames(file, group, name + ".", tensors, known);
            } else {
                addName(file, element, name, tensors, known);
            }
            return;
        }
        SchemaNode.PrimitiveNode column = (SchemaNode.PrimitiveNode) node;
        if (column.type() != PhysicalType.FLOAT && column.type() != PhysicalType.DOUBLE) {
            return;
        }
        if (name.isBlank() || name.chars().anyMatch(Character::isISOControl) || !known.add(name)) {
            throw new FormatException(file.path()
                    + ": column names must be different, with visible characters and no control characters, was \""
                    + FormatException.shown(name) + "\"");
        }
        tensors[column.columnIndex()] = name;
    }
}
