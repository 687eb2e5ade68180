// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.formats.tensor.RowArray;
import dev.octant.formats.tensor.RowReader;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.OnnxType;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.apache.commons.lang3.Validate;

/**
 * What a model is fed with: rows from files, of which a model takes some at a time, a batch.
 *
 * <p>Each file holds an array for each input: an {@code .npz} by the input's name, or an {@code .npy} where there is
 * one input. The first axis counts the rows. Where the model leaves a dimension open files may differ in it; a batch
 * never spans two files, so the last of each may be shorter.
 *
 * <p>Memory: one batch of inputs, outside the heap. Immutable and thread safe.
 */
public final class ModelData {
    /** Rows of a batch where nothing else is asked for. */
    public static final int USUAL_ROWS = 32;

    private final List<Map<String, RowArray>> files;
    private final long rows;
    private final OptionalLong fixedRows;

    /** Receives batches; their buffers are reused after the call. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Map<String, TensorValue> batch) throws IOException;
    }

    private ModelData(List<Map<String, RowArray>> files, OptionalLong fixedRows) {
        this.files = files;
        this.fixedRows = fixedRows;
        this.rows = files.stream().mapToLong(ModelData::rows).sum();
    }

    /**
     * Opens files for a model. Their numbers are not read yet.
     *
     * @param inputs of the model, at least one
     * @param paths at least one
     * @throws FormatException if a file has no array for an input, or one of another type or shape than the model
     *     takes; if the arrays of a file differ in rows, or have none; if the model takes batches of one size only and
     *     a file does not divide into such
     */
    public static ModelData open(List<ModelTensor> inputs, List<Path> paths) throws IOException {
        Validate.isTrue(!inputs.isEmpty(), "model must have an input to be fed, had none");
        Validate.isTrue(!paths.isEmpty(), "data must be given, was no file");
        OptionalLong fixedRows = fixedRows(inputs);
        List<Map<String, RowArray>> files = new ArrayList<>();
        for (Path path : paths) {
            Map<String, RowArray> arrays =
                    RowArray.find(path, inputs.stream().map(ModelTensor::name).toList());
            for (ModelTensor input : inputs) {
                check(input, arrays.get(input.name()));
            }
            checkRows(path, arrays, fixedRows);
            files.add(arrays);
        }
        return new ModelData(files, fixedRows);
    }

    private static OptionalLong fixedRows(List<ModelTensor> inputs) {
        return inputs.stream()
                .filter(input ->
                        !input.shape().isEmpty() && isLength(input.shape().get(0)))
                .mapToLong(input -> Long.parseLong(input.shape().get(0)))
                .findFirst();
    }

    private static boolean isLength(String dimension) {
        return dimension.chars().allMatch(c -> c >= '0' && c <= '9') && !dimension.isEmpty();
    }

    private static void check(ModelTensor input, RowArray array) throws FormatException {
        NumberType wanted = input.type()
                .flatMap(OnnxType::number)
                .orElseThrow(() -> new FormatException("input " + VisibleText.of(input.name())
                        + " of the model must be a tensor of numbers to be fed from files, was " + input));
        if (array.type() != wanted) {
            throw new FormatException(
                    array.place() + ": array must be of " + wanted + " for the model's input, was " + array.type());
        }
        List<String> shape = input.shape();
        boolean fits = shape.isEmpty() || shape.size() == array.shape().size();
        for (int i = 1; fits && i < shape.size(); i++) {
            fits = !isLength(shape.get(i))
                    || Long.parseLong(shape.get(i)) == array.shape().get(i);
        }
        if (!fits) {
            throw new FormatException(array.place() + ": shape must be " + VisibleText.of(shape.toString())
                    + " but for the rows, as the model's input is, was " + array.shape());
        }
    }

