// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.models;

import dev.octant.formats.tensor.NumberType;
import dev.octant.onnx.values.TensorValue;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.FloatType;

/** The rows of an input that make a batch, one behind the other. Not thread safe. */
final class InputBuffer {
    private static final long NONE = -1;

    private final ModelInput input;
    private final int ordinal;
    private ByteBuffer bytes = buffer(1 << 10);
    private long rowBytes = NONE;

    /** Of an input that is fed from the column of that number. */
    InputBuffer(ModelInput input, int ordinal) {
        this.input = input;
        this.ordinal = ordinal;
    }

    private static ByteBuffer buffer(int capacity) {
        return ByteBuffer.allocateDirect(capacity).order(ByteOrder.nativeOrder());
    }

    /** Whether a row has as many numbers as those that are there. */
    boolean isAlike(InternalRow row) {
        return rowBytes == NONE || bytes(row) == rowBytes;
    }

    /** Adds a row, which is like those that are there. */
    void add(InternalRow row) {
        rowBytes = bytes(row);
        reserve(rowBytes);
        put(row.get(ordinal, input.column()), input.column());
    }

    private long bytes(InternalRow row) {
        requireThere(row.isNullAt(ordinal));
        return input.number() == NumberType.UINT8
                ? row.getBinary(ordinal).length
                : numbers(row.get(ordinal, input.column()), input.column())
                        * input.number().bytes();
    }

    private static long numbers(Object value, DataType type) {
        if (!(type instanceof ArrayType array)) {
            return 1;
        }
        ArrayData data = (ArrayData) value;
        if (!(array.elementType() instanceof ArrayType)) {
            return data.numElements();
        }
        long numbers = 0;
        for (int i = 0; i < data.numElements(); i++) {
            // A null is found when the numbers are taken.
            numbers += data.isNullAt(i) ? 0 : numbers(data.getArray(i), array.elementType());
        }
        return numbers;
    }

    private void requireThere(boolean isNull) {
        if (isNull) {
            throw new IllegalArgumentException(
                    "column " + input.name() + " must have all numbers that the model takes, had a NULL");
        }
    }

    private void reserve(long more) {
        long needed = bytes.position() + more;
        if (needed > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(
                    "batch must have less than 2 GiB for an input, was " + needed + " bytes for " + input.name());
        }
        if (needed > bytes.capacity()) {
            bytes = buffer((int) Math.min(Integer.MAX_VALUE, Math.max(needed, 2L * bytes.capacity())))
                    .put(bytes.flip());
        }
    }

    private void put(Object value, DataType type) {
        if (type instanceof ArrayType array) {
            ArrayData data = (ArrayData) value;
            for (int i = 0; i < data.numElements(); i++) {
                requireThere(data.isNullAt(i));
            }
            if (array.elementType() instanceof FloatType) {
                float[] numbers = data.toFloatArray();
                bytes.asFloatBuffer().put(numbers);
                bytes.position(bytes.position() + numbers.length * Float.BYTES);
                return;
            }
            for (int i = 0; i < data.numElements(); i++) {
                put(data.get(i, array.elementType()), array.elementType());
            }
            return;
        }
        switch (input.number()) {
            case FLOAT32 -> bytes.putFloat((Float) value);
            case FLOAT64 -> bytes.putDouble((Double) value);
            case INT64 -> bytes.putLong((Long) value);
            case INT32 -> bytes.putInt((Integer) value);
            case INT16 -> bytes.putShort((Short) value);
            case INT8 -> bytes.put((Byte) value);
            case BOOL -> bytes.put((byte) ((Boolean) value ? 1 : 0));
            case UINT8 -> bytes.put((byte[]) value);
            case UINT16, UINT32, UINT64, FLOAT16 -> throw new IllegalStateException("input of " + input.number());
        }
    }

    /** The rows, so many, as the model takes them: valid until the next are added. */
    TensorValue take(long rows) {
        long numbers = rowBytes / input.number().bytes();
        TensorValue value = new TensorValue(
                input.number(), input.shape(rows, numbers), bytes.flip().slice().order(ByteOrder.nativeOrder()));
        bytes.clear();
        rowBytes = NONE;
        return value;
    }
}
