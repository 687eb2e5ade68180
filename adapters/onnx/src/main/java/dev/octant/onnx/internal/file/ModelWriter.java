// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.ModelProto;
import ai.onnx.proto.OnnxMl.StringStringEntryProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import ai.onnx.proto.OnnxMl.TensorProto.DataLocation;
import dev.octant.formats.AtomicFile;
import dev.octant.formats.Destination;
import dev.octant.formats.FormatException;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a model, and the data of its tensors beside it where they were outside before or the model would be too long.
 *
 * <p>Tensors that are outside are copied from file to file, whatever their size. The data file is called as the model
 * with {@code .data} behind it, and is in place before the model is.
 */
public final class ModelWriter {
    /** The fewest bytes of a tensor that is worth a place outside. */
    private static final int LEAST_BYTES = 1024;

    /** Room for all of a model but its tensors. */
    private static final long MOST_INSIDE = ModelReader.MAX_BYTES - (64 << 20);

    private ModelWriter() {}

    /**
     * Writes {@code target}, and its data file if it has one.
     *
     * @throws FormatException if one of them cannot be written, or would replace a file the model's data are read from
     */
    public static void write(ModelProto model, ExternalData external, Path target) throws IOException {
        write(model, external, target, MOST_INSIDE);
    }

    /** The same with another limit for the bytes of constants in the model's own file. */
    static void write(ModelProto model, ExternalData external, Path target, long mostInside) throws IOException {
        external.requireApart(target);
        TensorVisit.Sizes sizes = TensorVisit.sizes(model);
        if (sizes.outside() == 0 && sizes.inside() <= mostInside) {
            AtomicFile.write(target, model::writeTo);
            return;
        }
        Path data = dataFile(target);
        requireDataFile(data);
        external.requireApart(data);
        if (Destination.of(data).isSameFile(Destination.of(target))) {
            throw new FormatException(
                    data + ": file of the model's data must be another than the model, was the same as " + target);
        }
        ModelProto[] written = new ModelProto[1];
        AtomicFile.write(data, out -> {
            Outside outside = new Outside(external, data.getFileName().toString(), out);
            written[0] = TensorVisit.replaced(model, outside::moved);
        });
        AtomicFile.write(target, written[0]::writeTo);
    }

    /** Where the data of a model go that is written to {@code target}. */
    public static Path dataFile(Path target) {
        return target.resolveSibling(target.getFileName() + ".data");
    }

    /**
     * Refuses a place for data where they could not be read again.
     *
     * @throws FormatException if it is a link, which leads out of the model's folder perhaps, or no ordinary file
     */
    public static void requireDataFile(Path data) throws FormatException {
        if (Files.isSymbolicLink(data)) {
            throw new FormatException(data + ": file of the model's data must be an ordinary one, was a link");
        }
        if (!Destination.of(data).isFile()) {
            throw new FormatException(
                    data + ": file of the model's data must be an ordinary one, was a pipe or device");
        }
    }

    /** Moves tensors into the data file, one behind the other. */
    private static final class Outside {
        private static final int ALIGNMENT = 64;

        private final ExternalData external;
        private final String location;
        private final OutputStream out;
        private long position;

        Outside(ExternalData external, String location, OutputStream out) {
            this.external = external;
            this.location = location;
            this.out = out;
        }

        TensorProto moved(TensorProto tensor) throws IOException {
            boolean isOutside = ExternalData.isExternal(tensor);
            if (!isOutside && tensor.getRawData().size() < LEAST_BYTES) {
                return tensor;
            }
            out.write(new byte[(int) (-position & (ALIGNMENT - 1))]);
            position += -position & (ALIGNMENT - 1);
            long length;
            if (isOutside) {
                OnnxType type = Tensors.type(tensor)
                        .orElseThrow(() -> new FormatException("type of the external tensor " + tensor.getName()
                                + " must be known to be copied, was " + tensor.getDataType()));
                length = Tensors.bytes(tensor, type);
                external.copy(tensor, length, "tensor " + tensor.getName(), out);
            } else {
                length = tensor.getRawData().size();
                tensor.getRawData().writeTo(out);
            }
            TensorProto moved = tensor.toBuilder()
                    .clearRawData()
                    .clearExternalData()
                    .setDataLocation(DataLocation.EXTERNAL)
                    .addExternalData(entry("location", location))
                    .addExternalData(entry("offset", String.valueOf(position)))
                    .addExternalData(entry("length", String.valueOf(length)))
                    .build();
            position += length;
            return moved;
        }

        private static StringStringEntryProto entry(String key, String value) {
            return StringStringEntryProto.newBuilder()
                    .setKey(key)
                    .setValue(value)
                    .build();
        }
    }
}
