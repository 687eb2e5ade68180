// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark;

import dev.octant.calibration.run.CalibrationRun;
import dev.octant.calibration.run.RunSettings;
import dev.octant.calibration.run.SummaryFile;
import dev.octant.calibration.run.TensorInputs;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Rows of tensors, as a table and as a file, and what one machine makes of the file. */
record Activations(Map<String, float[][]> rows) {
    /** The last two: by their bytes in UTF-8 in the other order. */
    private static final List<String> NAMES =
            List.of("model.0/act", "aten::mul", "layer 1", "\u00e4", "x`y.z", "m\ud83d\ude00", "m\uff5e");

    static final StructType LONG = DataTypes.createStructType(List.of(
            DataTypes.createStructField("tensor", DataTypes.StringType, false),
            DataTypes.createStructField("values", DataTypes.createArrayType(DataTypes.FloatType), true)));

    /** {@code count} rows of {@code length} values for each of some tensors of different spread. */
    static Activations random(long seed, int count, int length) {
        Random random = new Random(seed);
        Map<String, float[][]> rows = new LinkedHashMap<>();
        for (int t = 0; t < NAMES.size(); t++) {
            float[][] own = new float[count][length];
            for (float[] row : own) {
                for (int i = 0; i < length; i++) {
                    row[i] = switch (random.nextInt(200)) {
                        case 0 -> 0;
                        case 1 -> Float.NaN;
                        case 2 -> Float.NEGATIVE_INFINITY;
                        case 3 -> Float.intBitsToFloat(random.nextInt());
                        default -> (float) Math.scalb(random.nextGaussian(), 3 * t - 9);
                    };
                }
            }
            rows.put(NAMES.get(t), own);
        }
        return new Activations(rows);
    }

    /** A row for each tensor and row of it, in an order of their own. */
    Dataset<Row> table() {
        List<Row> all = new ArrayList<>();
        rows.forEach((tensor, own) -> {
            for (float[] row : own) {
                all.add(RowFactory.create(tensor, row));
            }
        });
        Collections.shuffle(all, new Random(1));
        return LocalSpark.session().createDataFrame(all, LONG);
    }

    /** The tensors in a file, where a sample is a row, or a value alone. */
    Path file(Path folder, boolean rowIsSample) throws IOException {
        Path file = Files.createTempFile(folder, "all", ".npz");
        List<NpzWriter.Item> items = new ArrayList<>();
        rows.forEach((tensor, own) -> items.add(new NpzWriter.Item(
                tensor,
                NumberType.FLOAT32,
                rowIsSample
                        ? List.of((long) own.length, (long) own[0].length)
                        : List.of((long) own.length * own[0].length, 1L),
                () -> content(own))));
        NpzWriter.write(file, items);
        return file;
    }

    private static InputStream content(float[][] rows) {
        ByteBuffer bytes =
                ByteBuffer.allocate(Float.BYTES * rows.length * rows[0].length).order(ByteOrder.LITTLE_ENDIAN);
        for (float[] row : rows) {
            bytes.asFloatBuffer().put(row);
            bytes.position(bytes.position() + Float.BYTES * row.length);
        }
        return new ByteArrayInputStream(bytes.array());
    }

    /** The same tensors in as many pieces, of whole rows each. */
    List<Activations> pieces(int count) {
        List<Activations> pieces = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Map<String, float[][]> some = new LinkedHashMap<>();
            int piece = i;
            rows.forEach((tensor, own) -> {
                int from = own.length * piece / count;
                int to = own.length * (piece + 1) / count;
                if (from < to) {
                    some.put(tensor, Arrays.copyOfRange(own, from, to));
                }
            });
            pieces.add(new Activations(some));
        }
        return pieces;
    }

    /** A row with a column for each tensor for each row of all, of which the first must have the most. */
    Dataset<Row> wideTable() {
        List<StructField> fields = new ArrayList<>();
        fields.add(DataTypes.createStructField("id", DataTypes.LongType, false));
        rows.keySet()
                .forEach(tensor -> fields.add(
                        DataTypes.createStructField(tensor, DataTypes.createArrayType(DataTypes.FloatType), true)));
        List<Row> all = new ArrayList<>();
        for (int r = 0; r < rows.values().iterator().next().length; r++) {
            List<Object> row = new ArrayList<>();
            row.add((long) r);
            for (float[][] own : rows.values()) {
                row.add(own[r]);
            }
            all.add(RowFactory.create(row.toArray()));
        }
        return LocalSpark.session().createDataFrame(all, DataTypes.createStructType(fields));
    }

    /** The summary file of one machine for some files. */
    static byte[] onOneMachine(boolean shortSamples, Path... files) throws IOException {
        Path target = Files.createTempFile("one", ".summary");
        try {
            SummaryFile.write(
                    target,
                    CalibrationRun.of(
                                    TensorInputs.open(List.of(files)).files(),
                                    new RunSettings(
                                            2,
                                            shortSamples,
                                            (tensor, summary) ->
                                                    summary.values().range(),
                                            Optional.empty()))
                            .run()
                            .tensors());
            return Files.readAllBytes(target);
        } finally {
            Files.delete(target);
        }
    }

    /** The summary file that Spark writes of summaries. */
    static byte[] written(Dataset<Row> summaries) throws IOException {
        Path folder = Files.createTempDirectory("spark");
        Path target = folder.resolve("all.summary");
        OctantSpark.write(summaries, target.toUri().toString());
        byte[] bytes = Files.readAllBytes(target);
        Files.delete(target);
        // Nothing else is left there.
        Files.delete(folder);
        return bytes;
    }
}
