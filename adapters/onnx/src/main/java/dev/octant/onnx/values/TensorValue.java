// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.core.scalar.HalfType;
import dev.octant.formats.tensor.NumberType;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.commons.lang3.Validate;

/**
 * A tensor that goes into a model or comes out of it.
 *
 * <p>The buffer is not copied: whoever made it says how long it stays as it is. Thread safe as far as that holds.
 *
 * @param type of its numbers
 * @param shape its dimensions, outermost first; empty for one number
 * @param bytes the numbers in C order, from the buffer's position to its limit, in native order
 */
public record TensorValue(NumberType type, List<Long> shape, ByteBuffer bytes) {
    public TensorValue {
        shape = List.copyOf(shape);
        Validate.isTrue(
                bytes.order() == ByteOrder.nativeOrder(),
                "numbers of a tensor must be in native byte order, was %s",
                bytes.order());
    }

    /** A tensor of float32 with a buffer of its own. */
    public static TensorValue of(List<Long> shape, float... values) {
        ByteBuffer bytes =
                ByteBuffer.allocateDirect(values.length * Float.BYTES).order(ByteOrder.nativeOrder());
        bytes.asFloatBuffer().put(values);
        return new TensorValue(NumberType.FLOAT32, shape, bytes);
    }

    /**
     * The numbers of a tensor of float32, in C order.
     *
     * @throws IllegalArgumentException if it is of another type
     */
    public float[] floats() {
        Validate.isTrue(type == NumberType.FLOAT32, "tensor must be of float32, was %s", type);
        float[] values = new float[bytes.remaining() / Float.BYTES];
        numbers().asFloatBuffer().get(values);
        return values;
    }

    /**
     * The numbers of a tensor of any type, in C order: exactly, but for integers beyond 2^53; a bool is 0 or 1.
     */
    public double[] doubles() {
        ByteBuffer numbers = numbers();
        double[] values = new double[numbers.remaining() / type.bytes()];
        for (int i = 0; i < values.length; i++) {
            int at = i * type.bytes();
            values[i] = switch (type) {
                case BOOL, UINT8 -> numbers.get(at) & 0xFF;
                case INT8 -> numbers.get(at);
                case INT16 -> numbers.getShort(at);
                case UINT16 -> numbers.getShort(at) & 0xFFFF;
                case INT32 -> numbers.getInt(at);
                case UINT32 -> numbers.getInt(at) & 0xFFFFFFFFL;
                case INT64 -> numbers.getLong(at);
                case UINT64 -> new BigInteger(Long.toUnsignedString(numbers.getLong(at))).doubleValue();
                case FLOAT16 -> HalfType.FLOAT16.toFloat(numbers.getShort(at));
                case FLOAT32 -> numbers.getFloat(at);
                case FLOAT64 -> numbers.getDouble(at);
            };
        }
        return values;
    }

    /** A slice of a buffer forgets its order. */
    private ByteBuffer numbers() {
        return bytes.slice().order(ByteOrder.nativeOrder());
    }
}
