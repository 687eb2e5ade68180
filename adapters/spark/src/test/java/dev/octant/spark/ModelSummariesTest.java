// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.formats.FormatException;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.formats.tensor.RowArray;
import dev.octant.formats.tensor.RowReader;
import dev.octant.onnx.ModelActivations;
import dev.octant.onnx.ModelData;
import dev.octant.onnx.OnnxModel;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.Target;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A model on the rows of a table: the bytes of one machine. */
class ModelSummariesTest {
    private static final int ROWS = 24;

    @TempDir
    private Path folder;

    static Path resource(String name) {
        String path = "/dev/octant/onnx/models/" + name;
        try {
            return Path.of(Objects.requireNonNull(ModelSummariesTest.class.getResource(path), path)
                    .toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] model(String name) throws IOException {
        return Files.readAllBytes(resource(name + "/model.onnx"));
    }

    /** The first rows for a model: a column with its input, and one beside that no model has; and a file of these. */
    static Dataset<Row> table(Path folder, String name, String input) throws IOException {
        RowArray array =
                RowArray.find(resource(name + "/calib.npz"), List.of(input)).get(input);
        boolean isFloat = array.type() == NumberType.FLOAT32;
        int length = (int) (array.rowBytes() / array.type().bytes());
        ByteBuffer bytes = ByteBuffer.allocate((int) (ROWS * array.rowBytes())).order(ByteOrder.LITTLE_ENDIAN);
        try (RowReader reader = array.open()) {
            assertEquals(ROWS, reader.read(bytes, ROWS));
        }
        bytes.flip();
        List<Row> rows = new ArrayList<>();
        for (int r = 0; r < ROWS; r++) {
            if (isFloat) {
                float[] row = new float[length];
                bytes.asFloatBuffer().get(r * length, row);
                rows.add(RowFactory.create("none's", row));
            } else {
                long[] row = new long[length];
                bytes.asLongBuffer().get(r * length, row);
                rows.add(RowFactory.create("none's", row));
            }
        }
        List<Long> shape = new ArrayList<>(array.shape());
        shape.set(0, (long) ROWS);
        NpzWriter.write(
                folder.resolve(name + ".npz"),
                List.of(new NpzWriter.Item(input, array.type(), shape, () -> new ByteArrayInputStream(bytes.array()))));
        return LocalSpark.session()
                .createDataFrame(
                        rows,
                        DataTypes.createStructType(List.of(
                                DataTypes.createStructField("text", DataTypes.StringType, false),
                                DataTypes.createStructField(
                                        input,
                                        DataTypes.createArrayType(isFloat ? DataTypes.FloatType : DataTypes.LongType),
                                        true))));
    }

    /** What {@code octant model calibrate --batch} writes. */
    static byte[] onOneMachine(Path folder, String name, int batchRows) throws IOException {
        OnnxModel model = OnnxModel.read(resource(name + "/model.onnx"));
        ModelData data = ModelData.open(
                model.info().inputs(),
                List.of(folder.resolve(name + ".npz")),
                ImageSettings.USUAL,
                OptionalInt.of(batchRows));
        Path file = folder.resolve("one.summary");
        try (ModelActivations activations = ModelActivations.open(model, Target.CPU, data)) {
            RunSettings settings =
                    new RunSettings(2, false, (tensor, seen) -> seen.values().range(), Optional.empty());
            SummaryFile.write(
                    file, CalibrationRun.of(activations.files(), settings).run().tensors());
        }
        return Files.readAllBytes(file);
    }

    @ParameterizedTest
    @CsvSource({"digits_cnn,image,1", "digits_cnn,image,5", "encoder,input_ids,2"})
    void rowsAreSummedUpAsOnOneMachine(String name, String input, int partitions) throws IOException {
        Dataset<Row> rows = LocalSpark.failingFirst(table(folder, name, input).repartition(partitions));
        Dataset<Row> summaries = ModelSummaries.of(rows, model(name), Target.CPU, 1);
        byte[] written = Activations.written(LocalSpark.failingFirst(summaries));
        assertTrue(written.length > 1000);
        assertArrayEquals(onOneMachine(folder, name, 1), written);
    }

    /** Batches that are the same rows are the same numbers. */
    @Test
    void batchesOfManyRows() throws IOException {
        Dataset<Row> rows = table(folder, "digits_cnn", "image").coalesce(1);
        byte[] written = Activations.written(ModelSummaries.of(rows, model("digits_cnn"), Target.CPU, 9));
        assertArrayEquals(onOneMachine(folder, "digits_cnn", 9), written);
    }

    /** Arrays of arrays are the same numbers in C order. */
    @Test
    void nestedArrays() throws IOException {
        Dataset<Row> rows = table(folder, "digits_cnn", "image");
        Dataset<Row> nested =
                rows.selectExpr("array(transform(sequence(0, 7), y -> slice(image, 8 * y + 1, 8))) AS image", "text");
        assertEquals(
                "array<array<array<float>>>",
                nested.schema().apply("image").dataType().simpleString());
        byte[] model = model("digits_cnn");
        assertArrayEquals(
                Activations.written(ModelSummaries.of(rows, model, Target.CPU, 1)),
                Activations.written(ModelSummaries.of(nested, model, Target.CPU, 1)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "text | table must have a column for the model's input image float32",
                "text AS image | column image must be of FLOAT or arrays of it for the model's input image float32",
                "cast(image AS array<double>) AS image | , was ARRAY<DOUBLE>"
            })
    void tablesThatDoNotFitAreRefusedBefore(String select, String sentence) throws IOException {
        Dataset<Row> rows = table(folder, "digits_cnn", "image").selectExpr(select);
        byte[] model = model("digits_cnn");
        Exception refusal =
                assertThrows(IllegalArgumentException.class, () -> ModelSummaries.of(rows, model, Target.CPU, 1));
        assertTrue(refusal.getMessage().contains(sentence), refusal.getMessage());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "slice(image, 1, 63) AS image | column image must have 64 numbers in a row for the model's input, had",
                "CAST(NULL AS array<float>) AS image | column image must have all numbers that the model takes",
                "transform(image, (v, i) -> IF(i = 3, NULL, v)) AS image | column image must have all numbers that"
            })
    void rowsThatDoNotFitAreOneSentence(String select, String sentence) throws IOException {
        Dataset<Row> rows = table(folder, "digits_cnn", "image").selectExpr(select);
        Dataset<Row> summaries = ModelSummaries.of(rows, model("digits_cnn"), Target.CPU, 1);
        Exception failure = assertThrows(Exception.class, () -> Activations.written(summaries));
        assertTrue(Calibrate.sentence(failure).startsWith(sentence), Calibrate.sentence(failure));
    }

    @Test
    void modelsThatCannotBeCalibratedAreRefusedBefore() throws IOException {
        Dataset<Row> rows = table(folder, "digits_cnn", "image");
        byte[] cut = Arrays.copyOf(model("digits_cnn"), 1000);
        assertThrows(FormatException.class, () -> ModelSummaries.of(rows, cut, Target.CPU, 1));
        byte[] external = model("fp16_external");
        Exception refusal = assertThrows(FormatException.class, () -> ModelSummaries.of(rows, external, Target.CPU, 1));
        assertTrue(refusal.getMessage().contains(" must "), refusal.getMessage());
        byte[] model = model("digits_cnn");
        assertThrows(IllegalArgumentException.class, () -> ModelSummaries.of(rows, model, Target.CPU, 0));
    }
}
