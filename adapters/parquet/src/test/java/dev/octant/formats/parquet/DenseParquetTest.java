// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files whose few bytes stand for many values: how many they may, so that reading takes a time that they bound. */
class DenseParquetTest {
    private static final int MILLION = 1 << 20;

    /** Of a row group of DuckDB, and its page, at the most. */
    private static final int ROWS = 1 << 21;

    private static final int UNCOMPRESSED = 0;
    private static final int GZIP = 2;
    private static final int BROTLI = 4;

    @TempDir
    Path folder;

    /** Of a column of one value, or of nulls: the least that a file can say of it. */
    enum Kind {
        ONE_VALUE {
            @Override
            byte[] body(int values) {
                // Indices of no bits, in one run.
                return join(new byte[] {0}, run(values, new byte[0]));
            }
        },
        NULLS {
            @Override
            byte[] body(int values) {
                byte[] levels = run(values, new byte[] {0});
                return join(ThriftBytes.littleEndian(levels.length), levels);
            }
        },
        OPTIONAL_VALUE {
            @Override
            byte[] body(int values) {
                byte[] levels = run(values, new byte[] {1});
                return join(ThriftBytes.littleEndian(levels.length), join(levels, ONE_VALUE.body(values)));
            }
        };

        abstract byte[] body(int values);

        int repetition() {
            return this == ONE_VALUE ? 0 : 1;
        }

        long present(long values) {
            return this == NULLS ? 0 : values;
        }
    }

    private static byte[] run(int count, byte[] number) {
        ByteArrayOutputStream run = new ByteArrayOutputStream();
        ThriftBytes.varint(run, (long) count << 1);
        run.writeBytes(number);
        return run.toByteArray();
    }

