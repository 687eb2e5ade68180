// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import dev.octant.formats.FormatException;
import dev.octant.onnx.internal.data.DataFiles;
import dev.octant.onnx.internal.data.InputTypes;
import dev.octant.onnx.internal.data.RowSource;
import dev.octant.onnx.internal.run.Batches;
import dev.octant.onnx.values.ImageSettings;
import dev.octant.onnx.values.ModelTensor;
import dev.octant.onnx.values.TensorValue;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.apache.commons.lang3.Validate;

/**
 * What a model is fed with: rows from files, of which a model takes some at a time, a batch.
 *
 * <p>A file of arrays holds one for each input: an {@code .npz} or {@code .safetensors} by the input's name, or an
 * {@code .npy} where there is one input. The first axis counts the rows. A {@code .png} or {@code .jpg} is a row of a
 * model that takes images; see {@link ImageSettings}. A folder stands for the files of data directly in it, by name.
 * Where the model leaves a dimension open files may differ in it; a batch never spans two files of arrays, so the last
 * of each may be shorter.
 *
 * <p>Memory: one batch of inputs, outside the heap, and one image. Immutable and thread safe.
 */
public final class ModelData {
    /** Rows of a batch where nothing else is asked for. */
    public static final int USUAL_ROWS = 32;

    private final List<RowSource> sources;
    private final List<Path> passedOver;
    private final long rows;
    private final OptionalLong fixedRows;
    private final int batchRows;

    /** Receives batches; their buffers are reused after the call. */
    @FunctionalInterface
    public interface Visitor {
        void visit(Map<String, TensorValue> batch) throws IOException;
    }

    private ModelData(List<RowSource> sources, List<Path> passedOver, OptionalLong fixedRows, int batchRows) {
        this.sources = sources;
        this.passedOver = List.copyOf(passedOver);
        this.fixedRows = fixedRows;
        this.batchRows = batchRows;
        this.rows = sources.stream().mapToLong(RowSource::rows).sum();
    }

    /**
     * Opens files for a model, images as {@link ImageSettings#USUAL} has it. Their numbers are not read yet.
     *
     * @param inputs of the model, at least one
     * @param paths files or folders, at least one
     * @throws FormatException if a file has no array for an input, or one of another type or shape than the model
     *     takes; if the arrays of a file differ in rows, or have none; if there are images, and the model takes none;
     *     if the model takes batches of one size only and a file does not divide into such
     */
    public static ModelData open(List<ModelTensor> inputs, List<Path> paths) throws IOException {
        return open(inputs, paths, ImageSettings.USUAL, OptionalInt.empty());
    }

    /**
     * The same with images and batches as they are asked for.
     *
     * @param batchRows the most rows of a batch; as the model has it, or {@value #USUAL_ROWS}, where empty
     * @throws IllegalArgumentException if {@code batchRows} is below 1, or not what the model fixes
     */
    public static ModelData open(
            List<ModelTensor> inputs, List<Path> paths, ImageSettings images, OptionalInt batchRows)
            throws IOException {
        Validate.isTrue(!inputs.isEmpty(), "model must have an input to be fed, had none");
        Validate.isTrue(!paths.isEmpty(), "data must be given, was no file");
        OptionalLong fixedRows = InputTypes.fixedRows(inputs);
        int usual = (int) Math.min(Integer.MAX_VALUE, fixedRows.orElse(USUAL_ROWS));
        batchRows.ifPresent(asked -> requireRows(asked, fixedRows));
        List<RowSource> sources = DataFiles.open(inputs, paths, images);
        for (RowSource source : sources) {
            if (fixedRows.isPresent() && (usual < 1 || source.rows() % usual != 0)) {
                throw new FormatException(source.files().get(0) + ": rows must be a multiple of the batch of " + usual
                        + " that the model takes, was " + source.rows());
            }
        }
        return new ModelData(sources, DataFiles.passedOver(paths), fixedRows, batchRows.orElse(usual));
    }

    private static void requireRows(int rows, OptionalLong fixedRows) {
        Validate.isTrue(rows >= 1, "batch must have at least one row, was %s", rows);
        Validate.isTrue(
                fixedRows.isEmpty() || fixedRows.getAsLong() == rows,
                "batch must have the %s rows that the model takes, was %s",
                fixedRows.orElse(rows),
                rows);
    }

    /** Rows of all files. */
    public long rows() {
        return rows;
    }

    /** The only size of a batch that the model takes, if it does not leave it open. */
    public OptionalLong fixedRows() {
        return fixedRows;
    }

    /** The rows of a batch, but for the last of a file. */
    public int batchRows() {
        return batchRows;
    }

    /** All files, those of folders too, in the order in which they are read. */
    public List<Path> files() {
        return sources.stream().flatMap(source -> source.files().stream()).toList();
    }

    /** What is in the folders and is no data, but for names that begin with a dot; folders in them too. */
    public List<Path> passedOver() {
        return passedOver;
    }

    /** Files and how they are read, for those who read batches in an order of their own. */
    List<RowSource> sources() {
        return sources;
    }

    /** All rows in batches of {@link #batchRows}. */
    public void forEachBatch(Visitor visitor) throws IOException {
        forEachBatch(batchRows, visitor);
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
        read(most, batch -> {
            visitor.visit(batch);
            return true;
        });
    }

    /** Batches of {@link #batchRows} in order, until a reader has enough. */
    void read(Batches.FirstReader reader) throws IOException {
        read(batchRows, reader);
    }

    /** The same in batches of at most so many rows. */
    void read(int most, Batches.FirstReader reader) throws IOException {
        requireRows(most, fixedRows);
        for (RowSource source : sources) {
            try (RowSource.Pass pass = source.open(most)) {
                for (Map<String, TensorValue> batch = pass.next(); !batch.isEmpty(); batch = pass.next()) {
                    if (!reader.read(batch)) {
                        return;
                    }
                }
            }
        }
    }
}
