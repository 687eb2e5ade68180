// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hardwood.InputFile;
import dev.hardwood.metadata.PhysicalType;
import dev.hardwood.reader.ColumnReader;
import dev.hardwood.reader.ParquetFileReader;
import dev.hardwood.reader.Validity;
import dev.octant.formats.tensor.TensorFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What others wrote, and what others read. */
@EnabledForJreRange(min = JRE.JAVA_21)
class PeersTest {
    private static final int FIRST_COLUMNS = 3;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "none-v1",
                "snappy-v1",
                "snappy-v2",
                "gzip-v2",
                "brotli-v1",
                "brotli-v2",
                "lz4-v1",
                "lz4-v2",
                "zstd-v1",
                "zstd-v2",
                "split"
            })
    void whatPyarrowWroteComesBack(String name) throws IOException {
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        String[] lines = new String(bytes("pyarrow/values.txt"), StandardCharsets.UTF_8).split("\n");
        for (String line : List.of(lines).subList(0, name.equals("split") ? FIRST_COLUMNS : lines.length)) {
            List<String> words = List.of(line.split(" "));
            expected.put(
                    words.get(0),
                    words.subList(1, words.size()).stream()
                            .map(word -> Integer.parseUnsignedInt(word, 16))
                            .toList());
        }
        ParquetFormatTest.withFile(
                bytes("pyarrow/" + name + ".parquet"),
                path -> assertEquals(expected, ParquetFormatTest.read(TensorFiles.open(path))));
    }

    static IntStream seeds() {
        return IntStream.range(0, 40);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void hardwoodReadsTheSame(int seed) throws IOException {
        Random random = new Random(seed);
        int rows = 1 + random.nextInt(60);
        List<ParquetBytes.Column> columns = new ArrayList<>();
        for (ParquetBytes.Kind kind : ParquetBytes.Kind.values()) {
            columns.add(new ParquetBytes.Column(
                    "f" + kind, ParquetBytes.Type.FLOAT, kind, ParquetFormatTest.rows(random, kind, rows)));
            columns.add(new ParquetBytes.Column(
                    "d" + kind, ParquetBytes.Type.DOUBLE, kind, ParquetFormatTest.rows(random, kind, rows)));
        }
        byte[] content = new ParquetBytes()
                .version2(random.nextBoolean())
                .dictionary(random.nextBoolean())
                .index(random.nextBoolean())
                .codec(random.nextBoolean() ? ParquetBytes.Codec.GZIP : ParquetBytes.Codec.UNCOMPRESSED)
                .rowsPerPage(1 + random.nextInt(60))
                .file(columns);
        List<List<Integer>> peer = hardwood(content);
        ParquetFormatTest.withFile(
                content,
                path -> assertEquals(
                        peer,
                        List.copyOf(
                                ParquetFormatTest.read(TensorFiles.open(path)).values())));
    }

    /** Values of each column that are there, as bits of floats. */
    private static List<List<Integer>> hardwood(byte[] content) throws IOException {
        List<List<Integer>> columns = new ArrayList<>();
        try (ParquetFileReader file = ParquetFileReader.open(InputFile.of(ByteBuffer.wrap(content)))) {
            for (int c = 0; c < file.getFileSchema().getColumnCount(); c++) {
                List<Integer> values = new ArrayList<>();
                boolean isFloat = file.getFileSchema().getColumn(c).type() == PhysicalType.FLOAT;
                try (ColumnReader column = file.buildColumnReader(c).build()) {
                    while (column.nextBatch()) {
                        Validity validity = column.getLeafValidity();
                        for (int i = 0; i < column.getValueCount(); i++) {
                            if (!validity.isNull(i)) {
                                float value = isFloat ? column.getFloats()[i] : (float) column.getDoubles()[i];
                                values.add(Float.floatToIntBits(value));
                            }
                        }
                    }
                }
                columns.add(values);
            }
        }
        return columns;
    }

    private static byte[] bytes(String name) throws IOException {
        try (InputStream in = PeersTest.class.getResourceAsStream(name)) {
            return in.readAllBytes();
        }
    }
}
