// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;
import org.apache.commons.lang3.Validate;

/**
 * The element types of PyTorch tensors, by the codes that its files carry: {@code c10::ScalarType} 0 to 45.
 *
 * <p>Units: {@link #bits()} is the width of one value; {@link #unitBytes()} is the least piece of memory, which holds
 * {@link #elementsPerUnit()} values. A complex value is two floats, real part first. Codes are part of PyTorch's file
 * format and only grow at the end; {@code Undefined} always comes last, so its number moves, and it is not listed.
 *
 * <p>Errors: a code or name that is not in the list throws {@link IllegalArgumentException}. Immutable and thread safe.
 * Source: PyTorch 2.14, {@code torch/headeronly/core/ScalarType.h}.
 */
public enum ScalarType {
    BYTE(0, "Byte", "uint8", Kind.INTEGER, 8, Limits.unsigned(8), Use.COMPUTES),
    CHAR(1, "Char", "int8", Kind.INTEGER, 8, Limits.signed(8), Use.COMPUTES),
    SHORT(2, "Short", "int16", Kind.INTEGER, 16, Limits.signed(16), Use.NAMES),
    INT(3, "Int", "int32", Kind.INTEGER, 32, Limits.signed(32), Use.NAMES),
    LONG(4, "Long", "int64", Kind.INTEGER, 64, Limits.signed(64), Use.NAMES),
    HALF(5, "Half", "float16", Kind.FLOAT, 16, Limits.symmetric(HalfType.FLOAT16.max()), Use.COMPUTES),
    FLOAT(6, "Float", "float32", Kind.FLOAT, 32, Limits.symmetric(Float.MAX_VALUE), Use.COMPUTES),
    DOUBLE(7, "Double", "float64", Kind.FLOAT, 64, Limits.symmetric(Double.MAX_VALUE), Use.READS),
    COMPLEX_HALF(8, "ComplexHalf", "complex32", Kind.COMPLEX, 32, Limits.symmetric(HalfType.FLOAT16.max()), Use.NAMES),
    COMPLEX_FLOAT(9, "ComplexFloat", "complex64", Kind.COMPLEX, 64, Limits.symmetric(Float.MAX_VALUE), Use.NAMES),
    COMPLEX_DOUBLE(10, "ComplexDouble", "complex128", Kind.COMPLEX, 128, Limits.symmetric(Double.MAX_VALUE), Use.NAMES),
    BOOL(11, "Bool", "bool", Kind.BOOLEAN, 8, Limits.unsigned(1), Use.NAMES),
    QINT8(12, "QInt8", "qint8", Kind.QUANTIZED, 8, Limits.signed(8), Use.COMPUTES),
    QUINT8(13, "QUInt8", "quint8", Kind.QUANTIZED, 8, Limits.unsigned(8), Use.COMPUTES),
    QINT32(14, "QInt32", "qint32", Kind.QUANTIZED, 32, Limits.signed(32), Use.NAMES),
    BFLOAT16(15, "BFloat16", "bfloat16", Kind.FLOAT, 16, Limits.symmetric(HalfType.BFLOAT16.max()), Use.COMPUTES),
    QUINT4X2(16, "QUInt4x2", "quint4x2", Kind.QUANTIZED, 4, 1, 2, Limits.unsigned(4), Use.READS),
    QUINT2X4(17, "QUInt2x4", "quint2x4", Kind.QUANTIZED, 2, 1, 4, Limits.unsigned(2), Use.NAMES),
    BITS1X8(18, "Bits1x8", "bits1x8", Kind.BITS, 1, 1, 8, null, Use.NAMES),
    BITS2X4(19, "Bits2x4", "bits2x4", Kind.BITS, 2, 1, 4, null, Use.NAMES),
    BITS4X2(20, "Bits4x2", "bits4x2", Kind.BITS, 4, 1, 2, null, Use.NAMES),
    BITS8(21, "Bits8", "bits8", Kind.BITS, 8, null, Use.NAMES),
    BITS16(22, "Bits16", "bits16", Kind.BITS, 16, null, Use.NAMES),
    FLOAT8_E5M2(23, "Float8_e5m2", Float8Type.E5M2),
    FLOAT8_E4M3FN(24, "Float8_e4m3fn", Float8Type.E4M3FN),
    FLOAT8_E5M2FNUZ(25, "Float8_e5m2fnuz", Float8Type.E5M2FNUZ),
    FLOAT8_E4M3FNUZ(26, "Float8_e4m3fnuz", Float8Type.E4M3FNUZ),
    UINT16(27, "UInt16", "uint16", Kind.INTEGER, 16, Limits.unsigned(16), Use.NAMES),
    UINT32(28, "UInt32", "uint32", Kind.INTEGER, 32, Limits.unsigned(32), Use.NAMES),
    UINT64(29, "UInt64", "uint64", Kind.INTEGER, 64, Limits.unsigned(64), Use.NAMES),
    UINT1(30, "UInt1", "uint1", Kind.INTEGER, 1, Limits.unsigned(1), Use.NAMES),
    UINT2(31, "UInt2", "uint2", Kind.INTEGER, 2, Limits.unsigned(2), Use.NAMES),
    UINT3(32, "UInt3", "uint3", Kind.INTEGER, 3, Limits.unsigned(3), Use.NAMES),
    UINT4(33, "UInt4", "uint4", Kind.INTEGER, 4, Limits.unsigned(4), Use.NAMES),
    UINT5(34, "UInt5", "uint5", Kind.INTEGER, 5, Limits.unsigned(5), Use.NAMES),
    UINT6(35, "UInt6", "uint6", Kind.INTEGER, 6, Limits.unsigned(6), Use.NAMES),
    UINT7(36, "UInt7", "uint7", Kind.INTEGER, 7, Limits.unsigned(7), Use.NAMES),
    INT1(37, "Int1", "int1", Kind.INTEGER, 1, Limits.signed(1), Use.NAMES),
    INT2(38, "Int2", "int2", Kind.INTEGER, 2, Limits.signed(2), Use.NAMES),
    INT3(39, "Int3", "int3", Kind.INTEGER, 3, Limits.signed(3), Use.NAMES),
    INT4(40, "Int4", "int4", Kind.INTEGER, 4, Limits.signed(4), Use.NAMES),
    INT5(41, "Int5", "int5", Kind.INTEGER, 5, Limits.signed(5), Use.NAMES),
    INT6(42, "Int6", "int6", Kind.INTEGER, 6, Limits.signed(6), Use.NAMES),
    INT7(43, "Int7", "int7", Kind.INTEGER, 7, Limits.signed(7), Use.NAMES),
    FLOAT8_E8M0FNU(44, "Float8_e8m0fnu", Float8Type.E8M0FNU),
    FLOAT4_E2M1FN_X2(45, "Float4_e2m1fn_x2", "float4_e2m1fn_x2", Kind.FLOAT, 4, 1, 2, Limits.symmetric(6), Use.NAMES);