    private static void checkRows(Path path, Map<String, RowArray> arrays, OptionalLong fixedRows)
            throws FormatException {
        long rows = rows(arrays);
        for (RowArray array : arrays.values()) {
            if (array.rows() != rows) {
                throw new FormatException(array.place() + ": array must have the " + rows
                        + " rows of the other inputs, was " + array.rows());
            }
        }
        if (rows == 0) {
            throw new FormatException(path + ": data must have at least one row, was without any");
        }
        if (fixedRows.isPresent() && (fixedRows.getAsLong() < 1 || rows % fixedRows.getAsLong() != 0)) {
            throw new FormatException(path + ": rows must be a multiple of the batch of " + fixedRows.getAsLong()
                    + " that the model takes, was " + rows);
        }
    }

    private static long rows(Map<String, RowArray> arrays) {
        return arrays.values().iterator().next().rows();
    }

    /** Rows of all files. */
    public long rows() {
        return rows;
    }

    /** The only size of a batch that the model takes, if it does not leave it open. */
    public OptionalLong fixedRows() {
        return fixedRows;
    }

    /** All rows in batches of the usual size: what the model fixes, or {@value #USUAL_ROWS}. */
    public void forEachBatch(Visitor visitor) throws IOException {
        forEachBatch((int) fixedRows.orElse(USUAL_ROWS), visitor);
    }

    /**
     * All rows, in the order of the files, batch by batch. May be called again.
     *
     * @param most rows of a batch; the last of a file may have fewer
     * @throws FormatException if a file is damaged or was changed
     * @throws IllegalArgumentException if {@code most} is below 1, is not the size the model fixes, or makes a batch of
     *     an input longer than 2 GiB
     */
    public void forEachBatch(int most, Visitor visitor) throws IOException {
        Validate.isTrue(most >= 1, "batch must have at least one row, was %d", most);
        Validate.isTrue(
                fixedRows.isEmpty() || fixedRows.getAsLong() == most,
                "batch must have the %d rows that the model takes, was %d",
                fixedRows.orElse(most),
                most);
        for (Map<String, RowArray> arrays : files) {
            try (FileReaders readers = new FileReaders(arrays, most)) {
                for (Map<String, TensorValue> batch = readers.next(); !batch.isEmpty(); batch = readers.next()) {
                    visitor.visit(batch);
                }
            }
        }
    }

    /** The arrays of one file, read side by side. */
    private static final class FileReaders implements AutoCloseable {
        private final Map<String, RowArray> arrays;
        private final int most;
        private final Map<String, RowReader> readers = new LinkedHashMap<>();
        private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();

        FileReaders(Map<String, RowArray> arrays, int most) throws IOException {
            this.arrays = arrays;
            this.most = (int) Math.min(most, rows(arrays));
            try {
                for (Map.Entry<String, RowArray> array : arrays.entrySet()) {
                    long bytes = Math.multiplyExact(this.most, array.getValue().rowBytes());
                    Validate.isTrue(
                            bytes <= Integer.MAX_VALUE,
                            "batch must have less than 2 GiB for an input, was %d bytes for %s",
                            bytes,
                            array.getKey());
                    buffers.put(
                            array.getKey(),
                            ByteBuffer.allocateDirect((int) bytes).order(ByteOrder.nativeOrder()));
                    readers.put(array.getKey(), array.getValue().open());
                }
            } catch (IOException | RuntimeException e) {
                close();
                throw e;
            }
        }

        /** The next batch; empty after the last. */
        Map<String, TensorValue> next() throws IOException {
            Map<String, TensorValue> batch = new LinkedHashMap<>();
            for (Map.Entry<String, RowReader> reader : readers.entrySet()) {
                RowArray array = arrays.get(reader.getKey());
                ByteBuffer buffer = buffers.get(reader.getKey()).clear();
                long count = reader.getValue().read(buffer, most);
                if (count == 0) {
                    return Map.of();
                }
                List<Long> shape = new ArrayList<>(array.shape());
                shape.set(0, count);
                batch.put(reader.getKey(), new TensorValue(array.type(), shape, buffer.flip()));
            }
            return batch;
        }

        @Override
        public void close() throws IOException {
            for (RowReader reader : readers.values()) {
                reader.close();
            }
        }
    }
}