    private static byte[] join(byte[] first, byte[] second) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        joined.writeBytes(first);
        joined.writeBytes(second);
        return joined.toByteArray();
    }

    private static byte[] page(int values, long unpacked, byte[] body) {
        ThriftBytes detail =
                new ThriftBytes().i32(1, values).i32(2, 8).i32(3, 3).i32(4, 3);
        return join(
                new ThriftBytes()
                        .i32(1, 0)
                        .i32(2, unpacked)
                        .i32(3, body.length)
                        .struct(5, detail)
                        .bytes(),
                body);
    }

    private static byte[] dictionary(int values, long unpacked, byte[] body) {
        ThriftBytes detail = new ThriftBytes().i32(1, values).i32(2, 0);
        return join(
                new ThriftBytes()
                        .i32(1, 2)
                        .i32(2, unpacked)
                        .i32(3, body.length)
                        .struct(7, detail)
                        .bytes(),
                body);
    }

    /** Row groups of one column, each of a dictionary of one value and some pages alike. */
    private static byte[] file(Kind kind, int groups, int pages, int valuesPerPage) {
        byte[] content = dictionary(1, Float.BYTES, new byte[] {0, 0, (byte) 0x80, 0x3F});
        byte[] body = kind.body(valuesPerPage);
        byte[] page = page(valuesPerPage, body.length, body);
        ByteArrayOutputStream chunk = new ByteArrayOutputStream();
        chunk.writeBytes(content);
        for (int i = 0; i < pages; i++) {
            chunk.writeBytes(page);
        }
        return file(
                kind, UNCOMPRESSED, groups, (long) pages * valuesPerPage, content.length, chunk.toByteArray(), c -> {});
    }

    private static byte[] file(
            Kind kind,
            int codec,
            int groups,
            long values,
            int dictionaryBytes,
            byte[] chunk,
            Consumer<ThriftBytes> more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        List<ThriftBytes> rowGroups = new ArrayList<>();
        for (int i = 0; i < groups; i++) {
            long start = out.size();
            out.writeBytes(chunk);
            ThriftBytes metaData = new ThriftBytes()
                    .i32(1, 4)
                    .i32s(2, List.of(8))
                    .texts(3, List.of("a"))
                    .i32(4, codec)
                    .i64(5, values)
                    .i64(6, chunk.length)
                    .i64(7, chunk.length)
                    .i64(9, start + dictionaryBytes)
                    .i64(11, start);
            ThriftBytes column = new ThriftBytes().i64(2, start).struct(3, metaData);
            more.accept(column);
            rowGroups.add(new ThriftBytes()
                    .structs(1, List.of(column))
                    .i64(2, chunk.length)
                    .i64(3, values));
        }
        byte[] footer = new ThriftBytes()
                .i32(1, 1)
                .structs(
                        2,
                        List.of(
                                new ThriftBytes().text(4, "schema").i32(5, 1),
                                new ThriftBytes()
                                        .i32(1, 4)
                                        .i32(3, kind.repetition())
                                        .text(4, "a")))
                .i64(3, groups * values)
                .structs(4, rowGroups)
                .bytes();
        out.writeBytes(footer);
        out.writeBytes(ThriftBytes.littleEndian(footer.length));
        out.writeBytes(new byte[] {'P', 'A', 'R', '1'});
        return out.toByteArray();
    }

    private Path written(byte[] content) throws IOException {
        return Files.write(folder.resolve("dense.parquet"), content);
    }

    private static long count(List<TensorPart> parts) throws IOException {
        long[] count = new long[1];
        for (TensorPart part : parts) {
            part.read((tensor, block, offset, length) -> {
                assertEquals(1, block[offset]);
                assertEquals(1, block[offset + length - 1]);
                count[0] += length;
                return true;
            });
        }
        return count[0];
    }

    private void assertRefused(byte[] content, String reason) throws IOException {
        Path path = written(content);
        FormatException refused = assertThrows(
                FormatException.class, () -> count(TensorFiles.open(path).parts()));
        Reading.assertSentence(refused, path);
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    /** What writers make: row groups of a page each, with nothing in the footer that can be left out. */
    @ParameterizedTest
    @EnumSource
    void theDensestRowGroupsThatWritersMakeAreRead(Kind kind) throws IOException {
        List<TensorPart> parts =
                TensorFiles.open(written(file(kind, 1000, 1, MILLION))).parts();
        assertEquals(1000, parts.size());
        assertEquals(kind.present(10L * MILLION), count(parts.subList(990, 1000)));
    }

    /** Pages of 20,000 rows, as most writers cut them, in one long row group. */
    @ParameterizedTest
    @EnumSource
    void theDensestPagesThatWritersMakeAreRead(Kind kind) throws IOException {
        List<TensorPart> parts =
                TensorFiles.open(written(file(kind, 1, 500, 20_000))).parts();
        assertEquals(kind.present(10_000_000), count(parts));
    }

    /** Pages of the most values, one after the other: more than twice as many as a byte may stand for. */
    @ParameterizedTest
    @EnumSource
    void manyLongRunsInOneColumnAreRefusedBeforeTheyAreRead(Kind kind) throws IOException {
        byte[] content = file(kind, 1, 2000, ROWS);
        long most = ParquetFormat.VALUES + (long) ParquetFormat.VALUES_PER_BYTE * content.length;
        assertRefused(content, "must have with those before it at most " + most + " values");
    }

    /** The same, if every row group for itself has few enough. */
    @ParameterizedTest
    @EnumSource
    void manyColumnsOfLongRunsAreRefusedBeforeTheyAreRead(Kind kind) throws IOException {
        assertRefused(file(kind, 500, 4, ROWS), "must have with those before it at most ");
    }

    @Test
    void countsBeyondALongAreRefused() throws IOException {
        byte[] page = page(1, 0, new byte[0]);
        assertRefused(
                file(Kind.ONE_VALUE, UNCOMPRESSED, 3, Long.MAX_VALUE, 0, page, c -> {}), "must have with those before");
    }

    /** Only what is asked for counts, as only that is read. */
    @Test
    void columnsThatAreNotAskedForDoNotCount() throws IOException {
        Path path = written(file(Kind.ONE_VALUE, 1, 2000, ROWS));
        assertEquals(List.of(), TensorFiles.open(path, name -> false).parts());
    }

    /** A page or dictionary of a kilobyte that claims to unfold to the most bytes, for the fewest values. */
    @ParameterizedTest
    @ValueSource(ints = {GZIP, BROTLI})
    void pagesThatUnfoldBeyondTheirValuesAreRefusedBeforeTheyAreRead(int codec) throws IOException {
        byte[] packed = new byte[1000];
        byte[] page = page(1, PageReader.FREE_BYTES, packed);
        assertRefused(
                file(Kind.ONE_VALUE, codec, 1, 1, 0, page, c -> {}),
                "must have pages that unfold to at most " + (65_536 + 16) + " bytes");
        byte[] dictionary = dictionary(MILLION, PageReader.FREE_BYTES, packed);
        assertRefused(
                file(Kind.ONE_VALUE, codec, 1, 1, dictionary.length, join(dictionary, page), c -> {}),
                "must have pages that unfold to at most " + (65_536 + 1_024_000) + " bytes");
    }

    /** An index far longer than its column, which many columns could share. */
    @Test
    void indexesLongerThanTheirColumnsAreRefused() throws IOException {
        byte[] page = page(1, Float.BYTES, new byte[4]);
        int most = 64 + 2 * page.length;
        assertRefused(
                file(
                        Kind.ONE_VALUE,
                        UNCOMPRESSED,
                        1,
                        1,
                        0,
                        page,
                        c -> c.i64(4, 4).i32(5, most + 1)),
                "must have an offset index of at most " + most + " bytes");
    }

    /** Levels in runs and in packed groups, one after the other, are counted as they stand. */
    @Test
    void levelsAreCountedInRunsAndInGroups() throws IOException {
        byte[] levels =
                join(run(1 << 19, new byte[] {1}), join(new byte[] {3, (byte) 0b1010_1011}, run(7, new byte[] {0})));
        int values = (1 << 19) + 8 + 7;
        int present = (1 << 19) + 5;
        byte[] body = join(
                join(ThriftBytes.littleEndian(levels.length), levels), join(new byte[] {0}, run(present, new byte[0])));
        byte[] dictionary = dictionary(1, Float.BYTES, new byte[] {0, 0, (byte) 0x80, 0x3F});
        byte[] chunk = join(dictionary, page(values, body.length, body));
        Path path = written(file(Kind.OPTIONAL_VALUE, UNCOMPRESSED, 1, values, dictionary.length, chunk, c -> {}));
        assertEquals(present, count(TensorFiles.open(path).parts()));
    }
}
