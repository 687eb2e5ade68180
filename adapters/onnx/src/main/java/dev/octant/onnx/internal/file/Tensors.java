// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.internal.file;

import ai.onnx.proto.OnnxMl.AttributeProto;
import ai.onnx.proto.OnnxMl.GraphProto;
import ai.onnx.proto.OnnxMl.NodeProto;
import ai.onnx.proto.OnnxMl.TensorProto;
import com.google.protobuf.ByteString;
import dev.octant.core.scalar.HalfType;
import dev.octant.formats.FormatException;
import dev.octant.formats.VisibleText;
import dev.octant.onnx.values.OnnxType;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Constants of a model: how large they are, what is in them, and new ones. */
public final class Tensors {
    private Tensors() {}

    /** The type of the elements, where it is one that is known. */
    public static Optional<OnnxType> type(TensorProto tensor) {
        return OnnxType.of(tensor.getDataType());
    }

    /** Whether its elements are of a type. */
    public static boolean isOf(TensorProto tensor, OnnxType type) {
        return tensor.getDataType() == type.code();
    }

    /** Number of elements; {@link ArithmeticException} where a {@code long} cannot hold it. */
    public static long size(TensorProto tensor) {
        if (tensor.getDimsList().contains(0L)) {
            return 0;
        }
        long size = 1;
        for (long length : tensor.getDimsList()) {
            size = Math.multiplyExact(size, length);
        }
        return size;
    }

    /** Bytes of the elements, packed where several share a byte. */
    public static long bytes(TensorProto tensor, OnnxType type) {
        return Math.addExact(Math.multiplyExact(size(tensor), (long) type.bits()), Byte.SIZE - 1) / Byte.SIZE;
    }

    /** Refuses a tensor that has not the elements that its type and shape ask for. */
    static void check(TensorProto tensor, ExternalData external, String place) throws IOException {
        for (long length : tensor.getDimsList()) {
            if (length < 0) {
                throw new FormatException(place + ": shape must have no negative dimension, was " + shownShape(tensor));
            }
        }
        Optional<OnnxType> type = type(tensor);
        if (type.isEmpty()) {
            checkUnknown(tensor, place);
            return;
        }
        long size;
        long bytes;
        try {
            size = size(tensor);
            bytes = bytes(tensor, type.get());
        } catch (ArithmeticException e) {
            throw new FormatException(
                    place + ": shape must span fewer than 2^63 bits, was " + shownShape(tensor) + " of " + type.get(),
                    e);
        }
        if (ExternalData.isExternal(tensor)) {
            if (type.get() == OnnxType.STRING) {
                throw new FormatException(place + ": text must be in the model itself, was in external data");
            }
            external.check(tensor, bytes, place);
        } else if (tensor.hasRawData()) {
            require(
                    tensor,
                    type.get(),
                    "bytes of raw data",
                    bytes,
                    tensor.getRawData().size(),
                    place);
        } else if (type.get().bits() >= Byte.SIZE || type.get() == OnnxType.STRING) {
            int parts = type.get() == OnnxType.COMPLEX64 || type.get() == OnnxType.COMPLEX128 ? 2 : 1;
            require(tensor, type.get(), "values", parts * size, values(tensor, type.get()), place);
        }
    }

    /** Of a type that is not known there is no saying how many bytes its elements take. */
    private static void checkUnknown(TensorProto tensor, String place) throws FormatException {
        if (ExternalData.isExternal(tensor)) {
            throw new FormatException(
                    place + ": type of a tensor in external data must be known, was number " + tensor.getDataType());
        }
        try {
            size(tensor);
        } catch (ArithmeticException e) {
            throw new FormatException(
                    place + ": shape must span fewer than 2^63 elements, was " + shownShape(tensor), e);
        }
    }

    private static void require(TensorProto tensor, OnnxType type, String what, long needed, long found, String place)
            throws FormatException {
        if (needed != found) {
            throw new FormatException(place + ": tensor must have the " + needed + " " + what + " that the shape "
                    + shownShape(tensor) + " of " + type + " asks for, was " + found);
        }
    }

    private static String shownShape(TensorProto tensor) {
        return VisibleText.of(tensor.getDimsList().toString());
    }

    private static int values(TensorProto tensor, OnnxType type) {
        return switch (type) {
            case FLOAT32, COMPLEX64 -> tensor.getFloatDataCount();
            case FLOAT64, COMPLEX128 -> tensor.getDoubleDataCount();
            case INT64 -> tensor.getInt64DataCount();
            case UINT32, UINT64 -> tensor.getUint64DataCount();
            case STRING -> tensor.getStringDataCount();
            default -> tensor.getInt32DataCount();
        };
    }

