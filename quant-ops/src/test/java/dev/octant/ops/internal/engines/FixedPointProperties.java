// SPDX-License-Identifier: Apache-2.0
package dev.octant.ops.internal.engines;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** The integer arithmetic against its definition in exact decimals. */
class FixedPointProperties {
    private static final BigDecimal TWO = BigDecimal.valueOf(2);

    @Property
    void highProductsAreRoundedToNearestAndTiesUp(@ForAll int a, @ForAll int b) {
        BigDecimal exact = BigDecimal.valueOf(a).multiply(BigDecimal.valueOf(b)).divide(TWO.pow(31));
        BigInteger nearest = exact.add(BigDecimal.valueOf(0.5))
                .setScale(0, RoundingMode.FLOOR)
                .toBigInteger();
        assertEquals(nearest.min(BigInteger.valueOf(Integer.MAX_VALUE)).intValueExact(), FixedPoint.multiplyHigh(a, b));
    }

    @Property
    void highProductsOfSixteenBitsAreThoseOfShiftedOnes(@ForAll short a, @ForAll short b) {
        assertEquals(
                Math.min(Math.floorDiv(a * b + (1 << 14), 1 << 15), Short.MAX_VALUE), FixedPoint.multiplyHigh16(a, b));
    }

    @Property
    void rightShiftsRoundHalfAwayFromZero(@ForAll int x, @ForAll @IntRange(max = 100) int bits) {
        BigDecimal exact = BigDecimal.valueOf(x).divide(TWO.pow(bits));
        assertEquals(exact.setScale(0, RoundingMode.HALF_UP).intValueExact(), FixedPoint.shiftRight(x, bits));
    }

    @Property
    void rightShiftsHalfUpAreTheFloorOfOneHalfMore(@ForAll int x, @ForAll @IntRange(max = 100) int bits) {
        BigDecimal exact = BigDecimal.valueOf(x).divide(TWO.pow(bits)).add(BigDecimal.valueOf(0.5));
        assertEquals(
                bits == 0 ? x : exact.setScale(0, RoundingMode.FLOOR).intValueExact(),
                FixedPoint.shiftRightHalfUp(x, bits));
    }

    @Property
    void shortRightShiftsAreThoseOfIntsUpToFifteenBits(@ForAll short x, @ForAll @IntRange(max = 15) int bits) {
        assertEquals(FixedPoint.shiftRight(x, bits), FixedPoint.shiftRight16(x, bits));
    }

    @Example
    void shortRightShiftsOfSixteenBitsAndMoreAreTheSign() {
        for (int bits = 16; bits <= 31; bits++) {
            assertEquals(1, FixedPoint.shiftRight16((short) 5, bits));
            assertEquals(1, FixedPoint.shiftRight16((short) 0, bits));
            assertEquals(-1, FixedPoint.shiftRight16((short) -5, bits));
        }
    }

    @Property
    void leftShiftsSaturate(@ForAll int x, @ForAll short y, @ForAll @IntRange(max = 100) int bits) {
        BigInteger exact = BigInteger.valueOf(x).shiftLeft(bits);
        BigInteger low = BigInteger.valueOf(Integer.MIN_VALUE);
        BigInteger high = BigInteger.valueOf(Integer.MAX_VALUE);
        assertEquals(exact.max(low).min(high).intValueExact(), FixedPoint.shiftLeft(x, bits));
        long narrow = BigInteger.valueOf(y)
                .shiftLeft(bits)
                .max(BigInteger.valueOf(Short.MIN_VALUE))
                .min(BigInteger.valueOf(Short.MAX_VALUE))
                .longValueExact();
        assertEquals(narrow, FixedPoint.shiftLeft16(y, bits));
    }

