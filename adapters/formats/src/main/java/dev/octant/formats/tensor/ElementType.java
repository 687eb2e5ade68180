// SPDX-License-Identifier: Apache-2.0
package dev.octant.formats.tensor;

/**
 * The element types of arrays that Octant reads: three floating-point types for real values, two integers for codes.
 *
 * <p>Immutable and thread safe, like every enum. Source: the {@code descr} strings of the NumPy array interface.
 */
public enum ElementType {
    /** IEEE 754 binary16, {@code f2}. */
    FLOAT16(NumberType.FLOAT16, StoredType.FLOAT16),

    /** IEEE 754 binary32, {@code f4}. */
    FLOAT32(NumberType.FLOAT32, StoredType.FLOAT32),

    /** IEEE 754 binary64, {@code f8}. */
    FLOAT64(NumberType.FLOAT64, StoredType.FLOAT64),

    /** A signed byte, {@code i1}. */
    INT8(NumberType.INT8, StoredType.INT8),

    /** An unsigned byte, {@code u1}. */
    UINT8(NumberType.UINT8, StoredType.UINT8);

    private final NumberType number;
    private final StoredType stored;

    ElementType(NumberType number, StoredType stored) {
        this.number = number;
        this.stored = stored;
    }

    /** NumPy's name of the type: {@code float16}, {@code float32}, {@code float64}, {@code int8}, {@code uint8}. */
    public String label() {
        return number.label();
    }

    /** Bytes per element. */
    public int bytes() {
        return number.bytes();
    }

    /** Whether elements are real values, read with {@link ArrayReader#readFloats}; the others are bytes. */
    public boolean isFloat() {
        return this == FLOAT16 || this == FLOAT32 || this == FLOAT64;
    }

    /** Kind and width as a file states them, without the byte order: {@code f4}. */
    String descriptor() {
        return number.descriptor();
    }

    /** How bytes stand for real numbers. */
    StoredType stored() {
        return stored;
    }

    @Override
    public String toString() {
        return label();
    }
}
