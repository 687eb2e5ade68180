// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * PyTorch's sums and products have no golden rows: every pair against the formula of its vector lanes, in doubles that
 * are rounded to float after each operation.
 *
 * <pre>
 * add        rint(float(fma(sa, qa, -(sa za)) + fma(sb, qb, -(sb zb))) * (1 / sc)) + zc
 * multiply   rint(((qa - za) (qb - zb)) * (sa sb (1 / sc))) + zc
 * </pre>
 */
class PytorchPairsTest {
    @ParameterizedTest
    @EnumSource(
            value = QuantType.class,
            names = {"INT8", "UINT8"})
    void everyPairIsTheFormulas(QuantType type) {
        Random random = new Random(71);
        for (int set = 0; set < 4; set++) {
            QuantParams a = params(type, random);
            QuantParams b = params(type, random);
            QuantParams c = params(type, random);
            QuantizedBinary add = QuantizedBinary.add(a, b, c, Profile.PYTORCH);
            QuantizedBinary multiply = QuantizedBinary.multiply(a, b, c, Profile.PYTORCH);
            for (int qa = type.low(); qa <= type.high(); qa++) {
                for (int qb = type.low(); qb <= type.high(); qb++) {
                    assertEquals(sum(qa, qb, a, b, c), add.apply(qa, qb));
                    assertEquals(product(qa, qb, a, b, c), multiply.apply(qa, qb));
                }
            }
        }
    }

    /** Scales of few digits, at which the product with the reciprocal and the quotient lie on two sides of a tie. */
    @ParameterizedTest
    @CsvSource({"0.1, 0.3, 0.02, 1, 71, 106", "0.1, 0.05, 0.006, 1, 39, 33", "0.1, 0.05, 0.006, 3, 1, 3"})
    void productsMultiplyByTheReciprocal(float sa, float sb, float sc, int qa, int qb, int expected) {
        QuantParams a = QuantParams.of(QuantType.INT8, sa, 0);
        QuantParams b = QuantParams.of(QuantType.INT8, sb, 0);
        QuantParams c = QuantParams.of(QuantType.INT8, sc, 0);
        assertEquals(
                expected, QuantizedBinary.multiply(a, b, c, Profile.PYTORCH).apply(qa, qb));
        assertEquals(
                expected == 106 ? 107 : expected - 1,
                QuantizedBinary.multiply(a, b, c, Profile.XNNPACK).apply(qa, qb));
    }

    /** The residue of a rounded product of scale and zero point: the code of 0 is a little off, and across a tie. */
    @Test
    void sumsCarryTheResidueOfTheZeroPoint() {
        int differing = 0;
        for (int zeroPoint = -128; zeroPoint <= 127; zeroPoint++) {
            QuantParams a = QuantParams.of(QuantType.INT8, 0.1f, zeroPoint);
            QuantParams b = QuantParams.of(QuantType.INT8, 0.3f, 0);
            QuantParams c = QuantParams.of(QuantType.INT8, 0.2f, 0);
            QuantizedBinary add = QuantizedBinary.add(a, b, c, Profile.PYTORCH);
            for (int qb = -50; qb <= 50; qb++) {
                int expected = sum(zeroPoint, qb, a, b, c);
                assertEquals(expected, add.apply(zeroPoint, qb));
                differing += expected != Profile.PYTORCH.quantize(b.dequantize(qb), c) ? 1 : 0;
            }
        }
        assertTrue(differing > 0);
    }

    private static int sum(int qa, int qb, QuantParams a, QuantParams b, QuantParams c) {
        float real = (float) ((double) lane(qa, a) + lane(qb, b));
        return code((double) real * (float) (1.0 / c.scale()), c);
    }

    private static float lane(int code, QuantParams p) {
        return Math.fma(p.scale(), (float) code, -(float) ((double) p.scale() * p.zeroPoint()));
    }

    private static int product(int qa, int qb, QuantParams a, QuantParams b, QuantParams c) {
        float scales = (float) ((double) a.scale() * b.scale());
        float multiplier = (float) ((double) scales * (float) (1.0 / c.scale()));
        return code((double) ((qa - a.zeroPoint()) * (qb - b.zeroPoint())) * multiplier, c);
    }

    private static int code(double steps, QuantParams c) {
        double code = Math.rint((float) steps) + c.zeroPoint();
        return (int) Math.min(Math.max(code, c.type().low()), c.type().high());
    }

    private static QuantParams params(QuantType type, Random random) {
        float scale = (1 + random.nextInt(40)) * 0.01f;
        return QuantParams.of(type, scale, type.low() + random.nextInt(256));
    }
}