    /** Half a unit of a mantissa of at least 2^30 is a relative error of 2^-31. */
    @Property
    void multipliersAreWithinHalfAUnitOfTheirLastBit(@ForAll int bits) {
        float value = Float.intBitsToFloat(bits);
        if (!Float.isFinite(value)) {
            assertThrows(IllegalArgumentException.class, () -> FixedPoint.of(value));
            return;
        }
        FixedPoint m = FixedPoint.of(value);
        if (Math.abs(value) < 0x1p-32) {
            assertEquals(new FixedPoint(0, 0), m);
            return;
        }
        assertTrue(m.mantissa() >= 1 << 30 || m.mantissa() <= -(1 << 30));
        assertEquals(value, Math.scalb((double) m.mantissa(), m.shift() - 31), Math.abs(value) * 0x1p-31);
    }

    /** Both roundings together are within 1/2 of the finer position and 1/2 of the unit. */
    @Property
    void productsAreWithinOneOfTheExact(
            @ForAll @IntRange(min = -65025, max = 65025) int x,
            @ForAll @IntRange(min = 1, max = 1 << 30) int numerator) {
        FixedPoint m = FixedPoint.of(numerator / 0x1p24);
        double exact = x * Math.scalb((double) m.mantissa(), m.shift() - 31);
        if (Math.abs(exact) < Integer.MAX_VALUE && Math.abs((long) x << Math.max(m.shift(), 0)) < Integer.MAX_VALUE) {
            double bound = 0.5 + Math.scalb(0.5, Math.min(m.shift(), 0));
            assertEquals(exact, m.multiply(x), bound);
            assertEquals(exact, m.multiplyHalfUp(x), bound);
        }
    }

    /** The first rounding makes 1.5 of 1.4999..; a single rounding would give 1. */
    @Example
    void twoRoundingsAreNotOne() {
        FixedPoint m = FixedPoint.of(0.25 - 0x1p-28);
        assertEquals(2, m.multiply(6));
        assertEquals(1, Math.round(6 * (0.25 - 0x1p-28)));
    }

    @Example
    void tiesOfTheTwoShiftsDiffer() {
        FixedPoint half = FixedPoint.of(0.25);
        assertEquals(-2, half.multiply(-6));
        assertEquals(-1, half.multiplyHalfUp(-6));
    }

    /**
     * A relative error e becomes e^2 (3 - e) / 2 in a Newton step, and is 1/2 at most at first. Each step rounds three
     * products of 28 bits, and the later ones undo most of that.
     */
    @Property
    void reciprocalRootsAreNearTheExact(@ForAll @IntRange(min = 1) int x) {
        FixedPoint root = FixedPoint.reciprocalSqrt(x);
        double exact = 1 / Math.sqrt(x);
        double error = 0.5;
        for (int step = 0; step < 5; step++) {
            error = error * error * (3 - error) / 2;
        }
        assertEquals(exact, Math.scalb((double) root.mantissa(), root.shift() - 31), exact * (error + 0x1p-25));
    }

    /**
     * Fractions that round to 1: the mantissa is halved and the power raised, before a power too small makes the whole
     * 0. A negative one fits an int as it is.
     */
    @Example
    void mantissasThatRoundToOneCarryIntoThePower() {
        FixedPoint one = new FixedPoint(1 << 30, 1);
        assertEquals(one, FixedPoint.of(1));
        assertEquals(one, FixedPoint.of(Math.nextDown(1.0)));
        assertEquals(one, FixedPoint.of(1 - 0x1p-32)); // a tie goes away from zero
        assertEquals(new FixedPoint(Integer.MAX_VALUE, 0), FixedPoint.of(Math.nextDown(1 - 0x1p-32)));
        assertEquals(new FixedPoint(Integer.MAX_VALUE, 0), FixedPoint.of(1 - 0x1p-31));
        assertEquals(new FixedPoint(1 << 30, 8), FixedPoint.of(Math.nextDown(128.0)));
        assertEquals(new FixedPoint(Integer.MIN_VALUE, 0), FixedPoint.of(Math.nextUp(-1.0)));
        assertEquals(new FixedPoint(-(1 << 30), 1), FixedPoint.of(-1));
        assertEquals(new FixedPoint(-Integer.MAX_VALUE, 0), FixedPoint.of(-1 + 0x1p-31));
        assertEquals(1000, FixedPoint.of(Math.nextDown(1.0)).multiply(1000));
        assertEquals(-1000, FixedPoint.of(Math.nextUp(-1.0)).multiply(1000));
    }

