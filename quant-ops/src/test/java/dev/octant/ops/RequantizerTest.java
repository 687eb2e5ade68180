// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops;

import static dev.octant.ops.Refusal.sentence;
import static dev.octant.ops.Refusal.untouched;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.fixtures.QuantInputs;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The sums of a product brought to 8 bits, against each engine's formula. */
class RequantizerTest {
    private static final QuantParams OUT = QuantParams.of(QuantType.INT8, 1f, 3);
    private static final int[] EDGES = {
        0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, (1 << 24) + 1, -(1 << 24) - 1, 1 << 30, -(1 << 30)
    };

    private final Random random = new Random(53);

    /**
     * Computed in NumPy's float32: {@code (a * b) / c} and {@code (a * b) * (1 / c)}, times the sum, to even, plus 3.
     */
    @ParameterizedTest
    @CsvSource({
        // The quotient is a little above 3/2 (1.5000001), the product with the reciprocal 3/2.
        "0.1, 0.3, 0.02, 71, 110, 109",
        "0.1, 0.3, 0.02, -79, -116, -115",
        // 0.8333334 and 0.83333343.
        "0.1, 0.05, 0.006, 39, 35, 36",
        "0.1, 0.05, 0.006, -3, 1, 0",
        "0.1, 0.015, 0.2, 3800, 31, 32",
        "0.1, 0.02, 0.9, -3825, -5, -6"
    })
    void pytorchMultipliesByTheReciprocalAndTheOthersDivide(
            float input, float weight, float output, int sum, int divided, int multiplied) {
        QuantParams out = QuantParams.of(QuantType.INT8, output, 3);
        for (Profile profile : Profile.values()) {
            Requantizer requantizer = Requantizer.of(input, weight, out, profile);
            byte[] codes = new byte[1];
            requantizer.apply(new int[] {sum}, 0, codes, 0, 1);
            assertEquals(codes[0], requantizer.apply(sum), profile.label());
            if (profile != Profile.TFLITE) {
                assertEquals(profile == Profile.PYTORCH ? multiplied : divided, codes[0], profile.label());
            }
        }
    }

