// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Reads the file of a model.
 *
 * <p>Memory: the file, whose tensors are not copied out of it, and the objects of its graph, which {@link MessageBound}
 * bounds.
 */
public final class ModelReader {
    /** The longest message that protobuf knows. */
    static final long MAX_BYTES = Integer.MAX_VALUE;

    private ModelReader() {}

    /**
     * The model, checked by {@link ModelRules}.
     *
     * @throws FormatException if it is no model
     */
    public static ModelProto read(InputFile file, ExternalData external) throws IOException {
        if (file.size() > MAX_BYTES) {
            throw new FormatException(file.path() + ": model must have at most " + MAX_BYTES
                    + " bytes, with what is larger in external data, was " + file.size());
        }
        ByteBuffer bytes = ByteBuffer.allocate((int) file.size());
        try (FileChannel channel = file.open()) {
            file.readFully(channel, bytes, 0);
        }
        file.requireUnchanged();
        return parse(bytes.array(), external, file.path().toString());
    }

    /** The same from memory; {@code place} begins messages. */
    public static ModelProto parse(byte[] bytes, ExternalData external, String place) throws IOException {
        MessageBound.require(bytes, place);
        ModelProto model;
        try {
            CodedInputStream in = UnsafeByteOperations.unsafeWrap(bytes).newCodedInput();
            // Nobody else has the bytes: tensors may stay in them.
            in.enableAliasing(true);
            model = ModelProto.parseFrom(in);
        } catch (InvalidProtocolBufferException e) {
            throw new FormatException(place + ": file must be an ONNX model, was no protobuf message of that kind", e);
        }
        new ModelRules(external, place).check(model);
        return model;
    }
}
