// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.ModelProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import dev.octant.formats.FormatException;

/**
 * How much memory the messages of a model take, found out before any is made: an empty attribute has two bytes in the
 * file and more than a hundred in memory.
 *
 * <p>At most {@link #BYTES_PER_BYTE} bytes for each byte of the file, and {@link #BASE} besides. A graph that exporters
 * write takes 10 to 20 for each byte of its nodes, and next to nothing for those of its constants.
 *
 * <p>What is no message, or is nested too deeply, is left to protobuf, which refuses it before it has made more than
 * was counted here. Source: protobuf's wire format.
 */
final class MessageBound {
    /** The most bytes of memory for a byte of the file. */
    static final int BYTES_PER_BYTE = 32;

    /** The bytes of memory that every model may take, however short. */
    static final long BASE = 16 << 20;

    /** How deep protobuf reads. */
    private static final int MOST_DEPTH = 100;

    /** An object, and so much for each field: what its lists take when they have something in them is in this. */
    private static final int MESSAGE = 40;

    private static final int FIELD = 8;

    /** Bytes in place, and a string made of them later. */
    private static final int TEXT = 80;

    /** An element of a list that grows by halves; more than a single number takes. */
    private static final int NUMBER = 16;

    /** A field, its list, and the entry of a map by its number. */
    private static final int UNKNOWN = 256;

    private final byte[] bytes;
    private final long most;
    private long needed;
    private int at;
    private boolean isBroken;

    private MessageBound(byte[] bytes) {
        this.bytes = bytes;
        this.most = BASE + (long) BYTES_PER_BYTE * bytes.length;
    }

    /**
     * Refuses a model whose messages take more.
     *
     * @param place begins the message
     */
    static void require(byte[] bytes, String place) throws FormatException {
        MessageBound bound = new MessageBound(bytes);
        bound.message(ModelProto.getDescriptor(), bytes.length, 0);
        if (bound.needed > bound.most) {
            throw new FormatException(place + ": nodes, attributes, names and the like of a model must take at most "
                    + BYTES_PER_BYTE + " bytes of memory for each byte of its file, and " + (BASE >> 20)
                    + " MiB besides, was with more, as those have that are empty");
        }
    }

    private boolean isOver() {
        return isBroken || needed > most;
    }

    /** Counts a message that ends at a place, and stands behind it unless it is over. */
    private void message(Descriptor type, int end, int depth) {
        needed += MESSAGE + (long) FIELD * type.getFields().size();
        int groups = 0;
        while (at < end && !isOver()) {
            int tag = (int) varint(end);
            int wire = WireFormat.getTagWireType(tag);
            if (wire == WireFormat.WIRETYPE_END_GROUP) {
                groups--;
                isBroken |= groups < 0;
                continue;
            }
            // What is in a group is of no field that is known.
            FieldDescriptor field = groups > 0 ? null : type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            switch (wire) {
                case WireFormat.WIRETYPE_VARINT -> {
                    varint(end);
                    needed += field == null ? UNKNOWN : NUMBER;
                }
                case WireFormat.WIRETYPE_FIXED32 -> fixed(field, Integer.BYTES, end);
                case WireFormat.WIRETYPE_FIXED64 -> fixed(field, Long.BYTES, end);
                case WireFormat.WIRETYPE_LENGTH_DELIMITED -> delimited(field, end, depth);
                case WireFormat.WIRETYPE_START_GROUP -> {
                    groups++;
                    needed += UNKNOWN;
                }
                default -> isBroken = true;
            }
        }
    }

    private void fixed(FieldDescriptor field, int length, int end) {
        needed += field == null ? UNKNOWN : NUMBER;
        skip(length, end);
    }

    private void delimited(FieldDescriptor field, int end, int depth) {
        long length = varint(end);
        if (isBroken || length < 0 || length > end - at) {
            isBroken = true;
            return;
        }
        int behind = at + (int) length;
        if (field == null) {
            needed += UNKNOWN;
        } else {
            switch (field.getJavaType()) {
                case MESSAGE -> {
                    if (depth < MOST_DEPTH) {
                        needed += NUMBER;
                        message(field.getMessageType(), behind, depth + 1);
                    }
                }
                case STRING, BYTE_STRING -> needed += TEXT;
                case FLOAT, DOUBLE -> needed += 2 * length;
                default -> needed += NUMBER * length;
            }
        }
        at = behind;
    }

    private void skip(long length, int end) {
        isBroken |= length > end - at;
        at += isBroken ? 0 : (int) length;
    }

    private long varint(int end) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE && at < end; shift += 7) {
            byte next = bytes[at++];
            value |= (long) (next & 0x7F) << shift;
            if (next >= 0) {
                return value;
            }
        }
        isBroken = true;
        return 0;
    }
}
