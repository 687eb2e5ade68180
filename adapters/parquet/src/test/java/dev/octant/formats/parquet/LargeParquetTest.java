// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import io.airlift.compress.Compressor;
import io.airlift.compress.lz4.Lz4Compressor;
import io.airlift.compress.snappy.SnappyCompressor;
import io.airlift.compress.zstd.ZstdCompressor;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Pages, footers and tables of any size: what writers make is read, in memory that the file itself bounds. */
class LargeParquetTest {
    private static final int FLOAT = 4;
    private static final int PLAIN = 0;
    private static final int DICTIONARY = 8;
    private static final int SPLIT = 9;

    /** 20 MB of floats, more than a page may unfold to whatever it is made of. */
    private static final int VALUES = 5_000_000;

    /** What is allocated beside pages: a block, headers, classes. */
    private static final long BESIDES = 8 << 20;

    @TempDir
    Path folder;

    /** How a page is compressed, by its number in the file. */
    enum Codec {
        UNCOMPRESSED(0) {
            @Override
            byte[] packed(byte[] plain) {
                return plain;
            }
        },
        SNAPPY(1) {
            @Override
            byte[] packed(byte[] plain) {
                return block(new SnappyCompressor(), plain);
            }
        },
        GZIP(2) {
            @Override
            byte[] packed(byte[] plain) throws IOException {
                ByteArrayOutputStream packed = new ByteArrayOutputStream();
                try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
                    gzip.write(plain);
                }
                return packed.toByteArray();
            }
        },
        BROTLI(4) {
            /** A stream of blocks that are not compressed, of 16 MiB at most: the decoder is all there is in Java. */
            @Override
            byte[] packed(byte[] plain) {
                ByteArrayOutputStream packed = new ByteArrayOutputStream();
                for (int from = 0; from < plain.length; from += 1 << 24) {
                    int length = Math.min(1 << 24, plain.length - from);
                    // Not the last block, how many digits of four bits follow beyond four, the length less one in
                    // these, not compressed; the first has a bit for the window before that.
                    int digits = length - 1 < 1 << 16 ? 4 : length - 1 < 1 << 20 ? 5 : 6;
                    long head = (digits - 4) << 1 | (length - 1L) << 3 | 1L << (3 + 4 * digits);
                    int bits = 4 + 4 * digits + (from == 0 ? 1 : 0);
                    for (long rest = from == 0 ? head << 1 : head; bits > 0; bits -= Byte.SIZE) {
                        packed.write((int) rest);
                        rest >>>= Byte.SIZE;
                    }
                    packed.write(plain, from, length);
                }
                packed.write(3);
                return packed.toByteArray();
            }
        },
        ZSTD(6) {
            @Override
            byte[] packed(byte[] plain) {
                return block(new ZstdCompressor(), plain);
            }
        },
        LZ4_RAW(7) {
            @Override
            byte[] packed(byte[] plain) {
                return block(new Lz4Compressor(), plain);
            }
        };

        private final int number;

        Codec(int number) {
            this.number = number;
        }

        abstract byte[] packed(byte[] plain) throws IOException;