    @Example
    void powersBelowMinusThirtyOneAreZero() {
        assertEquals(new FixedPoint(1 << 30, -31), FixedPoint.of(0x1p-32));
        assertEquals(new FixedPoint(-(1 << 30), -31), FixedPoint.of(-0x1p-32));
        assertEquals(new FixedPoint(1 << 30, -31), FixedPoint.of(Math.nextDown(0x1p-32))); // carried
        assertEquals(new FixedPoint(0, 0), FixedPoint.of(0x1p-32 - 0x1p-63));
        assertEquals(new FixedPoint(0, 0), FixedPoint.of(Double.MIN_VALUE));
        assertEquals(new FixedPoint(0, 0), FixedPoint.of(0));
        assertEquals(new FixedPoint(0, 0), FixedPoint.of(-0.0));
    }

    @Example
    void multipliersAreFinite() {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            assertEquals(
                    "multiplier must be finite, was " + bad,
                    assertThrows(IllegalArgumentException.class, () -> FixedPoint.of(bad))
                            .getMessage());
        }
        assertEquals(1 << 30, FixedPoint.of(Double.MAX_VALUE).multiply(1)); // half of a shift that saturates
        assertEquals(-(1 << 30), FixedPoint.of(Double.MAX_VALUE).multiply(-1));
        assertEquals(0, FixedPoint.of(Double.MAX_VALUE).multiply(0));
    }

    /** The number a multiplier stands for, and how far from a tie its first rounding can make one. */
    @Example
    void valuesAndReachOfTies() {
        assertEquals(0.75, FixedPoint.of(0.75).value());
        assertEquals(-3, FixedPoint.of(-3).value());
        assertEquals(0x1p-20, FixedPoint.of(0x1p-20).value());
        assertEquals(0, FixedPoint.of(0).value());
        assertEquals(0, FixedPoint.of(3).reachOfTies());
        assertEquals(0, FixedPoint.of(0.75).reachOfTies()); // power 0: one rounding
        assertEquals(0.25, FixedPoint.of(0.375).reachOfTies());
        assertEquals(0x1p-20, FixedPoint.of(0x1p-20).reachOfTies()); // power -19
        assertEquals(0, FixedPoint.of(0.75).scaled(3).reachOfTies());
        assertEquals(6, FixedPoint.of(0.75).scaled(3).value());
        assertEquals(0.375, FixedPoint.of(0.75).scaled(-1).value());
    }

    /**
     * Computed in Python's whole numbers by the steps of {@code GetInvSqrtQuantizedMultiplierExp}: x, mantissa, power.
     */
    @Example
    void reciprocalRootsAreTheEnginesBitForBit() {
        int[][] rows = {
            {1, 2147483647, 0},
            {2, 1518498372, 0},
            {3, 1239850284, 0},
            {4, 1073741828, 0},
            {5, 960383900, 0},
            {7, 811672556, 0},
            {8, 759249186, 0},
            {15, 554477896, 0},
            {16, 536870914, 0},
            {255, 268961290, -1},
            {256, 268435457, -1},
            {1000, 271637587, -2},
            {65535, 268437511, -5},
            {1000000, 274877901, -7},
            {16777217, 268435457, -9},
            {268435455, 268435457, -11},
            {268435456, 268435457, -11},
            {536870911, 189812531, -11},
            {536870912, 379624593, -12},
            {536870915, 379624593, -12},
            {1073741824, 268435457, -12},
            {2147483647, 189812531, -12}
        };
        for (int[] row : rows) {
            assertEquals(new FixedPoint(row[1], row[2]), FixedPoint.reciprocalSqrt(row[0]));
        }
        for (int bad : new int[] {0, -1, Integer.MIN_VALUE}) {
            assertEquals(
                    "argument of a reciprocal square root must be positive, was " + bad,
                    assertThrows(IllegalArgumentException.class, () -> FixedPoint.reciprocalSqrt(bad))
                            .getMessage());
        }
    }
}
