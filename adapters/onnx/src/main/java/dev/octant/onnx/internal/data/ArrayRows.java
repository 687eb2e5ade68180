// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.data;

import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NumberType;
import dev.octant.formats.tensor.RowArray;
import dev.octant.formats.tensor.RowReader;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.lang3.Validate;

/** The rows of one file of arrays. */
final class ArrayRows implements RowSource {
    private final Path file;
    private final long bytes;
    private final Map<String, RowArray> arrays;

    private ArrayRows(Path file, Map<String, RowArray> arrays) throws IOException {
        this.file = file;
        this.bytes = Files.size(file);
        this.arrays = arrays;
    }

    /**
     * The arrays of a file for the inputs of a model.
     *
     * @throws FormatException if one is missing, does not fit, or has not the rows of the others; if there are none
     */
    static ArrayRows of(Path file, List<ModelTensor> inputs) throws IOException {
        Map<String, RowArray> arrays =
                RowArray.find(file, inputs.stream().map(ModelTensor::name).toList());
        for (ModelTensor input : inputs) {
            check(input, arrays.get(input.name()));
        }
        ArrayRows rows = new ArrayRows(file, arrays);
        for (RowArray array : arrays.values()) {
            if (array.rows() != rows.rows()) {
                throw new FormatException(array.place() + ": array must have the " + rows.rows()
                        + " rows of the other inputs, was " + array.rows());
            }
        }
        if (rows.rows() == 0) {
            throw new FormatException(file + ": data must have at least one row, was without any");
        }
        return rows;
    }

    private static void check(ModelTensor input, RowArray array) throws FormatException {
        NumberType wanted = InputTypes.number(input);
        if (array.type() != wanted) {
            throw new FormatException(
                    array.place() + ": array must be of " + wanted + " for the model's input, was " + array.type());
        }
        List<String> shape = input.shape();
        boolean fits = shape.isEmpty() || shape.size() == array.shape().size();
        for (int i = 1; fits && i < shape.size(); i++) {
            Long there = array.shape().get(i);
            fits = InputTypes.length(shape.get(i)).map(there::equals).orElse(true);
        }
        if (!fits) {
            throw new FormatException(array.place() + ": shape must be " + VisibleText.of(shape.toString())
                    + " but for the rows, as the model's input is, was " + array.shape());
        }
    }

    @Override
    public long rows() {
        return arrays.values().iterator().next().rows();
    }

    @Override
    public List<Path> files() {
        return List.of(file);
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public Pass open(int most) throws IOException {
        return new Readers(arrays, (int) Math.min(most, rows()));
    }

    /** The arrays, read side by side. */
    private static final class Readers implements Pass {
        private final Map<String, RowArray> arrays;
        private final int most;
        private final Map<String, RowReader> readers = new LinkedHashMap<>();
        private final Map<String, ByteBuffer> buffers = new LinkedHashMap<>();

        Readers(Map<String, RowArray> arrays, int most) throws IOException {
            this.arrays = arrays;
            this.most = most;
            try {
                for (Map.Entry<String, RowArray> array : arrays.entrySet()) {
                    long bytes = Math.multiplyExact(most, array.getValue().rowBytes());
                    Validate.isTrue(
                            bytes <= Integer.MAX_VALUE,
                            "batch must have less than 2 GiB for an input, was %s bytes for %s",
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

        @Override
        public Map<String, TensorValue> next() throws IOException {
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

        /** Reads them: the checksum of an array is known only where all of it was read. */
        @Override
        public void skip() throws IOException {
            next();
        }

        @Override
        public void close() throws IOException {
            for (RowReader reader : readers.values()) {
                reader.close();
            }
        }
    }
}