    /**
     * The values of a constant of float32 or float16, in C order.
     *
     * @throws FormatException if they are more than an array holds, or their file was changed
     */
    public static float[] floats(TensorProto tensor, ExternalData external) throws IOException {
        boolean isHalf = isOf(tensor, OnnxType.FLOAT16);
        String place = place(tensor, external);
        long size = size(tensor);
        if (size > Integer.MAX_VALUE / Float.BYTES) {
            throw new FormatException(
                    place + ": tensor must have at most " + Integer.MAX_VALUE / Float.BYTES + " values, was " + size);
        }
        float[] values = new float[(int) size];
        if (!ExternalData.isExternal(tensor) && !tensor.hasRawData()) {
            for (int i = 0; i < values.length; i++) {
                values[i] = isHalf ? HalfType.FLOAT16.toFloat((short) tensor.getInt32Data(i)) : tensor.getFloatData(i);
            }
            return values;
        }
        ByteBuffer bytes = ByteBuffer.wrap(raw(tensor, external)).order(ByteOrder.LITTLE_ENDIAN);
        if (isHalf) {
            short[] halves = new short[values.length];
            bytes.asShortBuffer().get(halves);
            HalfType.FLOAT16.toFloat(halves, 0, values, 0, values.length);
        } else {
            bytes.asFloatBuffer().get(values);
        }
        return values;
    }

    /**
     * The values of a constant of int32, int64, float32 or float64, in C order; empty for other types.
     *
     * @throws FormatException if their file was changed
     */
    public static Optional<double[]> numbers(TensorProto tensor, ExternalData external) throws IOException {
        Optional<OnnxType> type = type(tensor);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        boolean isRaw = ExternalData.isExternal(tensor) || tensor.hasRawData();
        ByteBuffer raw =
                isRaw ? ByteBuffer.wrap(raw(tensor, external)).order(ByteOrder.LITTLE_ENDIAN) : ByteBuffer.allocate(0);
        double[] numbers = new double[(int) size(tensor)];
        for (int i = 0; i < numbers.length; i++) {
            switch (type.get()) {
                case INT64 -> numbers[i] = isRaw ? raw.getLong() : tensor.getInt64Data(i);
                case INT32 -> numbers[i] = isRaw ? raw.getInt() : tensor.getInt32Data(i);
                case FLOAT32 -> numbers[i] = isRaw ? raw.getFloat() : tensor.getFloatData(i);
                case FLOAT64 -> numbers[i] = isRaw ? raw.getDouble() : tensor.getDoubleData(i);
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(numbers);
    }

    /** The constants of a graph by name, in its order; the map is the caller's. */
    public static Map<String, TensorProto> constants(GraphProto graph) {
        Map<String, TensorProto> constants = new LinkedHashMap<>();
        graph.getInitializerList().forEach(constant -> constants.put(constant.getName(), constant));
        return constants;
    }

    /** The numbers that a node {@code Constant} of ONNX holds; empty for other nodes, and for texts. */
    public static Optional<TensorProto> held(NodeProto node) {
        return Domains.isOp(node, "Constant") && node.getOutputCount() == 1
                ? node.getAttributeList().stream()
                        .flatMap(attribute -> held(attribute).stream())
                        .findFirst()
                : Optional.empty();
    }

    private static Optional<TensorProto> held(AttributeProto attribute) {
        return switch (attribute.getName()) {
            case "value" -> Optional.of(attribute.getT());
            case "value_int" -> Optional.of(ofLongs("", List.of(), attribute.getI()));
            case "value_float" -> Optional.of(ofFloats("", List.of(), attribute.getF()));
            case "value_ints" ->
                Optional.of(ofLongs(
                        "",
                        List.of((long) attribute.getIntsCount()),
                        attribute.getIntsList().stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
            default -> Optional.empty();
        };
    }

    /** The bytes of a constant whose elements are bytes in the model or in external data. */
    static byte[] raw(TensorProto tensor, ExternalData external) throws IOException {
        return ExternalData.isExternal(tensor)
                ? external.read(tensor, bytes(tensor, type(tensor).orElseThrow()), place(tensor, external))
                : tensor.getRawData().toByteArray();
    }

    private static String place(TensorProto tensor, ExternalData external) {
        return external.place() + ", tensor " + VisibleText.of(tensor.getName());
    }

    /** A constant of float32. */
    public static TensorProto ofFloats(String name, List<Long> shape, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(values);
        return of(name, OnnxType.FLOAT32, shape, bytes);
    }

    /** A constant of int32. */
    public static TensorProto ofInts(String name, List<Long> shape, int... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asIntBuffer().put(values);
        return of(name, OnnxType.INT32, shape, bytes);
    }

    /** A constant of int64. */
    public static TensorProto ofLongs(String name, List<Long> shape, long... values) {
        ByteBuffer bytes = ByteBuffer.allocate(values.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(values);
        return of(name, OnnxType.INT64, shape, bytes);
    }

    /** A constant of a type of one byte. */
    public static TensorProto ofBytes(String name, OnnxType type, List<Long> shape, byte... values) {
        return of(name, type, shape, ByteBuffer.wrap(values));
    }

    private static TensorProto of(String name, OnnxType type, List<Long> shape, ByteBuffer bytes) {
        return TensorProto.newBuilder()
                .setName(name)
                .setDataType(type.code())
                .addAllDims(shape)
                .setRawData(ByteString.copyFrom(bytes))
                .build();
    }
}
