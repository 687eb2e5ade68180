// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx;

import ai.onnx.proto.OnnxMl.ModelProto;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.ReadOutOfMemoryError;
import dev.octant.onnx.internal.file.ExternalData;
import dev.octant.onnx.internal.file.ModelReader;
import dev.octant.onnx.internal.file.ModelWriter;
import dev.octant.onnx.internal.graph.Descriptions;
import dev.octant.onnx.values.ModelInfo;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * A model: a graph of ops with its constants, as an {@code .onnx} file holds it.
 *
 * <pre>
 * OnnxModel model = OnnxModel.read(Path.of("model.onnx"));
 * model.info().inputs();
 * </pre>
 *
 * <p>What a file holds that Octant does not know, fields and metadata included, is kept and written again. Large
 * tensors may be in files of their own, in the model's folder: they stay there until they are needed, and are copied
 * when the model is written. Reading does not load ONNX Runtime.
 *
 * <p>Immutable and thread safe. Source: ONNX 1.23, {@code IR.md} and {@code ExternalData.md}.
 */
public final class OnnxModel {
    private final ModelProto proto;
    private final ExternalData external;
    private final ModelInfo info;

    OnnxModel(ModelProto proto, ExternalData external) {
        this.proto = proto;
        this.external = external;
        this.info = Descriptions.of(proto);
    }

    /**
     * Reads a model of at most 2 GiB and any amount of external data.
     *
     * <p>Memory: the file itself and its graph's objects; external data is not read yet.
     *
     * @throws FormatException if the file is missing, is no model, reads a value that nothing defines or defines one
     *     twice, or has a constant of another length than its shape asks for; if external data are missing, too short,
     *     or outside the model's folder
     */
    public static OnnxModel read(Path file) throws IOException {
        return ReadOutOfMemoryError.named(file, () -> {
            ExternalData external = ExternalData.beside(file);
            return new OnnxModel(ModelReader.read(InputFile.of(file), external), external);
        });
    }

    /**
     * A model from memory, without external data.
     *
     * @throws FormatException as {@link #read(Path)}
     */
    public static OnnxModel of(byte[] bytes) throws IOException {
        return new OnnxModel(ModelReader.parse(bytes.clone(), ExternalData.NONE, "model"), ExternalData.NONE);
    }

    /**
     * Writes the model: all of it or nothing. One with external data, or too long for one file, gets a second file of
     * the same name with {@code .data} behind it.
     *
     * @throws FormatException if a file cannot be written, or is one that external data are read from; if the second
     *     is a link or no ordinary file
     */
    public void write(Path target) throws IOException {
        ModelWriter.write(proto, external, target);
    }

    /** The files beside its own in which its tensors lie. They are read when it is run, quantized or written. */
    public List<Path> externalFiles() {
        return external.files();
    }

    /**
     * The second file that {@link #write} to {@code target} may write, for a model with external data.
     *
     * @throws FormatException if the model has external data, and the file is a link, a folder, no ordinary file or has
     *     a name longer than the file system knows
     */
    public Optional<Path> dataFile(Path target) throws FormatException {
        if (externalFiles().isEmpty()) {
            return Optional.empty();
        }
        Path data = ModelWriter.dataFile(target);
        ModelWriter.requireDataFile(data);
        return Optional.of(data);
    }

    /** What the model is. */
    public ModelInfo info() {
        return info;
    }

    ModelProto proto() {
        return proto;
    }

    ExternalData external() {
        return external;
    }
}
