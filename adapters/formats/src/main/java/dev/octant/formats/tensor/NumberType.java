// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

import java.util.Optional;

/**
 * The types of numbers that arrays of NumPy hold and inputs of models take: what {@link RowArray} and {@link NpzWriter}
 * move as bytes. {@link ElementType} names those of them whose values Octant computes with.
 *
 * <p>Immutable and thread safe, like every enum. Source: the {@code descr} strings of the NumPy array interface.
 */
public enum NumberType {
    BOOL("bool", "b1", 1),
    INT8("int8", "i1", 1),
    UINT8("uint8", "u1", 1),
    INT16("int16", "i2", 2),
    UINT16("uint16", "u2", 2),
    INT32("int32", "i4", 4),
    UINT32("uint32", "u4", 4),
    INT64("int64", "i8", 8),
    UINT64("uint64", "u8", 8),
    FLOAT16("float16", "f2", 2),
    FLOAT32("float32", "f4", 4),
    FLOAT64("float64", "f8", 8);

    private final String label;
    private final String descriptor;
    private final int bytes;

    NumberType(String label, String descriptor, int bytes) {
        this.label = label;
        this.descriptor = descriptor;
        this.bytes = bytes;
    }

    /** NumPy's name of the type: {@code float32}, {@code int64}, {@code bool}. */
    public String label() {
        return label;
    }

    /** Bytes per number. */
    public int bytes() {
        return bytes;
    }

    /** Kind and width as a file states them, without the byte order: {@code f4}. */
    String descriptor() {
        return descriptor;
    }

    /** The type of a {@link #descriptor}, if it is one of these. */
    static Optional<NumberType> of(String descriptor) {
        for (NumberType type : values()) {
            if (type.descriptor.equals(descriptor)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    @Override
    public String toString() {
        return label;
    }
}
