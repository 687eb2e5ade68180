// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.FormatException;
import dev.octant.formats.parquet.ParquetBytes.Codec;
import dev.octant.formats.parquet.ParquetBytes.Column;
import dev.octant.formats.parquet.ParquetBytes.Kind;
import dev.octant.formats.parquet.ParquetBytes.Lie;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class MalformedParquetTest {
    /** For these files of a few hundred bytes: blocks, batches and classes loaded, whatever they claim. */
    private static final long MAX_ALLOCATED = 48L << 20;

    private static final List<Column> COLUMNS = List.of(
            new Column("a", ParquetBytes.Type.FLOAT, Kind.LIST, List.of(List.of(1.0, 2.0), List.of(), List.of(3.0))),
            new Column("b", ParquetBytes.Type.DOUBLE, Kind.OPTIONAL, Arrays.asList(List.of(1.0), null, List.of(3.0))));

    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        byte[] good = new ParquetBytes().file(COLUMNS);
        byte[] noEnd = good.clone();
        noEnd[noEnd.length - 1] = '2';
        byte[] encrypted = good.clone();
        encrypted[encrypted.length - 1] = 'E';
        long max = Integer.MAX_VALUE;
        return Stream.of(
                bad("only the mark", "PAR1".getBytes(StandardCharsets.US_ASCII), "too short for a footer"),
                bad("the mark twice", "PAR1PAR1".getBytes(StandardCharsets.US_ASCII), "too short for a footer"),
                bad("cut", Arrays.copyOf(good, good.length - 5), "without the mark"),
                bad("another mark at the end", noEnd, "without the mark"),
                bad("encrypted", encrypted, "without the mark"),
                lie(Lie.FOOTER_LENGTH, 0, "footer must be whole"),
                lie(Lie.FOOTER_LENGTH, -1, "was of 4294967295"),
                lie(Lie.FOOTER_LENGTH, max, "was of 2147483647"),
                lie(Lie.FOOTER_LENGTH, 3, "footer must be"),
                lie(Lie.NAME_LENGTH, max, "lengths beyond its end"),
                lie(Lie.NAME_LENGTH, -1, "lengths beyond its end"),
                lie(Lie.SCHEMA_COUNT, max, "lengths beyond its end"),
                lie(Lie.SCHEMA_COUNT, 3, "footer must be"),
                lie(Lie.SCHEMA_CHILDREN, 3, "footer must be that of Parquet"),
                lie(Lie.SCHEMA_CHILDREN, max, "footer must be that of Parquet"),
                lie(Lie.SCHEMA_CHILDREN, 0, "without any"),
                lie(Lie.GROUP_COLUMNS, 1, "footer must be"),
                lie(Lie.GROUP_COLUMNS, max, "lengths beyond its end"),
                lie(Lie.GROUP_ROWS, 4, "must have the 4 rows"),
                lie(Lie.GROUP_ROWS, Long.MAX_VALUE, "must have the 9223372036854775807 rows"),
                lie(Lie.CHUNK_TYPE, 1, "must be of its schema's type FLOAT, was INT32"),
                lie(Lie.CHUNK_TYPE, 99, "must be of its schema's type FLOAT, was 99"),
                lie(Lie.CHUNK_OFFSET, 0, "must lie within the file"),
                lie(Lie.CHUNK_OFFSET, Long.MAX_VALUE, "at their place", "must lie within the file"),
                lie(Lie.CHUNK_OFFSET, 5, "must"),
                lie(Lie.CHUNK_COMPRESSED, max, "must lie within the file"),
                lie(Lie.CHUNK_COMPRESSED, 1L << 40, "must lie within the file"),
                lie(Lie.CHUNK_COMPRESSED, 10, "must have"),
                lie(Lie.CHUNK_VALUES, 5, "values of its footer"),
                lie(Lie.CHUNK_VALUES, 3, "values of its footer"),
                lie(Lie.CHUNK_VALUES, Long.MAX_VALUE, "must have with those before it at most "),
                lie(Lie.PAGE_TYPE, 7, "pages with a number of values, was with one of -1"),
                lie(Lie.PAGE_UNCOMPRESSED, max, "compressed one, was with one of 2147483647"),
                lie(Lie.PAGE_UNCOMPRESSED, 1 << 20, "pages of one size"),
                lie(Lie.PAGE_UNCOMPRESSED, -1, "was with one of -1"),
                lie(Lie.PAGE_COMPRESSED, max, "pages that lie within it"),
                lie(Lie.PAGE_COMPRESSED, -1, "pages that lie within it"),
                lie(Lie.PAGE_VALUES, max, "values of its footer, was 2147483647 in its pages"),
                lie(Lie.PAGE_VALUES, -1, "was with one of -1"),
                lie(Lie.PAGE_VALUES, 1, "values of its footer", "runs of at most the numbers of their page"),
                lie(Lie.PAGE_ENCODING, 5, "must have values that are plain"),
                lie(Lie.PAGE_ENCODING, 8, "must have a dictionary before pages"),
                lie(Lie.PAGE_ENCODING, 77, "must have values that are plain"),
                lie(Lie.LEVEL_BYTES, max, "levels that lie within their page"),
                lie(Lie.LEVEL_BYTES, -5, "levels that lie within their page"),
                bad(
                        "V2 levels of 2 GiB",
                        new ParquetBytes()
                                .version2(true)
                                .lie(Lie.V2_DEFINITION_BYTES, max)
                                .file(COLUMNS),
                        "levels that lie within their page"),
                bad(
                        "V2 levels of negative length",
                        new ParquetBytes()
                                .version2(true)
                                .lie(Lie.V2_REPETITION_BYTES, -1)
                                .file(COLUMNS),
                        "levels that lie within their page"),
                bad(
                        "Snappy data of 1 GiB",
                        new ParquetBytes()
                                .codec(Codec.SNAPPY)
                                .lie(Lie.SNAPPY_LENGTH, 1 << 30)
                                .file(COLUMNS),
                        "must have SNAPPY data that are whole"),
                bad(
                        "gzip data shorter than stated",
                        new ParquetBytes()
                                .codec(Codec.GZIP)
                                .lie(Lie.PAGE_UNCOMPRESSED, 1000)
                                .file(COLUMNS),
                        "must have GZIP data of the 1000 bytes of their page"),
                bad(
                        "dictionary of 2^31 values",
                        new ParquetBytes()
                                .dictionary(true)
                                .lie(Lie.DICTIONARY_VALUES, max)
                                .file(COLUMNS),
                        "pages that hold their values, 2147483647 of FLOAT"),
                bad(
                        "dictionary shorter than stated",
                        new ParquetBytes()
                                .dictionary(true)
                                .lie(Lie.DICTIONARY_VALUES, 2_000_000)
                                .file(COLUMNS),
                        "pages that hold their values, 2000000 of FLOAT"),
                bad(
                        "index outside",
                        new ParquetBytes()
                                .index(true)
                                .lie(Lie.INDEX_OFFSET, Long.MAX_VALUE)
                                .file(COLUMNS),
                        "an offset index"),
                bad(
                        "index of 2 GiB",
                        new ParquetBytes()
                                .index(true)
                                .lie(Lie.INDEX_LENGTH, max)
                                .file(COLUMNS),
                        "an offset index"),
                bad(
                        "index of another page",
                        new ParquetBytes()
                                .index(true)
                                .lie(Lie.INDEX_PAGE_OFFSET, 4)
                                .file(COLUMNS),
                        "an offset index that points at its pages"),
                bad(
                        "Zstandard that is none",
                        new ParquetBytes()
                                .codec(Codec.ZSTD)
                                .damage(packed -> new byte[packed.length])
                                .file(COLUMNS),
                        "must have ZSTD data that are whole"));
    }

    private static Arguments bad(String what, byte[] bytes, String... reasons) {
        return Arguments.of(what, bytes, reasons);
    }

    private static Arguments lie(Lie lie, long value, String... reasons) {
        return bad(lie + " " + value, new ParquetBytes().lie(lie, value).file(COLUMNS), reasons);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("files")
    void isRefusedInOneSentence(String what, byte[] bytes, String[] reasons) throws IOException {
        Path file = Files.write(folder.resolve("bad file"), bytes);
        long before = Reading.allocated();
        FormatException refused = assertThrows(FormatException.class, () -> drain(file), what);
        long allocated = Reading.allocated() - before;
        Reading.assertSentence(refused, file);
        assertTrue(Stream.of(reasons).anyMatch(refused.getMessage()::contains), refused.getMessage());
        assertTrue(allocated < MAX_ALLOCATED, what + " allocated " + allocated);
    }

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    /** Only a sentence or values: no other exception, and no memory beyond what pages may ask for. */
    @ParameterizedTest
    @MethodSource("seeds")
    void damagedBytesEndInOneSentenceOrInValues(int seed) throws IOException {
        Random random = new Random(seed);
        byte[] good = new ParquetBytes()
                .version2(random.nextBoolean())
                .dictionary(random.nextBoolean())
                .index(random.nextBoolean())
                .codec(ParquetBytes.READABLE.get(random.nextInt(ParquetBytes.READABLE.size())))
                .rowsPerPage(1 + random.nextInt(3))
                .file(COLUMNS);
        int refused = 0;
        for (int i = 0; i < 50; i++) {
            byte[] damaged = good.clone();
            for (int n = random.nextInt(3); n >= 0; n--) {
                damaged[4 + random.nextInt(damaged.length - 4)] = (byte) random.nextInt(256);
            }
            Path file = Files.write(folder.resolve("damaged"), damaged);
            try {
                drain(file);
            } catch (FormatException e) {
                Reading.assertSentence(e, file);
                refused++;
            }
        }
        assertTrue(refused > 0);
    }

    @Test
    void theGoodOneIsRead() throws IOException {
        Path file = Files.write(folder.resolve("good"), new ParquetBytes().file(COLUMNS));
        assertEquals(5, drain(file));
    }

    private static long drain(Path path) throws IOException {
        TensorFile file = TensorFiles.open(path);
        long[] count = new long[1];
        for (TensorPart part : file.parts()) {
            part.read((tensor, block, offset, length) -> {
                count[0] += length;
                return true;
            });
        }
        return count[0];
    }
}
