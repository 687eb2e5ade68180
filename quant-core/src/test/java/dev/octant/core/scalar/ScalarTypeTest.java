// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.scalar;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.scalar.ScalarType.Kind;
import dev.octant.core.scalar.ScalarType.Limits;
import dev.octant.core.scalar.ScalarType.Use;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarTypeTest {
    /** The list of c10/core/ScalarType.h, in its order. */
    private static final List<String> C10 = List.of(
                    "Byte Char Short Int Long Half Float Double ComplexHalf ComplexFloat ComplexDouble Bool".split(" "),
                    "QInt8 QUInt8 QInt32".split(" "),
                    "BFloat16 QUInt4x2 QUInt2x4 Bits1x8 Bits2x4 Bits4x2 Bits8 Bits16 Float8_e5m2 Float8_e4m3fn"
                            .split(" "),
                    "Float8_e5m2fnuz Float8_e4m3fnuz UInt16 UInt32 UInt64 UInt1 UInt2 UInt3 UInt4 UInt5 UInt6 UInt7"
                            .split(" "),
                    "Int1 Int2 Int3 Int4 Int5 Int6 Int7 Float8_e8m0fnu Float4_e2m1fn_x2".split(" "))
            .stream()
            .flatMap(Arrays::stream)
            .toList();

    @Test
    void codesAndNamesAreThoseOfPyTorch() {
        assertEquals(46, C10.size());
        for (int code = 0; code < C10.size(); code++) {
            ScalarType type = ScalarType.of(code);
            assertEquals(code, type.code());
            assertEquals(C10.get(code), type.label());
            assertEquals(C10.get(code), type.toString());
        }
        assertEquals(46, ScalarType.values().length);
    }

    @ParameterizedTest
    @EnumSource
    void everyNameFindsItsType(ScalarType type) {
        assertSame(type, ScalarType.of(type.label()));
        assertSame(type, ScalarType.of(type.dtype()));
        assertSame(type, ScalarType.of(type.dtype().substring("torch.".length())));
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 46, 255, Integer.MIN_VALUE})
    void otherCodesAreRefused(int code) {
        assertEquals(
                "code of a scalar type must be 0 to 45, was " + code,
                assertThrows(IllegalArgumentException.class, () -> ScalarType.of(code))
                        .getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "half", "torch.Half", "float8", "Undefined", "torch.torch.int8"})
    void otherNamesAreRefused(String name) {
        assertEquals(
                "name of a scalar type must be one of PyTorch's, such as Half or torch.float16, was " + name,
                assertThrows(IllegalArgumentException.class, () -> ScalarType.of(name))
                        .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "BYTE, INTEGER, 8, 1, 1, 0, 255",
        "CHAR, INTEGER, 8, 1, 1, -128, 127",
        "LONG, INTEGER, 64, 8, 1, -9223372036854775808, 9223372036854775807",
        "HALF, FLOAT, 16, 2, 1, -65504, 65504",
        "COMPLEX_DOUBLE, COMPLEX, 128, 16, 1, -0x1.FFFFFFFFFFFFFp1023, 0x1.FFFFFFFFFFFFFp1023",
        "COMPLEX_HALF, COMPLEX, 32, 4, 1, -65504, 65504",
        "BOOL, BOOLEAN, 8, 1, 1, 0, 1",
        "QINT32, QUANTIZED, 32, 4, 1, -2147483648, 2147483647",
        "BFLOAT16, FLOAT, 16, 2, 1, -0x1.FEp127, 0x1.FEp127",
        "QUINT4X2, QUANTIZED, 4, 1, 2, 0, 15",
        "QUINT2X4, QUANTIZED, 2, 1, 4, 0, 3",
        "FLOAT8_E5M2, FLOAT, 8, 1, 1, -57344, 57344",
        "FLOAT8_E4M3FN, FLOAT, 8, 1, 1, -448, 448",
        "FLOAT8_E4M3FNUZ, FLOAT, 8, 1, 1, -240, 240",
        "UINT64, INTEGER, 64, 8, 1, 0, 18446744073709551615",
        "UINT1, INTEGER, 1, 1, 1, 0, 1",
        "UINT7, INTEGER, 7, 1, 1, 0, 127",
        "INT1, INTEGER, 1, 1, 1, -1, 0",
        "INT4, INTEGER, 4, 1, 1, -8, 7",
        "FLOAT8_E8M0FNU, FLOAT, 8, 1, 1, 0x1p-127, 0x1p127",
        "FLOAT4_E2M1FN_X2, FLOAT, 4, 1, 2, -6, 6",
    })
    void sizesAndLimits(
            ScalarType type, Kind kind, int bits, int unitBytes, int elementsPerUnit, String least, String largest) {
        assertEquals(kind, type.kind());
        assertEquals(bits, type.bits());
        assertEquals(unitBytes, type.unitBytes());
        assertEquals(elementsPerUnit, type.elementsPerUnit());
        assertEquals(0, exact(least).compareTo(type.limits().orElseThrow().least()));
        assertEquals(0, exact(largest).compareTo(type.limits().orElseThrow().largest()));
        assertEquals(exact(least).signum() < 0, type.isSigned());
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 1, -1, 0", "4, 0, 15, -8, 7", "8, 0, 255, -128, 127", "16, 0, 65535, -32768, 32767"})
    void limitsOfWholeNumbersFollowFromTheirBits(int bits, int least, int most, int signedLeast, int signedMost) {
        assertEquals(new Limits(BigDecimal.valueOf(least), BigDecimal.valueOf(most)), Limits.unsigned(bits));
        assertEquals(new Limits(BigDecimal.valueOf(signedLeast), BigDecimal.valueOf(signedMost)), Limits.signed(bits));
    }

    @Test
    void limitsOfFloatsAreExactAndSymmetric() {
        assertEquals(new Limits(new BigDecimal("-6.5"), new BigDecimal("6.5")), Limits.symmetric(6.5));
        assertEquals(
                new BigDecimal(Math.pow(2, 1023)), Limits.symmetric(0x1p1023).largest());
    }

    @ParameterizedTest
    @EnumSource
    void aUnitHoldsItsElements(ScalarType type) {
        int held = type.bits() * type.elementsPerUnit();
        assertEquals(type.unitBytes(), (held + 7) / 8);
        assertEquals(type.kind() == Kind.BITS, type.limits().isEmpty());
    }

    @Test
    void octantComputesTheseAndReadsThose() {
        assertEquals(
                Set.of(
                        ScalarType.BYTE,
                        ScalarType.CHAR,
                        ScalarType.HALF,
                        ScalarType.FLOAT,
                        ScalarType.QINT8,
                        ScalarType.QUINT8,
                        ScalarType.BFLOAT16),
                used(Use.COMPUTES));
        assertEquals(
                Set.of(
                        ScalarType.DOUBLE,
                        ScalarType.QUINT4X2,
                        ScalarType.FLOAT8_E5M2,
                        ScalarType.FLOAT8_E4M3FN,
                        ScalarType.FLOAT8_E5M2FNUZ,
                        ScalarType.FLOAT8_E4M3FNUZ,
                        ScalarType.FLOAT8_E8M0FNU),
                used(Use.READS));
    }

    private static Set<ScalarType> used(Use use) {
        return Arrays.stream(ScalarType.values())
                .filter(type -> type.use() == use)
                .collect(Collectors.toSet());
    }

    private static BigDecimal exact(String number) {
        return number.contains("0x") ? new BigDecimal(Double.parseDouble(number)) : new BigDecimal(number);
    }
}