        static byte[] block(Compressor compressor, byte[] plain) {
            byte[] packed = new byte[compressor.maxCompressedLength(plain.length)];
            int length = compressor.compress(plain, 0, plain.length, packed, 0, packed.length);
            return Arrays.copyOf(packed, length);
        }
    }

    /** Writes files of one column of one row group to disk, so that no copy of a page is held here. */
    private final class File {
        private final Codec codec;
        private final boolean isList;
        private final Path path = folder.resolve("large.parquet");
        private final OutputStream out;
        private long size = 4;
        private long values;

        File(Codec codec, boolean isList) throws IOException {
            this.codec = codec;
            this.isList = isList;
            out = new BufferedOutputStream(Files.newOutputStream(path));
            out.write(new byte[] {'P', 'A', 'R', '1'});
        }

        File page(int count, int encoding, byte[] plain) throws IOException {
            byte[] packed = codec.packed(plain);
            ThriftBytes detail =
                    new ThriftBytes().i32(1, count).i32(2, encoding).i32(3, 3).i32(4, 3);
            return page(count, new ThriftBytes().i32(1, 0), plain.length, packed, 5, detail);
        }

        File dictionary(int count, byte[] plain) throws IOException {
            ThriftBytes detail = new ThriftBytes().i32(1, count).i32(2, PLAIN);
            return page(0, new ThriftBytes().i32(1, 2), plain.length, codec.packed(plain), 7, detail);
        }

        File page2(int count, byte[] repetitions, byte[] definitions, byte[] plain) throws IOException {
            byte[] packed = codec.packed(plain);
            ByteBuffer body = ByteBuffer.allocate(repetitions.length + definitions.length + packed.length);
            body.put(repetitions).put(definitions).put(packed);
            ThriftBytes detail = new ThriftBytes()
                    .i32(1, count)
                    .i32(2, 0)
                    .i32(3, 1)
                    .i32(4, PLAIN)
                    .i32(5, definitions.length)
                    .i32(6, repetitions.length)
                    .bool(7, true);
            int levels = repetitions.length + definitions.length;
            return page(count, new ThriftBytes().i32(1, 3), levels + plain.length, body.array(), 8, detail);
        }

        private File page(int count, ThriftBytes header, int unpacked, byte[] packed, int field, ThriftBytes detail)
                throws IOException {
            byte[] head = header.i32(2, unpacked)
                    .i32(3, packed.length)
                    .struct(field, detail)
                    .bytes();
            out.write(head);
            out.write(packed);
            size += head.length + packed.length;
            values += count;
            return this;
        }

        Path end(long rows) throws IOException {
            List<ThriftBytes> schema = new ArrayList<>();
            schema.add(new ThriftBytes().text(4, "schema").i32(5, 1));
            if (isList) {
                schema.add(new ThriftBytes().i32(3, 0).text(4, "act").i32(5, 1).i32(6, 3));
                schema.add(new ThriftBytes().i32(3, 2).text(4, "list").i32(5, 1));
            }
            schema.add(new ThriftBytes().i32(1, FLOAT).i32(3, 0).text(4, isList ? "element" : "act"));
            ThriftBytes metaData = new ThriftBytes()
                    .i32(1, FLOAT)
                    .i32s(2, List.of(PLAIN))
                    .texts(3, isList ? List.of("act", "list", "element") : List.of("act"))
                    .i32(4, codec.number)
                    .i64(5, values)
                    .i64(6, size - 4)
                    .i64(7, size - 4)
                    .i64(9, 4);
            ThriftBytes group = new ThriftBytes()
                    .structs(1, List.of(new ThriftBytes().i64(2, 4).struct(3, metaData)))
                    .i64(2, size - 4)
                    .i64(3, rows);
            out.write(footer(schema, List.of(group), rows, new ThriftBytes[0]));
            out.close();
            return path;
        }
    }

    private static byte[] footer(
            List<ThriftBytes> schema, List<ThriftBytes> groups, long rows, ThriftBytes... keysAndValues) {
        ThriftBytes footer =
                new ThriftBytes().i32(1, 1).structs(2, schema).i64(3, rows).structs(4, groups);
        if (keysAndValues.length > 0) {
            footer.structs(5, List.of(keysAndValues));
        }
        byte[] bytes = footer.bytes();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(bytes);
        out.writeBytes(ThriftBytes.littleEndian(bytes.length));
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        return out.toByteArray();
    }

    /** Floats of all kinds, the same at each call. */
    private static SplittableRandom floats() {
        return new SplittableRandom(7);
    }

    private static int bits(SplittableRandom floats) {
        return floats.nextInt() & 0x7F7F_FFFF;
    }

    private static byte[] plain(SplittableRandom floats, int count) {
        ByteBuffer plain = ByteBuffer.allocate(Float.BYTES * count).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            plain.putInt(bits(floats));
        }
        return plain.array();
    }

    /** Reads the column, whose values are those floats in their order: how many, and what it allocates is bounded. */
    private static void assertRead(Path path, long count, long allocated) throws IOException {
        SplittableRandom floats = floats();
        long[] read = new long[1];
        List<TensorPart> parts = TensorFiles.open(path).parts();
        long before = Reading.allocated();
        for (TensorPart part : parts) {
            part.read((tensor, block, offset, length) -> {
                for (int i = offset; i < offset + length; i++) {
                    if (Float.floatToRawIntBits(block[i]) != bits(floats)) {
                        throw new AssertionError("value " + (read[0] + i - offset));
                    }
                }
                read[0] += length;
                return true;
            });
        }
        assertEquals(count, read[0]);
        long taken = Reading.allocated() - before;
        assertTrue(taken <= allocated + BESIDES, taken + " allocated where " + allocated + " should be enough");
    }

    /** Two pages, the larger first: the arrays of one serve the next. */
    @ParameterizedTest
    @EnumSource
    void largePagesOfEveryCodecAreRead(Codec codec) throws IOException {
        SplittableRandom floats = floats();
        Path path = new File(codec, false)
                .page(VALUES, PLAIN, plain(floats, VALUES))
                .page(1000, PLAIN, plain(floats, 1000))
                .end(VALUES + 1000);
        long page = (long) Float.BYTES * VALUES;
        // What libraries take besides is no more than a page.
        assertRead(path, VALUES + 1000, codec == Codec.UNCOMPRESSED ? page : 3 * page);
    }

    @Test
    void largePagesSplitByBytesAreRead() throws IOException {
        byte[] plain = plain(floats(), VALUES);
        byte[] split = new byte[plain.length];
        for (int i = 0; i < plain.length; i++) {
            split[i % Float.BYTES * VALUES + i / Float.BYTES] = plain[i];
        }
        assertRead(new File(Codec.SNAPPY, false).page(VALUES, SPLIT, split).end(VALUES), VALUES, 2L * split.length);
    }

    /** One row of a long list, as of a layer's output; and more values than rows have in other tools' row groups. */
    @Test
    void largePagesOfListsAreRead() throws IOException {
        byte[] first = {2, 0};
        ByteArrayOutputStream repetitions = new ByteArrayOutputStream();
        repetitions.writeBytes(first);
        ThriftBytes.varint(repetitions, 2L * (VALUES - 1));
        repetitions.write(1);
        ByteArrayOutputStream definitions = new ByteArrayOutputStream();
        ThriftBytes.varint(definitions, 2L * VALUES);
        definitions.write(1);
        byte[] plain = plain(floats(), VALUES);
        Path path = new File(Codec.LZ4_RAW, true)
                .page2(VALUES, repetitions.toByteArray(), definitions.toByteArray(), plain)
                .end(1);
        assertRead(path, VALUES, 3L * plain.length);
        ByteBuffer whole = ByteBuffer.allocate(8 + repetitions.size() + definitions.size() + plain.length);
        whole.put(ThriftBytes.littleEndian(repetitions.size())).put(repetitions.toByteArray());
        whole.put(ThriftBytes.littleEndian(definitions.size())).put(definitions.toByteArray());
        path = new File(Codec.ZSTD, true)
                .page(VALUES, PLAIN, whole.put(plain).array())
                .end(1);
        assertRead(path, VALUES, 3L * plain.length);
    }

    /** Zeros of a page that is not small itself: as long as 64 to 1, a page is what it says. */
    @Test
    void largePagesUnfoldAsFarAsIsStated() throws IOException {
        SplittableRandom floats = floats();
        byte[] plain = Arrays.copyOf(plain(floats, 200_000), 40 << 20);
        Path path = new File(Codec.LZ4_RAW, false)
                .page(plain.length / Float.BYTES, PLAIN, plain)
                .end(plain.length / Float.BYTES);
        long[] count = new long[1];
        for (TensorPart part : TensorFiles.open(path).parts()) {
            part.read((tensor, block, offset, length) -> (count[0] += length) > 0);
        }
        assertEquals(10 << 20, count[0]);
        assertTrue(Files.size(path) < 4 << 20, () -> "of " + path.toFile().length());
    }

    /** The most that a part can take: a dictionary that unfolds far, beside its values. */
    @Test
    void largeDictionariesTakeWhatIsStated() throws IOException {
        SplittableRandom floats = floats();
        byte[] plain = Arrays.copyOf(plain(floats, 250_000), 40 << 20);
        // Indices of no bits, in one run of a thousand.
        Path path = new File(Codec.LZ4_RAW, false)
                .dictionary(plain.length / Float.BYTES, plain)
                .page(1000, DICTIONARY, new byte[] {0, (byte) (2000 | 0x80), 2000 >> 7})
                .end(1000);
        int first = bits(floats());
        List<TensorPart> parts = TensorFiles.open(path).parts();
        long before = Reading.allocated();
        long[] count = new long[1];
        parts.get(0).read((tensor, block, offset, length) -> {
            count[0] += length;
            return Float.floatToRawIntBits(block[offset + length - 1]) == first;
        });
        long taken = Reading.allocated() - before;
        assertEquals(1000, count[0]);
        long bytes = parts.get(0).bytes();
        assertTrue(taken < ParquetFormat.PART_FACTOR * bytes + BESIDES, taken + " allocated for " + bytes);
    }

    /** A page that is nothing but zeros: 20 MB of 20 kB are refused before they are unfolded. */
    @Test
    void pagesThatUnfoldFurtherAreRefusedInLittleMemory() throws IOException {
        Path path = new File(Codec.GZIP, false)
                .page(VALUES, PLAIN, new byte[Float.BYTES * VALUES])
                .end(VALUES);
        List<TensorPart> parts = TensorFiles.open(path).parts();
        long before = Reading.allocated();
        FormatException refused =
                assertThrows(FormatException.class, () -> parts.get(0).read((tensor, block, offset, length) -> true));
        Reading.assertSentence(refused, path);
        assertTrue(
                refused.getMessage()
                        .contains("must have pages of at most 16777216 bytes uncompressed, 16777216 or 64 for each"
                                + " compressed one, was with one of 20000000"),
                refused.getMessage());
        assertTrue(Reading.allocated() - before < BESIDES);
    }

    /** What other tools keep in a footer for themselves: a copy of their schema, notes of pandas. */
    @Test
    void footersOfAnyLengthAreRead() throws IOException {
        String notes = "x".repeat(9 << 20);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        byte[] page = page(1);
        out.writeBytes(page);
        out.writeBytes(footer(
                List.of(new ThriftBytes().text(4, "schema").i32(5, 1), element("act")),
                List.of(group(List.of("act"), page.length)),
                1,
                new ThriftBytes().text(1, "pandas").text(2, notes)));
        Path path = Files.write(folder.resolve("notes.parquet"), out.toByteArray());
        assertEquals(1, Reading.check(path));
    }

    private static byte[] page(float value) {
        ThriftBytes detail = new ThriftBytes().i32(1, 1).i32(2, PLAIN).i32(3, 3).i32(4, 3);
        byte[] head = new ThriftBytes()
                .i32(1, 0)
                .i32(2, Float.BYTES)
                .i32(3, Float.BYTES)
                .struct(5, detail)
                .bytes();
        return ByteBuffer.allocate(head.length + Float.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(head)
                .putFloat(value)
                .array();
    }

    private static ThriftBytes element(String name) {
        return new ThriftBytes().i32(1, FLOAT).i32(3, 0).text(4, name);
    }

    private static ThriftBytes group(List<String> columns, int bytes) {
        List<ThriftBytes> chunks = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            long start = 4 + (long) bytes * i;
            ThriftBytes metaData = new ThriftBytes()
                    .i32(1, FLOAT)
                    .i32s(2, List.of(PLAIN))
                    .texts(3, List.of(columns.get(i)))
                    .i32(4, 0)
                    .i64(5, 1)
                    .i64(6, bytes)
                    .i64(7, bytes)
                    .i64(9, start);
            chunks.add(new ThriftBytes().i64(2, start).struct(3, metaData));
        }
        return new ThriftBytes()
                .structs(1, chunks)
                .i64(2, (long) bytes * columns.size())
                .i64(3, 1);
    }

    /** A table of many columns of one row. */
    private Path wide(int columns) throws IOException {
        List<String> names = new ArrayList<>();
        List<ThriftBytes> schema = new ArrayList<>();
        schema.add(new ThriftBytes().text(4, "schema").i32(5, columns));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        for (int i = 0; i < columns; i++) {
            names.add("model.layers." + i + ".mlp.act_fn");
            schema.add(element(names.get(i)));
            out.writeBytes(page(i));
        }
        out.writeBytes(footer(schema, List.of(group(names, page(0).length)), 1));
        return Files.write(folder.resolve(columns + ".parquet"), out.toByteArray());
    }

    /** A footer of more than 4 MiB, of which each column is one tensor. */
    @Test
    void tablesOfManyColumnsAreRead() throws IOException {
        int columns = 50_000;
        Path path = wide(columns);
        assertEquals(columns, Reading.check(path));
        List<TensorPart> parts = TensorFiles.open(path).parts();
        assertEquals(columns, parts.size());
        parts.get(columns - 1).read((tensor, block, offset, length) -> {
            assertEquals("model.layers.49999.mlp.act_fn", tensor);
            assertEquals(columns - 1, block[offset]);
            return true;
        });
    }

    /** The footer is parsed once, whatever is read afterwards: allocation, like time, grows with the columns. */
    @Test
    void columnsCostTheSameHoweverManyThereAre() throws IOException {
        long few = allocatedByColumns(1000);
        long many = allocatedByColumns(10_000);
        assertTrue(many < 12 * few, many + " bytes for ten times the columns that take " + few);
    }

    private long allocatedByColumns(int columns) throws IOException {
        Path path = wide(columns);
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 3; run++) {
            long before = Reading.allocated();
            for (TensorPart part : TensorFiles.open(path).parts()) {
                part.read((tensor, block, offset, length) -> true);
            }
            least = Math.min(least, Reading.allocated() - before);
        }
        return Math.max(1, least);
    }
}
