// SPDX-License-Identifier: Apache-2.0
package dev.octant.observers.internal.exact;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.fixtures.QuantInputs;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Exact sums, against BigDecimal and BigInteger, with carries over every boundary of a digit. */
class ExactAccumulatorTest {
    private static final BigInteger DIGIT = BigInteger.ONE.shiftLeft(32);

    private static ExactSums exact(float... values) {
        BigDecimal sum = BigDecimal.ZERO;
        BigDecimal squares = BigDecimal.ZERO;
        for (float value : values) {
            if (Float.isFinite(value)) {
                BigDecimal exact = new BigDecimal(value);
                sum = sum.add(exact);
                squares = squares.add(exact.multiply(exact));
            }
        }
        BigDecimal unit = new BigDecimal(BigInteger.ONE.shiftLeft(ExactSums.UNIT));
        return new ExactSums(
                sum.multiply(unit).toBigIntegerExact(),
                squares.multiply(unit).multiply(unit).toBigIntegerExact());
    }

    private static void add(ExactAccumulator accumulator, float... values) {
        for (float value : values) {
            accumulator.add(value);
        }
    }

    /** All ones in the mantissa, one float for every exponent: a bit at every place of the sums. */
    private static float[] everyPlace(int sign) {
        List<Float> values = new ArrayList<>();
        for (int exponent = 0; exponent < 255; exponent++) {
            for (int mantissa : new int[] {0, 1, 0x7F_FFFF}) {
                values.add(sign * Float.intBitsToFloat(exponent << 23 | mantissa));
            }
        }
        float[] result = new float[values.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = values.get(i);
        }
        return result;
    }

    @Test
    void aFloatAtEveryPlaceIsExact() {
        for (int sign : new int[] {1, -1}) {
            for (float value : everyPlace(sign)) {
                ExactAccumulator accumulator = new ExactAccumulator();
                accumulator.add(value);
                assertEquals(exact(value), accumulator.sums(), () -> "of " + value);
            }
        }
    }

    @Test
    void whatIsNotFiniteIsLeftOut() {
        ExactAccumulator accumulator = new ExactAccumulator(1);
        add(accumulator, 1.5f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f);
        assertEquals(exact(1.5f), accumulator.sums());
    }

    /** Sums of one sign grow over the boundaries; a carry must take the sign along. */
    @Test
    void carriesChangeNoSum() {
        for (int most : new int[] {1, 2, 3, 7, 1 << 29}) {
            for (int sign : new int[] {1, -1}) {
                float[] values = everyPlace(sign);
                ExactAccumulator accumulator = new ExactAccumulator(most);
                for (int round = 0; round < 5; round++) {
                    add(accumulator, values);
                }
                ExactSums once = exact(values);
                BigInteger rounds = BigInteger.valueOf(5);
                assertEquals(
                        new ExactSums(
                                once.sum().multiply(rounds), once.squares().multiply(rounds)),
                        accumulator.sums(),
                        "carried after " + most);
                // Back to zero, through sums of either sign.
                add(accumulator, everyPlace(-sign));
                assertEquals(
                        once.sum().multiply(BigInteger.valueOf(4)),
                        accumulator.sums().sum());
            }
        }
    }

    @Test
    void anyFloatsAddUp() {
        float[] values = QuantInputs.anyFloats(11, 3000);
        for (int most : new int[] {1, 5, 1 << 29}) {
            ExactAccumulator accumulator = new ExactAccumulator(most);
            add(accumulator, values);
            assertEquals(exact(values), accumulator.sums());
        }
    }

    /** Units of either sign at every place that a bin's width can have, as the bin counter adds them. */
    @Test
    void unitsAtEveryPlaceAreExact() {
        Random random = new Random(3);
        for (int most : new int[] {1, 3, 1 << 29}) {
            ExactAccumulator accumulator = new ExactAccumulator(most);
            BigInteger sum = BigInteger.ZERO;
            BigInteger squares = BigInteger.ZERO;
            for (int place = 0; place < 250; place++) {
                for (long units : new long[] {1, -1, (1L << 62) - 1, -(1L << 62), random.nextLong() >> 1}) {
                    accumulator.addSum(units, place);
                    sum = sum.add(BigInteger.valueOf(units).shiftLeft(place));
                    accumulator.addSquares(Math.abs(units), 2 * place);
                    squares = squares.add(BigInteger.valueOf(Math.abs(units)).shiftLeft(2 * place));
                    assertEquals(new ExactSums(sum, squares), accumulator.sums(), units + " at " + place);
                }
            }
        }
    }

    /**
     * No digit outgrows a long: one number adds less than 2^33 to it, and what is carried into it is less than that.
     * Without the carry after the last number, any of these would grow on.
     */
    @Test
    void digitsStayBelowWhatIsAddedBetweenCarries() {
        for (int most : new int[] {1, 4}) {
            ExactAccumulator floats = new ExactAccumulator(most);
            ExactAccumulator sums = new ExactAccumulator(most);
            ExactAccumulator squares = new ExactAccumulator(most);
            long digit = DIGIT.longValueExact();
            long bound = (2L * most + 3) * digit;
            for (int i = 1; i <= 100; i++) {
                // Ones in all of the lowest digit that they touch.
                floats.add(-Float.intBitsToFloat((1 + 8) << 23 | 0x7F_FFFF));
                sums.addSum(-1, 0);
                squares.addSquares(0xFFFF_FFFFL, 64);
                assertTrue(floats.largestDigit() < bound, "floats, " + i);
                assertTrue(sums.largestDigit() < bound, "sums, " + i);
                assertTrue(squares.largestDigit() < bound, "squares, " + i);
                boolean carried = i % most == 0;
                if (carried) {
                    assertTrue(floats.largestDigit() < digit, "floats, " + i);
                    assertTrue(sums.largestDigit() < digit, "sums, " + i);
                    assertTrue(squares.largestDigit() < digit, "squares, " + i);
                } else if (i % most > 1) {
                    assertTrue(squares.largestDigit() > digit, "squares, " + i);
                }
            }
        }
    }

    @Test
    void theLargestDigitIsOfEitherSum() {
        ExactAccumulator sums = new ExactAccumulator();
        sums.addSum(-7, 64);
        assertTrue(sums.largestDigit() >= 7);
        ExactAccumulator squares = new ExactAccumulator();
        squares.addSquares(9, 64);
        assertEquals(9, squares.largestDigit());
        assertEquals(0, new ExactAccumulator().largestDigit());
    }

    @Test
    void clearedIsNew() {
        ExactAccumulator accumulator = new ExactAccumulator(3);
        add(accumulator, 1e30f, -2e-30f);
        accumulator.addSum(5, 100);
        accumulator.addSquares(5, 100);
        accumulator.clear();
        assertEquals(ExactSums.ZERO, accumulator.sums());
        assertEquals(0, accumulator.largestDigit());
        // The number of numbers since the last carry is forgotten, too.
        add(accumulator, 1e-30f, 1e-30f);
        long before = accumulator.largestDigit();
        accumulator.add(1e-30f);
        assertTrue(before > 0);
        assertEquals(exact(1e-30f, 1e-30f, 1e-30f), accumulator.sums());
        float[] values = everyPlace(1);
        accumulator.clear();
        add(accumulator, values);
        assertEquals(exact(values), accumulator.sums());
    }
}
