// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.softmax;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.CodeRange;
import dev.octant.core.Profile;
import dev.octant.core.QuantParams;
import dev.octant.core.QuantType;
import dev.octant.core.RealRange;
import dev.octant.core.internal.softmax.WeightTable;
import dev.octant.ops.QuantizedSoftmax;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How codes are rounded where the steps are only known within a margin, and that the margins decide nearly all rows.
 */
class SoftmaxRuleTest {
    private static final byte UNTOUCHED = 99;
    private static final byte LARGEST = 100;
    private static final int LOW = -3;
    private static final int HIGH = 50;
    private static final int ZERO = 7;

    private final byte[] table = new byte[256];

    /** Steps at the distances 0, 1, .., either as all there are or as those of a row. */
    private boolean round(boolean ascending, double margin, float... steps) {
        Arrays.fill(table, UNTOUCHED);
        float[] values = new float[256];
        System.arraycopy(steps, 0, values, 0, steps.length);
        byte[] distances = ascending ? SoftmaxRule.ASCENDING : SoftmaxRule.ASCENDING.clone();
        return SoftmaxRule.roundClearly(table, LARGEST, distances, steps.length, values, 1, 0, margin, LOW, HIGH, ZERO);
    }

    private int code(int distance) {
        return table[(LARGEST - distance) & 0xFF];
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void clearStepsAreRoundedAndSaturate(boolean ascending) {
        assertTrue(round(ascending, 0.125, 300, 51.2f, 50.9f, 49.8f, 3.25f, 2.75f, 0, -2.9f, -3.2f));
        assertArrayEquals(
                new int[] {57, 57, 57, 57, 10, 10, 7, 4, 4},
                new int[] {code(0), code(1), code(2), code(3), code(4), code(5), code(6), code(7), code(8)});
    }

    /** Half less the margin is not clear any more, on either side of a whole number. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsNearATieAreNotClear(boolean ascending) {
        for (float whole : new float[] {-2, 0, 1, 49, 50}) {
            assertFalse(round(ascending, 0.125, whole + 0.375f));
            assertFalse(round(ascending, 0.125, whole - 0.375f));
            assertFalse(round(ascending, 0.125, whole + 0.5f));
            assertTrue(round(ascending, 0.125, Math.nextDown(whole + 0.375f)));
            assertTrue(round(ascending, 0.125, Math.nextUp(whole - 0.375f)));
        }
        assertFalse(round(ascending, 0.125, 20, 10.5f, 3));
        assertFalse(round(ascending, 0.125, 20, 10, 3.5f));
    }

    /** A margin of a quarter leaves nothing that is clear, neither does one that is no number. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void marginsAreBelowAQuarter(boolean ascending) {
        assertTrue(round(ascending, Math.nextDown(0.25), 20, 10));
        assertFalse(round(ascending, 0.25, 20, 10));
        assertFalse(round(ascending, Double.NaN, 20, 10));
        assertFalse(round(ascending, Double.POSITIVE_INFINITY, 20, 10));
    }

    /**
     * All distances in their order: what lies below the lowest code ends the row, ties or not, and all others have the
     * lowest.
     */
    @Test
    void fallingStepsEndAtTheLowest() {
        assertTrue(round(true, 0.125, 20, -3.5f, -4.5f, -400));
        for (int d = 1; d < 256; d++) {
            assertEquals(LOW + ZERO, code(d));
        }
        assertEquals(20 + ZERO, code(0));
    }

    /** Above the highest code by one or more, a tie makes no difference. */
    @Test
    void stepsBeyondTheHighestAreClear() {
        assertTrue(round(true, 0.125, Float.POSITIVE_INFINITY, 60.5f, 51.5f, 51, 20));
        assertEquals(HIGH + ZERO, code(0));
        assertEquals(HIGH + ZERO, code(1));
        assertEquals(HIGH + ZERO, code(2));
        assertEquals(HIGH + ZERO, code(3));
        assertFalse(round(true, 0.125, 50.5f, 20));
    }

    @Test
    void onlyTheRowsDistancesAreWritten() {
        assertTrue(round(false, 0.125, 20, 10));
        for (int d = 2; d < 256; d++) {
            assertEquals(UNTOUCHED, code(d));
        }
    }

    /** Factor and offset, in that order. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsAreValuesTimesAFactorAndAnOffset(boolean ascending) {
        float[] values = new float[256];
        for (int d = 0; d < 256; d++) {
            values[d] = d;
        }
        byte[] distances = ascending ? SoftmaxRule.ASCENDING : SoftmaxRule.ASCENDING.clone();
        assertTrue(SoftmaxRule.roundClearly(table, LARGEST, distances, 40, values, -2, 30.25f, 0.125, -100, 100, 1));
        for (int d = 0; d < 40; d++) {
            assertEquals(30 - 2 * d + 1, code(d));
        }
    }

    /** Rows of any codes: the sum of whole numbers decides nearly all of them, short or long, of one code or many. */
    @ParameterizedTest
    @ValueSource(ints = {5, 100, 1000, 4000})
    void sumsOfWholeNumbersDecideNearlyAllRows(int length) {
        Random random = new Random(61);
        QuantParams out = QuantizedSoftmax.fixedOutput(QuantType.INT8);
        QuantParams logOut = QuantParams.of(QuantType.INT8, 16f / 256, 127);
        int[] decided = new int[3];
        int rounds = 200;
        for (int round = 0; round < rounds; round++) {
            QuantParams in = QuantParams.of(QuantType.INT8, (float) Math.pow(10, -2.5 + 2 * random.nextDouble()), 0);
            byte[] distances = new byte[length];
            int spread = 1 << (1 + random.nextInt(8));
            for (int i = 1; i < length; i++) {
                distances[i] = (byte) random.nextInt(spread);
            }
            SoftmaxRule[] rules = {
                SoftmaxRules.reference(in, out, out.codesWithin(RealRange.UNIT)),
                SoftmaxRules.logReference(in, logOut, new CodeRange(-128, 127)),
                SoftmaxRules.onnxRuntime(in, out)
            };
            for (int i = 0; i < rules.length; i++) {
                decided[i] += decided(rules[i], distances) ? 1 : 0;
            }
        }
        for (int count : decided) {
            assertTrue(count >= 0.93 * rounds, length + ": " + Arrays.toString(decided) + " of " + rounds);
        }
    }

    private boolean decided(SoftmaxRule rule, byte[] distances) {
        WeightTable weights = rule.weights(distances.length);
        long sum = 0;
        for (byte d : distances) {
            sum += weights.weight(d & 0xFF);
        }
        boolean isShort = distances.length < 128;
        return rule.codes(
                table,
                (byte) 127,
                isShort ? distances : SoftmaxRule.ASCENDING,
                isShort ? distances.length : 256,
                sum,
                distances.length);
    }

    /**
     * XNNPACK: rows of up to 512 elements have one table, which the largest weight 2^23 - 1 bounds; longer ones share
     * 2^32 - 1.
     */
    @Test
    void xnnpacksWeightsFollowTheLengthOfTheRow() {
        QuantParams in = QuantParams.of(QuantType.UINT8, 0.05f, 0);
        SoftmaxRule rule = SoftmaxRules.xnnpack(in, QuantizedSoftmax.fixedOutput(QuantType.UINT8));
        WeightTable shortRows = rule.weights(1);
        for (int length : new int[] {1, 2, 512, 513, 1000, 513, 512, 100_000}) {
            WeightTable weights = rule.weights(length);
            double unit = Math.min(0xFFFFFFFFL / (double) length, 8388607);
            for (int d = 0; d < 256; d++) {
                assertEquals(Math.rint(unit * Math.exp(-d * (double) 0.05f)), weights.weight(d));
            }
            assertEquals(length <= 512, weights == shortRows);
            assertEquals(weights, rule.weights(length)); // kept for the next row
        }
    }

    @Test
    void profilesOfWholeNumbersHaveNoOrder() {
        QuantParams in = QuantParams.of(QuantType.UINT8, 0.05f, 0);
        QuantParams out = QuantizedSoftmax.fixedOutput(QuantType.UINT8);
        for (Profile profile : new Profile[] {Profile.TFLITE, Profile.XNNPACK}) {
            SoftmaxRule rule = profile == Profile.TFLITE ? SoftmaxRules.tflite(in, out) : SoftmaxRules.xnnpack(in, out);
            for (byte[] row : new byte[][] {{0}, {0, 0, 10}, {0, 50, 50, 100, (byte) 200}}) {
                assertTrue(decided(rule, row), profile.label());
            }
        }
    }

    /**
     * TensorFlow Lite at scale 1, by a model of gemmlowp in Python's whole numbers. Sums of more than 4096 elements may
     * wrap and be as small as 1; only then do distances of 16 and more show, which the engine leaves out, for they
     * shifted left would leave the int range.
     */
    @ParameterizedTest
    @CsvSource({
        "4294967297, 255 255 255 255 255 255 255 255 255 255 255 255 255 255 112 41 0 0 0 0",
        "4294968296, 255 255 255 255 255 255 255 122 45 17 6 2 1 0 0 0 0 0 0 0",
        "1000, 255 255 255 255 255 255 255 122 45 17 6 2 1 0 0 0 0 0 0 0",
        "524288, 255 94 35 13 5 2 1 0 0 0 0 0 0 0 0 0 0 0 0 0"
    })
    void tflitesSumsWrapAndFarDistancesDoNotCount(long sum, String codes) {
        SoftmaxRule rule = SoftmaxRules.tflite(
                QuantParams.of(QuantType.UINT8, 1f, 0), QuantizedSoftmax.fixedOutput(QuantType.UINT8));
        int[] expected =
                Arrays.stream(codes.split(" ")).mapToInt(Integer::parseInt).toArray();
        for (byte[] distances : new byte[][] {SoftmaxRule.ASCENDING, SoftmaxRule.ASCENDING.clone()}) {
            Arrays.fill(table, UNTOUCHED);
            assertTrue(rule.codes(table, LARGEST, distances, 256, sum, 9000));
            for (int d = 0; d < 256; d++) {
                assertEquals(d < expected.length ? expected[d] : 0, code(d) & 0xFF);
            }
        }
    }
}
