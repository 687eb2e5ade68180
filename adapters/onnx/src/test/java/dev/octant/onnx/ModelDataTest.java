// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.scalar.HalfType;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelDataTest {
    private static final ModelTensor X = tensor("x", OnnxType.FLOAT32, "n", "2");
    private static final ModelTensor Z = tensor("z", OnnxType.FLOAT32, "n");

    @TempDir
    private Path folder;

    private static ModelTensor tensor(String name, OnnxType type, String... shape) {
        return new ModelTensor(name, Optional.of(type), List.of(shape));
    }

    private Path file(String name, NpzWriter.Item... arrays) throws IOException {
        Path file = folder.resolve(name);
        NpzWriter.write(file, List.of(arrays));
        return file;
    }

    private String refused(List<ModelTensor> inputs, Path file) {
        String message = assertThrows(FormatException.class, () -> ModelData.open(inputs, List.of(file)))
                .getMessage();
        assertTrue(message.contains(" must ") && message.contains(", was "), message);
        return message;
    }

    @Test
    void batchesHoldTheRowsInOrderAndTheLastIsShorter() throws IOException {
        Path first = file(
                "1.npz",
                TestData.floats("z", List.of(3L), 1, 2, 3),
                TestData.floats("x", List.of(3L, 2L), 10, 11, 20, 21, 30, 31));
        Path second =
                file("2.npz", TestData.floats("x", List.of(1L, 2L), 40, 41), TestData.floats("z", List.of(1L), 4));
        ModelData data = ModelData.open(List.of(X, Z), List.of(first, second));
        assertEquals(4, data.rows());
        for (int pass = 0; pass < 2; pass++) {
            List<String> batches = new ArrayList<>();
            data.forEachBatch(2, batch -> {
                float[] x = batch.get("x").floats();
                float[] z = batch.get("z").floats();
                assertEquals(List.of((long) z.length, 2L), batch.get("x").shape());
                for (int row = 0; row < z.length; row++) {
                    assertArrayEquals(
                            new float[] {10 * z[row], 10 * z[row] + 1}, new float[] {x[2 * row], x[2 * row + 1]});
                }
                batches.add(List.of(z.length).toString());
            });
            assertEquals(List.of("[2]", "[1]", "[1]"), batches);
        }
        assertThrows(IllegalArgumentException.class, () -> data.forEachBatch(0, batch -> {}));
    }

    @Test
    void aModelMayFixTheBatch() throws IOException {
        List<ModelTensor> fixed = List.of(tensor("x", OnnxType.FLOAT32, "2", "2"));
        ModelData data = ModelData.open(fixed, List.of(file("x.npz", TestData.random("x", 1, 4L, 2L))));
        assertEquals(2, data.fixedRows().getAsLong());
        List<Long> rows = new ArrayList<>();
        data.forEachBatch(batch -> rows.add(batch.get("x").shape().get(0)));
        assertEquals(List.of(2L, 2L), rows);
        assertThrows(IllegalArgumentException.class, () -> data.forEachBatch(3, batch -> {}));
        String message = refused(fixed, file("odd.npz", TestData.random("x", 1, 3L, 2L)));
        assertTrue(message.endsWith("rows must be a multiple of the batch of 2 that the model takes, was 3"), message);
    }

    private static NpzWriter.Item item(String name, NumberType type, int rows, byte[] numbers) {
        return new NpzWriter.Item(name, type, List.of((long) rows), () -> new ByteArrayInputStream(numbers));
    }

    /** 3 rows of 1.5, 2 + row, 4, true in float16, int64, int32, bool. */
    private static List<NpzWriter.Item> allTypes() {
        ByteBuffer half = ByteBuffer.allocate(6).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer longs = ByteBuffer.allocate(24).order(ByteOrder.LITTLE_ENDIAN);
        ByteBuffer ints = ByteBuffer.allocate(12).order(ByteOrder.LITTLE_ENDIAN);
        for (int row = 0; row < 3; row++) {
            half.putShort(HalfType.FLOAT16.fromFloat(1.5f));
            longs.putLong(2 + row);
            ints.putInt(4);
        }
        return List.of(
                item("h", NumberType.FLOAT16, 3, half.array()),
                item("l", NumberType.INT64, 3, longs.array()),
                item("i", NumberType.INT32, 3, ints.array()),
                item("b", NumberType.BOOL, 3, new byte[] {1, 1, 1}));
    }

    private static OnnxModel sumOfAllTypes() throws IOException {
        TestGraph graph = new TestGraph()
                .input("h", OnnxType.FLOAT16, "n")
                .input("l", OnnxType.INT64, "n")
                .input("i", OnnxType.INT32, "n")
                .input("b", OnnxType.BOOL, "n");
        for (String name : List.of("h", "l", "i", "b")) {
            graph.node("Cast", name + "_f", name).with("to", (long) OnnxType.FLOAT32.code());
        }
        return graph.node("Sum", "y", "h_f", "l_f", "i_f", "b_f")
                .output("y", OnnxType.FLOAT32, "n")
                .model();
    }

    @Test
    void everyTypeOfNumberFeedsAModel() throws IOException {
        OnnxModel model = sumOfAllTypes();
        Path npz = folder.resolve("a.npz");
        NpzWriter.write(npz, allTypes());
        Path folderOfData = Files.createDirectory(folder.resolve("data"));
        Files.copy(npz, folderOfData.resolve("1.npz"));
        Files.copy(npz, folderOfData.resolve("2.npz"));
        List<Float> sums = new ArrayList<>();
        ModelData data = ModelData.open(
                model.info().inputs(), List.of(npz, folderOfData), ImageSettings.USUAL, OptionalInt.of(2));
        assertEquals(9, data.rows());
        try (ModelRunner runner = ModelRunner.open(model)) {
            data.forEachBatch(batch -> {
                for (float sum : runner.run(batch).get("y").floats()) {
                    sums.add(sum);
                }
            });
        }
        assertEquals(List.of(8.5f, 9.5f, 10.5f, 8.5f, 9.5f, 10.5f, 8.5f, 9.5f, 10.5f), sums);
    }

    @Test
    void batchesThatNoModelTakesAreRefused() throws IOException {
        Path rows = file("x.npz", TestData.random("x", 1, 4L, 2L));
        for (int batch : new int[] {0, -1, 3}) {
            List<ModelTensor> fixed = List.of(tensor("x", OnnxType.FLOAT32, "2", "2"));
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> ModelData.open(fixed, List.of(rows), ImageSettings.USUAL, OptionalInt.of(batch)))
                    .getMessage();
            assertTrue(message.startsWith("batch must have "), message);
        }
    }

    @Test
    void whatDoesNotFitIsRefused() throws IOException {
        List<ModelTensor> both = List.of(X, Z);
        NpzWriter.Item z = TestData.random("z", 1, 3L);
        assertTrue(refused(both, file("a.npz", z)).endsWith("must hold the array x, was without it; it holds z"));
        assertTrue(refused(both, file("b.npz", z, TestData.random("x", 1, 3L, 4L)))
                .endsWith("shape must be [n, 2] but for the rows, as the model's input is, was [3, 4]"));
        assertTrue(refused(both, file("c.npz", z, TestData.random("x", 1, 3L, 2L, 1L)))
                .contains("was [3, 2, 1]"));
        assertTrue(refused(both, file("d.npz", TestData.random("x", 1, 2L, 2L), z))
                .endsWith("array must have the 2 rows of the other inputs, was 3"));
        assertTrue(refused(List.of(Z), file("e.npz", TestData.floats("z", List.of(0L))))
                .endsWith("data must have at least one row, was without any"));
        NpzWriter.Item doubles =
                new NpzWriter.Item("z", NumberType.FLOAT64, List.of(1L), () -> new ByteArrayInputStream(new byte[8]));
        assertTrue(refused(List.of(Z), file("f.npz", doubles))
                .endsWith("array must be of float32 for the model's input, was float64"));
        assertTrue(
                refused(List.of(tensor("z", OnnxType.STRING)), file("g.npz", z)).contains("a tensor of numbers"));
    }
}
