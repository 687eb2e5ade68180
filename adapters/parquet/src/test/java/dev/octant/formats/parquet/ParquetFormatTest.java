// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.formats.tensor.LeftOut;
import dev.octant.formats.tensor.TensorFile;
import dev.octant.formats.tensor.TensorFiles;
import dev.octant.formats.tensor.TensorPart;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class ParquetFormatTest {
    static List<List<Double>> rows(Random random, ParquetBytes.Kind kind, int count) {
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isNull = kind != ParquetBytes.Kind.REQUIRED && random.nextInt(4) == 0;
            int length = kind == ParquetBytes.Kind.LIST ? random.nextInt(5) : 1;
            List<Double> row = new ArrayList<>();
            for (int j = 0; j < length; j++) {
                boolean isNullValue = kind == ParquetBytes.Kind.LIST && random.nextInt(6) == 0;
                row.add(isNullValue ? null : value(random));
            }
            rows.add(isNull ? null : row);
        }
        return rows;
    }

    /** Values that are floats, and some that a float must round. */
    private static double value(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> Double.NaN;
            case 1 -> Double.NEGATIVE_INFINITY;
            case 2 -> -0.0;
            case 3 -> 1 + 0x1p-24;
            default -> Float.intBitsToFloat(random.nextInt() & 0x7F7FFFFF);
        };
    }

    static List<Integer> bits(List<List<Double>> rows) {
        return rows.stream()
                .filter(row -> row != null)
                .flatMap(List::stream)
                .filter(value -> value != null)
                .map(value -> Float.floatToIntBits((float) (double) value))
                .toList();
    }

    static Map<String, List<Integer>> read(TensorFile file) throws IOException {
        Map<String, List<Integer>> values = new LinkedHashMap<>();
        for (TensorPart part : file.parts()) {
            String tensor = part.tensors().get(0);
            List<Integer> all = values.computeIfAbsent(tensor, name -> new ArrayList<>());
            int before = all.size();
            part.read((name, block, offset, length) -> {
                assertEquals(tensor, name);
                assertTrue(length > 0);
                for (int i = 0; i < length; i++) {
                    all.add(Float.floatToIntBits(block[offset + i]));
                }
                return true;
            });
            if (part.values() >= 0) {
                assertEquals(part.values(), all.size() - before);
            }
        }
        return values;
    }

    @FunctionalInterface
    interface FileBody {
        void accept(Path file) throws IOException;
    }

    static void withFile(byte[] content, FileBody body) throws IOException {
        Path folder = Files.createTempDirectory("octant-parquet");
        Path file = folder.resolve("x.parquet");
        try {
            Files.write(file, content);
            body.accept(file);
        } finally {
            Files.deleteIfExists(file);
            Files.delete(folder);
        }
    }

    static IntStream seeds() {
        return IntStream.range(0, 60);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void everyValueComesBack(int seed) throws IOException {
        Random random = new Random(seed);
        int rows = 1 + random.nextInt(40);
        int rowsPerGroup = 1 + random.nextInt(40);
        List<ParquetBytes.Column> columns = new ArrayList<>();
        Map<String, List<Integer>> expected = new LinkedHashMap<>();
        for (ParquetBytes.Type type : ParquetBytes.Type.values()) {
            for (ParquetBytes.Kind kind : ParquetBytes.Kind.values()) {
                String name = type + "/" + kind;
                boolean isHalf = type == ParquetBytes.Type.FLOAT16;
                List<List<Double>> own = rows(random, kind, rows);
                ParquetBytes.Column column = new ParquetBytes.Column(name, type, kind, isHalf ? halves(own) : own);
                columns.add(column);
                if (type != ParquetBytes.Type.INT32) {
                    expected.put(name, bits(column.rows()));
                }
            }
        }
        byte[] file = new ParquetBytes()
                .version2(random.nextBoolean())
                .dictionary(random.nextBoolean())
                .index(random.nextBoolean())
                .codec(ParquetBytes.READABLE.get(random.nextInt(ParquetBytes.READABLE.size())))
                .rowsPerPage(1 + random.nextInt(40))
                .rowsPerGroup(rowsPerGroup)
                .file(columns);
        withFile(file, path -> {
            TensorFile tensors = TensorFiles.open(path);
            assertEquals(expected, read(tensors));
            assertEquals(
                    9L * ((rows + rowsPerGroup - 1) / rowsPerGroup),
                    tensors.parts().size());
            TensorFile one = TensorFiles.open(path, "FLOAT/LIST"::equals);
            assertEquals(Map.of("FLOAT/LIST", expected.get("FLOAT/LIST")), read(one));
            assertEquals(
                    List.of("INT32/REQUIRED", "INT32/OPTIONAL", "INT32/LIST"),
                    tensors.leftOut().stream().map(LeftOut::tensor).toList());
        });
    }

    /** The nearest values that a float16 has. */
    private static List<List<Double>> halves(List<List<Double>> rows) {
        List<List<Double>> halves = new ArrayList<>();
        for (List<Double> row : rows) {
            halves.add(
                    row == null
                            ? null
                            : new ArrayList<>(row.stream()
                                    .map(value -> value == null ? null : Half.value(Half.bits(value)))
                                    .toList()));
        }
        return halves;
    }

    /** Every float16 there is, in each encoding; beside a column of its type that says nothing, which is bytes. */
    @ParameterizedTest
    @EnumSource
    void everyHalfIsRead(HalfEncoding encoding) throws IOException {
        List<List<Double>> rows = new ArrayList<>();
        for (int bits = 0; bits < 1 << 16; bits++) {
            rows.add(List.of(Half.value((short) bits)));
        }
        List<List<Double>> whole = encoding == HalfEncoding.DICTIONARY ? rows.subList(0x3C00, 0x4000) : rows;
        byte[] content = new ParquetBytes()
                .dictionary(encoding == HalfEncoding.DICTIONARY)
                .splitHalves(encoding == HalfEncoding.SPLIT)
                .file(List.of(
                        new ParquetBytes.Column("h", ParquetBytes.Type.FLOAT16, ParquetBytes.Kind.REQUIRED, whole)));
        withFile(content, path -> assertEquals(Map.of("h", bits(whole)), read(TensorFiles.open(path))));
    }

    enum HalfEncoding {
        PLAIN,
        DICTIONARY,
        SPLIT
    }

    /** Two bytes that do not say to be a float16 are none, nor are four that do. */
    @Test
    void bytesAreNoHalves() throws IOException {
        ParquetBytes.Column half = new ParquetBytes.Column(
                "h", ParquetBytes.Type.FLOAT16, ParquetBytes.Kind.REQUIRED, List.of(List.of(1.0)));
        for (int field : new int[] {2, 10}) {
            byte[] content = new ParquetBytes()
                    .change(ParquetBytes.Struct.SCHEMA_ELEMENT, fields -> fields.removeIf(f -> f.number() == field))
                    .file(List.of(half));
            withFile(content, path -> {
                assertEquals(List.of(), TensorFiles.open(path).parts());
                assertEquals(
                        "column must be of floats, doubles or float16, was FIXED_LEN_BYTE_ARRAY",
                        TensorFiles.open(path).leftOut().get(0).reason());
            });
        }
    }

    /** What pandas keeps of an index without a name. */
    @Test
    void indicesOfPandasAreLeftOut() throws IOException {
        List<ParquetBytes.Column> columns = List.of(
                new ParquetBytes.Column(
                        "act", ParquetBytes.Type.FLOAT, ParquetBytes.Kind.REQUIRED, List.of(List.of(1.0))),
                new ParquetBytes.Column(
                        "__index_level_0__",
                        ParquetBytes.Type.DOUBLE,
                        ParquetBytes.Kind.REQUIRED,
                        List.of(List.of(0.0))));
        withFile(new ParquetBytes().file(columns), path -> {
            assertEquals(Map.of("act", bits(List.of(List.of(1.0)))), read(TensorFiles.open(path)));
            assertEquals(
                    "__index_level_0__", TensorFiles.open(path).leftOut().get(0).tensor());
        });
    }

    /** More values than a batch, in several row groups, on several threads, in another order. */
    @Test
    void largeColumnsAreReadInBatchesOnAnyThread() throws IOException {
        Random random = new Random(1);
        List<List<Double>> rows = new ArrayList<>();
        for (int i = 0; i < 3000; i++) {
            rows.add(random.doubles(random.nextInt(200)).boxed().toList());
        }
        ParquetBytes.Column column =
                new ParquetBytes.Column("a", ParquetBytes.Type.FLOAT, ParquetBytes.Kind.LIST, rows);
        byte[] content = new ParquetBytes().rowsPerGroup(1100).rowsPerPage(90).file(List.of(column));
        withFile(content, path -> {
            List<TensorPart> parts = TensorFiles.open(path).parts();
            List<TensorPart> shuffled = new ArrayList<>(parts);
            Collections.shuffle(shuffled, random);
            Map<TensorPart, List<Integer>> read = new ConcurrentHashMap<>();
            shuffled.parallelStream().forEach(part -> {
                try {
                    read.put(part, read(TensorFile.of(path, List.of(part))).get("a"));
                } catch (IOException e) {
                    throw new AssertionError(e);
                }
            });
            List<Integer> all = new ArrayList<>();
            parts.forEach(part -> all.addAll(read.get(part)));
            assertEquals(bits(rows), all);
        });
    }

    @Test
    void visitorsStopAndThrowAsTheyLike() throws IOException {
        List<List<Double>> rows = Collections.nCopies(200_000, Arrays.asList(1.0));
        byte[] content = new ParquetBytes()
                .rowsPerPage(1000)
                .file(List.of(new ParquetBytes.Column("a", ParquetBytes.Type.FLOAT, ParquetBytes.Kind.REQUIRED, rows)));
        withFile(content, path -> {
            TensorPart part = TensorFiles.open(path).parts().get(0);
            int[] calls = new int[1];
            part.read((tensor, block, offset, length) -> calls[0]++ > 0);
            assertEquals(1, calls[0]);
            IOException own = new IOException("own");
            assertEquals(
                    own,
                    assertThrows(
                            IOException.class,
                            () -> part.read((tensor, block, offset, length) -> {
                                throw own;
                            })));
        });
    }
}