    /** What a type's values are. */
    public enum Kind {
        INTEGER,
        FLOAT,
        COMPLEX,
        BOOLEAN,

        /** Integer codes whose tensor carries their scale and zero point. */
        QUANTIZED,

        /** Bits without a meaning of their own. */
        BITS
    }

    /** What Octant does with a type's values. */
    public enum Use {
        /** Has kernels for them: quantization, tables or activations. */
        COMPUTES,

        /** Turns them into floats, exactly where a float can hold them. */
        READS,

        /** Knows the type and can say what it is. */
        NAMES
    }

    /** The least and the largest finite value, exactly; of the parts, for a complex type. */
    public record Limits(BigDecimal least, BigDecimal largest) {
        static Limits unsigned(int bits) {
            return new Limits(BigDecimal.ZERO, power(bits).subtract(BigDecimal.ONE));
        }

        static Limits signed(int bits) {
            return new Limits(power(bits - 1).negate(), power(bits - 1).subtract(BigDecimal.ONE));
        }

        static Limits symmetric(double largest) {
            return new Limits(new BigDecimal(-largest), new BigDecimal(largest));
        }

        private static BigDecimal power(int exponent) {
            return new BigDecimal(BigInteger.ONE.shiftLeft(exponent));
        }
    }

    /** The constants stand in the order of their codes, which have no gap. */
    private static final ScalarType[] BY_CODE = values();

