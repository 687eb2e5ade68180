// SPDX-License-Identifier: Apache-2.0
package dev.octant.onnx.values;

import dev.octant.formats.tensor.NumberType;
import java.util.Optional;

/**
 * The element types of ONNX tensors, by the codes that model files carry.
 *
 * <p>Immutable and thread safe, like every enum. Source: ONNX 1.23, {@code TensorProto.DataType}.
 */
public enum OnnxType {
    FLOAT32(1, "float32", 32, NumberType.FLOAT32),
    UINT8(2, "uint8", 8, NumberType.UINT8),
    INT8(3, "int8", 8, NumberType.INT8),
    UINT16(4, "uint16", 16, NumberType.UINT16),
    INT16(5, "int16", 16, NumberType.INT16),
    INT32(6, "int32", 32, NumberType.INT32),
    INT64(7, "int64", 64, NumberType.INT64),
    /** Text: no number of bits. */
    STRING(8, "string", 0, null),
    BOOL(9, "bool", 8, NumberType.BOOL),
    FLOAT16(10, "float16", 16, NumberType.FLOAT16),
    FLOAT64(11, "float64", 64, NumberType.FLOAT64),
    UINT32(12, "uint32", 32, NumberType.UINT32),
    UINT64(13, "uint64", 64, NumberType.UINT64),
    COMPLEX64(14, "complex64", 64, null),
    COMPLEX128(15, "complex128", 128, null),
    BFLOAT16(16, "bfloat16", 16, null),
    FLOAT8_E4M3FN(17, "float8e4m3fn", 8, null),
    FLOAT8_E4M3FNUZ(18, "float8e4m3fnuz", 8, null),
    FLOAT8_E5M2(19, "float8e5m2", 8, null),
    FLOAT8_E5M2FNUZ(20, "float8e5m2fnuz", 8, null),
    UINT4(21, "uint4", 4, null),
    INT4(22, "int4", 4, null),
    FLOAT4_E2M1(23, "float4e2m1", 4, null),
    FLOAT8_E8M0(24, "float8e8m0", 8, null),
    UINT2(25, "uint2", 2, null),
    INT2(26, "int2", 2, null);

    /** The constants stand in the order of their codes, which begin with 1. */
    private static final OnnxType[] BY_CODE = values();

    private final int code;
    private final String label;
    private final int bits;
    private final NumberType number;

    OnnxType(int code, String label, int bits, NumberType number) {
        this.code = code;
        this.label = label;
        this.bits = bits;
        this.number = number;
    }

    /** The type of a code; empty for 0, which is no type, and for those of later versions. */
    public static Optional<OnnxType> of(int code) {
        return code >= 1 && code <= BY_CODE.length ? Optional.of(BY_CODE[code - 1]) : Optional.empty();
    }

    /** The number that stands for it in a file. */
    public int code() {
        return code;
    }

    /** Its name: {@code float32}, {@code int64}. */
    public String label() {
        return label;
    }

    /** Bits of one element, of which two or four share a byte below 8; 0 for {@link #STRING}. */
    public int bits() {
        return bits;
    }

    /** The same type in files of arrays, if it has one. */
    public Optional<NumberType> number() {
        return Optional.ofNullable(number);
    }

    @Override
    public String toString() {
        return label;
    }
}
