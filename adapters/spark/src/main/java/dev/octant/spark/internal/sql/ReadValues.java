// SPDX-License-Identifier: Apache-2.0
package dev.octant.spark.internal.sql;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.catalyst.util.ArrayData;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.bitset.BitSetMethods;

/**
 * The floats of a value of Spark: of a float, a double, or an array of them, or of arrays. A double is rounded to the
 * nearest float. What is null, as a whole or an element of it, is passed over and counted. Where structs lie on the way
 * to the floats, one field of each is read. Not thread safe.
 */
public final class ReadValues {
    private final DataType type;
    private final int[] fields;
    private float[] values = {};
    private int count;
    private long nulls;

    /**
     * Reads values of one type.
     *
     * @throws IllegalArgumentException if they are no floats
     */
    public ReadValues(DataType type) {
        obstacle(type).ifPresent(found -> {
            throw new IllegalArgumentException("values " + found);
        });
        this.type = type;
        this.fields = new int[0];
    }

    /**
     * Reads values of one type, where structs may lie on the way to the floats.
     *
     * @param fields which field of each struct leads to them, from the outermost
     */
    ReadValues(DataType type, List<Integer> fields) {
        this.type = type;
        this.fields = fields.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Why values of a type are not read, {@code must ..., was ...}; empty where they are. */
    public static Optional<String> obstacle(DataType type) {
        DataType element = type;
        while (element instanceof ArrayType array) {
            element = array.elementType();
        }
        // Spark would read a decimal or an integer as the bits of a float.
        return element instanceof FloatType || element instanceof DoubleType
                ? Optional.empty()
                : Optional.of("must be of FLOAT or DOUBLE or arrays of these, was " + type.sql()
                        + " (cast it to say how it is rounded)");
    }

    /** Whether a value of the type may be several. */
    public boolean isArray() {
        return type instanceof ArrayType;
    }

    /** Reads the floats of a value, which may be null: they are {@code values()[0 .. count())}. */
    public void read(Object value) {
        count = 0;
        if (value == null) {
            nulls++;
        } else {
            add(value, type, 0);
        }
    }

    /** The values read last, which the next call may replace. */
    public float[] values() {
        return values;
    }

    /** How many values were read last. */
    public int count() {
        return count;
    }

    /** How many nulls there were in all calls. */
    public long nulls() {
        return nulls;
    }

    /** The {@code depth} is how many structs lie around the value. */
    private void add(Object value, DataType of, int depth) {
        if (of instanceof FloatType) {
            add((Float) value);
        } else if (of instanceof DoubleType) {
            add((float) (double) (Double) value);
        } else if (of instanceof StructType struct) {
            addField((InternalRow) value, fields[depth], struct, depth);
        } else {
            addArray((ArrayData) value, (ArrayType) of, depth);
        }
    }

    private void addField(InternalRow row, int field, StructType struct, int depth) {
        if (row.isNullAt(field)) {
            nulls++;
        } else {
            DataType of = struct.apply(field).dataType();
            add(row.get(field, of), of, depth + 1);
        }
    }

    private void addArray(ArrayData array, ArrayType of, int depth) {
        int length = array.numElements();
        boolean hasNulls = of.containsNull() && hasNull(array, length);
        reserve(length);
        if (of.elementType() instanceof FloatType && !hasNulls) {
            // Where nulls are, this would give zeros.
            copyFloats(array, length);
            return;
        }
        for (int i = 0; i < length; i++) {
            if (hasNulls && array.isNullAt(i)) {
                nulls++;
            } else if (of.elementType() instanceof FloatType) {
                add(array.getFloat(i));
            } else if (of.elementType() instanceof DoubleType) {
                add((float) array.getDouble(i));
            } else {
                add(array.get(i, of.elementType()), of.elementType(), depth);
            }
        }
    }

    private void copyFloats(ArrayData array, int length) {
        if (array instanceof UnsafeArrayData unsafe) {
            // As its toFloatArray does, but to memory that is in the cache already.
            Platform.copyMemory(
                    unsafe.getBaseObject(),
                    unsafe.getBaseOffset() + UnsafeArrayData.calculateHeaderPortionInBytes(length),
                    values,
                    Platform.FLOAT_ARRAY_OFFSET + (long) Float.BYTES * count,
                    (long) Float.BYTES * length);
        } else {
            System.arraycopy(array.toFloatArray(), 0, values, count, length);
        }
        count += length;
    }

    private static boolean hasNull(ArrayData array, int length) {
        if (array instanceof UnsafeArrayData unsafe) {
            // A bit for each element, after the number of elements: 64 at a time.
            int before = UnsafeArrayData.calculateHeaderPortionInBytes(0);
            int bits = UnsafeArrayData.calculateHeaderPortionInBytes(length) - before;
            return BitSetMethods.anySet(unsafe.getBaseObject(), unsafe.getBaseOffset() + before, bits / Long.BYTES);
        }
        for (int i = 0; i < length; i++) {
            if (array.isNullAt(i)) {
                return true;
            }
        }
        return false;
    }

    private void add(float value) {
        reserve(1);
        values[count++] = value;
    }

    private void reserve(int more) {
        if (more > values.length - count) {
            values = Arrays.copyOf(values, Math.max(Math.addExact(count, more), Math.min(2 * count, 1 << 24)));
        }
    }
}