    /** An int32 accumulator at ties and at both ends of an int. */
    @Test
    void tiesGoToEvenInFloatsAndUpwardsInFixedPoint() {
        for (Profile profile : Profile.values()) {
            Requantizer half = Requantizer.of(0.5f, 1f, OUT, profile);
            boolean fixed = profile == Profile.TFLITE;
            assertEquals(fixed ? 4 : 3, half.apply(1), profile.label()); // 0.5
            assertEquals(5, half.apply(3), profile.label()); // 1.5
            assertEquals(3, half.apply(-1), profile.label());
            assertEquals(fixed ? 2 : 1, half.apply(-3), profile.label()); // -1.5
            assertEquals(127, half.apply(Integer.MAX_VALUE), profile.label());
            assertEquals(-128, half.apply(Integer.MIN_VALUE), profile.label());
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void everyCodeIsTheFormulas(Profile profile) {
        int[] sums = new int[300 + EDGES.length];
        System.arraycopy(EDGES, 0, sums, 0, EDGES.length);
        List<QuantType> types = List.of(QuantType.INT8, QuantType.INT8_NARROW, QuantType.UINT8);
        for (int set = 0; set < 24; set++) {
            QuantType type = types.get(set % types.size());
            float input = QuantInputs.realisticScale(random);
            float weight = QuantInputs.realisticScale(random);
            QuantParams out = QuantParams.of(
                    type,
                    QuantInputs.realisticScale(random),
                    type.low() + random.nextInt(type.high() - type.low() + 1));
            double ratio = (double) input * weight / out.scale();
            for (int i = EDGES.length; i < sums.length; i++) {
                sums[i] = (int) ((random.nextInt(1200) - 600) * 0.5 / ratio);
            }
            Requantizer requantizer = Requantizer.of(input, weight, out, profile);
            assertEquals(out, requantizer.output());
            byte[] codes = new byte[sums.length];
            requantizer.apply(sums, 0, codes, 0, sums.length);
            for (int i = 0; i < sums.length; i++) {
                int expected = expected(sums[i], input, weight, out, profile);
                assertEquals(expected, requantizer.apply(sums[i]));
                assertEquals(expected, type.code(codes[i]));
            }
        }
    }

    /** Floats as doubles rounded once an operation, or TensorFlow Lite's fixed point in big integers. */
    private static int expected(int sum, float input, float weight, QuantParams out, Profile profile) {
        double steps = profile == Profile.TFLITE
                ? fixedPoint(sum, (double) input * weight / out.scale()).doubleValue()
                : Math.rint((float) ((double) (float) sum * multiplier(input, weight, out.scale(), profile)));
        double code = steps + out.zeroPoint();
        return (int) Math.min(Math.max(code, out.type().low()), out.type().high());
    }

    private static float multiplier(float input, float weight, float output, Profile profile) {
        double product = (float) ((double) input * weight);
        return profile == Profile.PYTORCH ? (float) (product * (float) (1.0 / output)) : (float) (product / output);
    }

    /** {@code MultiplyByQuantizedMultiplier(sum, QuantizeMultiplier(ratio))} with two roundings. */
    private static BigInteger fixedPoint(int sum, double ratio) {
        int shift = 0;
        double fraction = ratio;
        for (; fraction < 0.5; shift--) {
            fraction *= 2;
        }
        for (; fraction >= 1; shift++) {
            fraction /= 2;
        }
        BigDecimal two = BigDecimal.valueOf(2);
        BigDecimal mantissa = new BigDecimal(fraction).multiply(two.pow(31)).setScale(0, RoundingMode.HALF_UP);
        BigInteger left = BigInteger.valueOf(sum).shiftLeft(Math.max(shift, 0));
        BigInteger first = new BigDecimal(
                        left.min(BigInteger.valueOf(Integer.MAX_VALUE)).max(BigInteger.valueOf(Integer.MIN_VALUE)))
                .multiply(mantissa)
                .divide(two.pow(31))
                .add(BigDecimal.valueOf(0.5))
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger();
        return new BigDecimal(first)
                .divide(two.pow(Math.max(-shift, 0)))
                .setScale(0, RoundingMode.HALF_UP)
                .toBigInteger();
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void blocksAreTheScalarsAtEveryLengthAndOffset(Profile profile) {
        Requantizer requantizer = Requantizer.of(0.02f, 0.01f, QuantParams.of(QuantType.UINT8, 0.3f, 90), profile);
        int[] sums = random.ints(160, -200_000, 200_000).toArray();
        for (int length = 0; length <= 140; length++) {
            int from = length % 7;
            int to = length % 5;
            byte[] expected = untouched(160);
            byte[] actual = expected.clone();
            for (int i = 0; i < length; i++) {
                expected[to + i] = (byte) requantizer.apply(sums[from + i]);
            }
            requantizer.apply(sums, from, actual, to, length);
            assertArrayEquals(expected, actual);
        }
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void blocksOutsideTheirArraysAreRefusedBeforeAnythingIsWritten(Profile profile) {
        Requantizer requantizer = Requantizer.of(0.02f, 0.01f, OUT, profile);
        byte[] dst = untouched(10);
        int[][] refused = {
            {-1, 0, 1}, {0, -1, 1}, {0, 0, -1}, {0, 0, 11}, {1, 0, 10}, {0, 1, 10}, {11, 0, 0}, {0, 11, 0}
        };
        for (int[] block : refused) {
            assertThrows(
                    IndexOutOfBoundsException.class,
                    () -> requantizer.apply(new int[10], block[0], dst, block[1], block[2]));
            assertArrayEquals(untouched(10), dst);
        }
        requantizer.apply(new int[10], 10, dst, 10, 0);
        assertArrayEquals(untouched(10), dst);
    }

    @ParameterizedTest
    @EnumSource(Profile.class)
    void scalesMustBePositiveAndNormal(Profile profile) {
        for (float bad : new float[] {
            0f, -0f, -1f, Float.MIN_VALUE, Math.nextDown(Float.MIN_NORMAL), Float.POSITIVE_INFINITY, Float.NaN
        }) {
            assertEquals(
                    "input scale must be a positive normal float, was " + bad,
                    sentence(() -> Requantizer.of(bad, 1f, OUT, profile)));
            assertEquals(
                    "weight scale must be a positive normal float, was " + bad,
                    sentence(() -> Requantizer.of(1f, bad, OUT, profile)));
        }
        assertEquals(
                3,
                Requantizer.of(Float.MIN_NORMAL, Float.MIN_NORMAL, OUT, profile).apply(Integer.MAX_VALUE));
        assertEquals(127, Requantizer.of(Float.MAX_VALUE, 1f, OUT, profile).apply(1));
        assertEquals(-128, Requantizer.of(1f, Float.MAX_VALUE, OUT, profile).apply(-1));
    }

    @ParameterizedTest
    @EnumSource(value = Profile.class, names = "TFLITE", mode = EnumSource.Mode.EXCLUDE)
    void floatMultipliersMustBeFinite(Profile profile) {
        assertEquals(
                "multiplier of the scales must be finite, was Infinity",
                sentence(() -> Requantizer.of(1e30f, 1e30f, OUT, profile)));
    }

    /** Its multiplier is a double, whose powers of two saturate. */
    @Test
    void fixedPointMultipliersHaveNoLargest() {
        Requantizer huge = Requantizer.of(1e30f, 1e30f, OUT, Profile.TFLITE);
        assertEquals(127, huge.apply(1));
        assertEquals(3, huge.apply(0));
        assertEquals(-128, huge.apply(-1));
    }
}