    private static final String DTYPE_PREFIX = "torch.";

    private final int code;
    private final String label;
    private final String dtype;
    private final Kind kind;
    private final int bits;
    private final int unitBytes;
    private final int elementsPerUnit;
    private final Optional<Limits> limits;
    private final Use use;

    ScalarType(int code, String label, Float8Type type) {
        this(code, label, type.label(), Kind.FLOAT, 8, float8Limits(type), Use.READS);
    }

    /** A type whose values have whole bytes of their own; narrower ones are not packed. */
    ScalarType(int code, String label, String dtype, Kind kind, int bits, Limits limits, Use use) {
        this(code, label, dtype, kind, bits, (bits + 7) / 8, 1, limits, use);
    }

    ScalarType(
            int code,
            String label,
            String dtype,
            Kind kind,
            int bits,
            int unitBytes,
            int elementsPerUnit,
            Limits limits,
            Use use) {
        this.code = code;
        this.label = label;
        this.dtype = dtype;
        this.kind = kind;
        this.bits = bits;
        this.unitBytes = unitBytes;
        this.elementsPerUnit = elementsPerUnit;
        this.limits = Optional.ofNullable(limits);
        this.use = use;
    }

    /** The type of a code. */
    public static ScalarType of(int code) {
        Validate.isTrue(
                code >= 0 && code < BY_CODE.length,
                "code of a scalar type must be 0 to %s, was %s",
                BY_CODE.length - 1,
                code);
        return BY_CODE[code];
    }

    /**
     * The type of a name, as PyTorch prints it in C++ or in Python: {@code Half}, {@code float16}, {@code
     * torch.float16}.
     */
    public static ScalarType of(String name) {
        Validate.notNull(name, "name of a scalar type must be given, was null");
        String dtype = name.startsWith(DTYPE_PREFIX) ? name.substring(DTYPE_PREFIX.length()) : name;
        for (ScalarType type : BY_CODE) {
            if (type.label.equals(name) || type.dtype.equals(dtype)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "name of a scalar type must be one of PyTorch's, such as Half or torch.float16, was " + name);
    }

    /** The number of this type in files. */
    public int code() {
        return code;
    }

    /** The name PyTorch prints in C++ and in error messages: {@code Half}. */
    public String label() {
        return label;
    }

    /** The name PyTorch prints in Python: {@code torch.float16}. */
    public String dtype() {
        return DTYPE_PREFIX + dtype;
    }

    /** What the values are. */
    public Kind kind() {
        return kind;
    }

    /** Width of one value; a bool takes the 8 bits it is stored in, a complex value those of both its parts. */
    public int bits() {
        return bits;
    }

    /** Size of the least piece of memory PyTorch allots, its {@code itemsize}. */
    public int unitBytes() {
        return unitBytes;
    }

    /** How many values one such piece holds: 1, or 2, 4, 8 in the packed types. */
    public int elementsPerUnit() {
        return elementsPerUnit;
    }

    /** Whether values may be negative. */
    public boolean isSigned() {
        return limits.isPresent() && limits.get().least().signum() < 0;
    }

    /** The finite values' least and largest; empty for bits without meaning. */
    public Optional<Limits> limits() {
        return limits;
    }

    /** What Octant does with the values. */
    public Use use() {
        return use;
    }

    @Override
    public String toString() {
        return label;
    }

    private static Limits float8Limits(Float8Type type) {
        return type == Float8Type.E8M0FNU
                ? new Limits(new BigDecimal(type.minPositive()), new BigDecimal(type.max()))
                : Limits.symmetric(type.max());
    }
}
