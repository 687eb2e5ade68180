// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
                ParquetBytes.Column column = new ParquetBytes.Column(name, type, kind, rows(random, kind, rows));
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
                    6L * ((rows + rowsPerGroup - 1) / rowsPerGroup),
                    tensors.parts().size());
            TensorFile one = TensorFiles.open(path, "FLOAT/LIST"::equals);
            assertEquals(Map.of("FLOAT/LIST", expected.get("FLOAT/LIST")), read(one));
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
