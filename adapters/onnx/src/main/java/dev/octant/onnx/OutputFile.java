// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.formats.TemporaryFile;
import dev.octant.formats.VisibleText;
import dev.octant.formats.tensor.NpzWriter;
import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.Provider;
import dev.octant.onnx.values.TensorValue;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a model computes for data, as an {@code .npz} that holds each output by its name, with the rows of all batches
 * one behind the other.
 *
 * <p>Memory: the outputs of one batch; the others wait in temporary files.
 */
public final class OutputFile {
    /** An entry of a zip has two bytes for the length of its name, to which .npy belongs. */
    private static final int MOST_NAME_BYTES = 0xffff - ".npy".length();

    private OutputFile() {}

    /**
     * Runs the model on all data and writes its outputs: all of them or nothing.
     *
     * @throws FormatException if the model does not run; if an output has no rows, differs in shape between batches, or
     *     has a name that cannot be printed; if the file cannot be written, or is one of the model's external data
     */
    public static void write(Path target, OnnxModel model, ModelData data) throws IOException {
        write(target, model, data, Provider.CPU);
    }

    /**
     * The same by another provider.
     *
     * @throws FormatException if that is not there, or as {@link #write(Path, OnnxModel, ModelData)}
     */
    public static void write(Path target, OnnxModel model, ModelData data, Provider provider) throws IOException {
        String place = model.external().place();
        model.external().requireApart(target);
        for (ModelTensor output : model.info().outputs()) {
            requireName(output.name(), place);
        }
        Map<String, Column> columns = new LinkedHashMap<>();
        try {
            try (ModelRunner runner = ModelRunner.open(model, provider)) {
                data.forEachBatch(batch -> {
                    for (Map.Entry<String, TensorValue> output :
                            runner.run(batch).entrySet()) {
                        Column column = columns.get(output.getKey());
                        if (column == null) {
                            column = new Column(place, output.getKey(), output.getValue());
                            columns.put(output.getKey(), column);
                        }
                        column.append(output.getValue());
                    }
                });
            }
            List<NpzWriter.Item> items = new ArrayList<>();
            for (Column column : columns.values()) {
                items.add(column.item());
            }
            NpzWriter.write(target, items);
        } finally {
            for (Column column : columns.values()) {
                column.delete();
            }
        }
    }

    /** Names that files of arrays are read by. */
    private static void requireName(String name, String place) throws FormatException {
        if (!VisibleText.isPrintable(name)) {
            throw new FormatException(place
                    + ": names of outputs must have visible characters and no control characters to be written, was \""
                    + VisibleText.of(name) + "\"");
        }
        int bytes = name.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MOST_NAME_BYTES) {
            throw new FormatException(place + ": names of outputs must have at most " + MOST_NAME_BYTES
                    + " bytes to be written, was " + bytes);
        }
    }

    /** One output, in a file of its own until all rows are there. */
    private static final class Column {
        private final String place;
        private final String name;
        private final NumberType type;
        private final List<Long> shape;
        private final TemporaryFile file;
        private final OutputStream out;

        Column(String place, String name, TensorValue first) throws IOException {
            this.place = place;
            this.name = name;
            this.type = first.type();
            this.shape = new ArrayList<>(first.shape());
            if (shape.isEmpty()) {
                throw new FormatException(place + ": output " + VisibleText.of(name)
                        + " must have rows to be written for several batches, was one number");
            }
            shape.set(0, 0L);
            this.file = TemporaryFile.create("octant-output");
            this.out = new BufferedOutputStream(Files.newOutputStream(file.path()), 1 << 16);
        }

        void append(TensorValue value) throws IOException {
            boolean fits = value.shape().size() == shape.size()
                    && value.shape().subList(1, shape.size()).equals(shape.subList(1, shape.size()));
            if (!fits || value.type() != type) {
                throw new FormatException(place + ": output " + VisibleText.of(name)
                        + " must have one shape in all batches, was " + value.shape() + " after rows of "
                        + shape.subList(1, shape.size()));
            }
            shape.set(0, shape.get(0) + value.shape().get(0));
            byte[] bytes = new byte[value.bytes().remaining()];
            value.bytes().slice().get(bytes);
            // ONNX Runtime's library exists for little-endian machines only, which is the order of the file.
            out.write(bytes);
        }

        NpzWriter.Item item() throws IOException {
            out.close();
            return new NpzWriter.Item(name, type, shape, () -> Files.newInputStream(file.path()));
        }

        void delete() throws IOException {
            try {
                out.close();
            } finally {
                file.close();
            }
        }
    }
}
