// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.CodedInputStream;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.UnsafeByteOperations;
import dev.octant.formats.FormatException;
import dev.octant.formats.InputFile;
import dev.octant.formats.VisibleText;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;

/**
 * Reads the file of a model.
 *
 * <p>Memory: the file, whose tensors are not copied out of it, and the objects of its graph, which {@link MessageBound}
 * bounds.
 */
public final class ModelReader {
    /** The longest message that protobuf knows. */
    static final long MAX_BYTES = Integer.MAX_VALUE;

    /** Bytes in which a text has no control characters. */
    private static final int LOOKED_AT = 512;

    private static final int SHOWN = 30;
    private static final int DELETE = 0x7F;

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
            throw new FormatException(place + ": file must be an ONNX model, was " + flaw(bytes, isCut(e)), e);
        }
        if (!model.hasGraph() && (bytes.length == 0 || !beginning(bytes).isEmpty())) {
            throw new FormatException(place + ": file must be an ONNX model, was " + flaw(bytes, false));
        }
        new ModelRules(external, place).check(model);
        return model;
    }

    private static String flaw(byte[] bytes, boolean isCut) {
        if (bytes.length == 0) {
            return "empty";
        }
        String text = beginning(bytes);
        if (!text.isEmpty()) {
            return "a text that begins with '" + text + "'";
        }
        return isCut
                ? "cut: it ends within a field, after " + bytes.length + " bytes"
                : "no protobuf message of that kind";
    }

    /** Of a file that is text, as JSON is and the pointer that Git has for a large file; blank of others. */
    private static String beginning(byte[] bytes) {
        int length = Math.min(bytes.length, LOOKED_AT);
        for (int i = 0; i < length; i++) {
            boolean isBlank = bytes[i] == '\n' || bytes[i] == '\r' || bytes[i] == '\t';
            // Each field of a model begins with a control character.
            if (!isBlank && ((bytes[i] >= 0 && bytes[i] < ' ') || bytes[i] == DELETE)) {
                return "";
            }
        }
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        return VisibleText.of(text.strip().lines().findFirst().orElse(""), SHOWN);
    }

    /** Protobuf says so in words only. */
    private static boolean isCut(InvalidProtocolBufferException e) {
        return String.valueOf(e.getMessage()).contains("ended unexpectedly");
    }
}
