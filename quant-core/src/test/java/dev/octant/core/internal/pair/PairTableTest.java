// SPDX-License-Identifier: Apache-2.0
package dev.octant.core.internal.pair;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.octant.core.internal.Kernels;
import dev.octant.core.internal.choice.KernelChoice;
import dev.octant.core.internal.pair.AffinePairTable.Side;
import dev.octant.core.internal.pair.AffinePairTable.Steps;
import dev.octant.core.internal.pair.PairCases.Case;
import dev.octant.core.internal.pair.PairCases.Kind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tables of two operands: there is one where its arithmetic gives every entry, and none where one entry differs. */
class PairTableTest {
    private static final Side CODES = new Side(true, 0, 1);
    private static final Steps WHOLE = new Steps(1, 1, 0, -128, 127, 0);

    private final Random random = new Random(20);
    private final PairCases cases = new PairCases(random);

    @Test
    void linesAndQuotientsGiveEveryEntryOrNone() {
        check(cases.lines());
        check(cases.quotients());
    }

    @Test
    void sumsAndProductsGiveEveryEntryOrNone() {
        check(cases.sums());
        check(cases.products());
    }

    @Test
    void fusedWholeAndFineTablesGiveEveryEntryOrNone() {
        check(cases.fusedSums());
        check(cases.wholeSums());
        check(cases.fineSums());
        check(cases.fineProducts());
    }

    private <T extends PairTable> void check(Kind<T> kind) {
        for (Case<T> one : kind.cases()) {
            assertLooksUp(kind.choice(), one);
            for (int place : new int[] {0, 255, 0xFF00, 0xFFFF, 0x807F, random.nextInt(1 << 16)}) {
                byte[] other = one.pairs().clone();
                other[place] ^= (byte) 0x80;
                assertTrue(one.fit(other).isEmpty(), () -> "a wrong entry at " + place);
            }
        }
    }

    private <T extends PairTable> void assertLooksUp(KernelChoice<PairKernel<T>> choice, Case<T> one) {
        T table = one.table();
        byte[] a = new byte[(1 << 16) + 1];
        byte[] b = new byte[(1 << 16) + 2];
        for (int i = 0; i < 1 << 16; i++) {
            a[i + 1] = (byte) (i >> 8);
            b[i + 2] = (byte) i;
        }
        byte[] dst = new byte[(1 << 16) + 4];
        choice.scalar().run(table, a, 1, b, 2, dst, 3, 1 << 16);
        assertEquals(0, dst[2]);
        assertEquals(0, dst[(1 << 16) + 3]);
        for (int i = 0; i < 1 << 16; i++) {
            assertEquals(one.pairs()[i], dst[i + 3]);
        }
        byte left = (byte) random.nextInt();
        byte right = (byte) random.nextInt();
        assertEquals(one.pairs()[Byte.toUnsignedInt(left) * 256 + Byte.toUnsignedInt(right)], table.entry(left, right));
    }

    /** What a vector kernel multiplies by is the slope, byte by byte as well. */
    @Test
    void slopesGiveTheirRowsInFloats() {
        for (Kind<SlopeTable> kind : List.of(cases.lines(), cases.quotients())) {
            for (SlopeTable table : kind.tables()) {
                for (int a = 0; a < 256; a++) {
                    int bits = 0;
                    for (int k = 3; k >= 0; k--) {
                        bits = bits * 256 + (table.planes[256 * k + a] & 0xFF);
                    }
                    assertEquals(Float.floatToRawIntBits(table.slopes[a]), bits);
                    for (int b = 0; b < 256; b++) {
                        float distance = ((byte) (b ^ table.rightFlip) - table.rightZero) * table.rightScale;
                        double steps = Math.rint((double) (table.slopes[a] * distance / table.divisor));
                        int low = table.lowBits - table.zeroBits;
                        int high = table.highBits - table.zeroBits;
                        int zero = 0x4B40_0000 - table.zeroBits;
                        double code = Math.min(Math.max(steps + zero, low), high);
                        assertEquals(table.pairs[256 * a + b], (byte) (int) code);
                    }
                }
            }
        }
    }

    /**
     * Half a step for each code: with the slope 1/2 every other entry is a tie, which the next float above or below
     * would take away from the even code. So the slope must be found exactly, from a guess at most 16 floats off.
     */
    @ParameterizedTest
    @ValueSource(floats = {0.5f, -0.5f})
    void aSlopeIsFoundFromAGuessSomeFloatsOff(float slope) {
        byte[] pairs = PairTable.tabulate((a, b) -> (int) Math.rint(slope * b), true, true);
        for (int off = -20; off <= 20; off++) {
            double guess = Float.intBitsToFloat(Float.floatToRawIntBits(slope) + off);
            double[] guesses = new double[256];
            for (int a = 0; a < 256; a++) {
                guesses[a] = a == 77 ? guess : slope;
            }
            Optional<SlopeTable> table = SlopeTable.lines(pairs, guesses, CODES, WHOLE);
            assertEquals(Math.abs(off) <= 16, table.isPresent(), "off by " + off);
            assertTrue(table.isEmpty() || table.get().slopes[77] == slope);
        }
    }

    /** Steps of half a fraction: every other result is a tie of the first rounding, and some then one of the second. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4})
    void halfOfAFractionGoesUp(int bits) {
        int multiplier = 1 << 19;
        double step = Math.scalb((double) multiplier, -20 - bits);
        double nudge = PairCases.nudge(bits);
        byte[] sums =
                PairTable.tabulate((a, b) -> clamped(PairCases.twice((long) (a + b) * multiplier, bits)), true, true);
        assertTrue(
                FinePairTable.sum(sums, CODES, step, CODES, step, nudge, WHOLE).isPresent());
        byte[] products =
                PairTable.tabulate((a, b) -> clamped(PairCases.twice((long) a * b * multiplier, bits)), true, true);
        assertTrue(FinePairTable.product(products, CODES, CODES, step, nudge, WHOLE)
                .isPresent());
    }

    private static int clamped(int code) {
        return Math.min(Math.max(code, -128), 127);
    }

    /** Codes are in order from the lowest to the highest, wherever these lie, and raw bytes signed or not. */
    @ParameterizedTest
    @CsvSource({"-128, 0", "0, 128", "-100, 100", "60, 194", "46, 100"})
    void aSlopeIsFoundForResultsFromAnyCodeOn(int low, int zero) {
        int high = low < 0 ? 127 : 255;
        Steps steps = new Steps(1, 1, 0, low, high, zero);
        byte[] pairs = PairTable.tabulate(
                (a, b) -> (int) Math.min(Math.max(Math.rint(0.25 * b) + zero, low), high), true, true);
        for (int off : new int[] {-3, 3}) {
            double[] guesses = new double[256];
            Arrays.fill(guesses, Float.intBitsToFloat(Float.floatToRawIntBits(0.25f) + off));
            assertTrue(SlopeTable.lines(pairs, guesses, CODES, steps).isPresent(), "off by " + off);
        }
    }

    /** One entry wants a larger slope, another a smaller one. */
    @Test
    void noLineIsNoTable() {
        byte[] pairs =
                PairTable.tabulate((a, b) -> (int) Math.rint(0.5 * b) + (b == 3 ? 1 : b == 5 ? -1 : 0), true, true);
        double[] guesses = new double[256];
        Arrays.fill(guesses, 0.5);
        assertTrue(SlopeTable.lines(pairs, guesses, CODES, WHOLE).isEmpty());
        Arrays.fill(guesses, Math.nextUp(0.5f));
        assertTrue(SlopeTable.lines(pairs, guesses, CODES, WHOLE).isEmpty());
    }

    /** A slope beyond the floats is the largest: all saturates but the zero point itself. */
    @Test
    void infiniteSlopes() {
        byte[] pairs = PairTable.tabulate((a, b) -> b == 0 ? 0 : (b > 0) == (a >= 0) ? 127 : -128, true, true);
        double[] slopes = new double[256];
        for (int a = 0; a < 256; a++) {
            slopes[a] = (byte) a >= 0 ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
        }
        SlopeTable table = SlopeTable.lines(pairs, slopes, CODES, WHOLE).orElseThrow();
        assertEquals(Float.MAX_VALUE, table.slopes[3]);
        assertEquals(-Float.MAX_VALUE, table.slopes[200]);
    }

    /** With 2^31 - 1 = 1 + 302 * 7110873 for a shift of 1, a zero point of -47 and 255 codes more. */
    @Test
    void wholeSumsMustFitInto32Bits() {
        assertEquals(true, hasWholeSums(7_110_873, 0));
        assertEquals(false, hasWholeSums(7_110_874, 0));
        assertEquals(true, hasWholeSums(0, 7_110_873));
        assertEquals(false, hasWholeSums(0, 7_110_874));
        assertEquals(false, hasWholeSums(4_000_000, 4_000_000));
        assertEquals(true, hasWholeSums(4_000_000, -4_000_000));
        assertEquals(false, hasWholeSums(-7_110_874, 0));
    }

    private static boolean hasWholeSums(int left, int right) {
        byte[] pairs = PairTable.tabulate(
                (a, b) -> {
                    double steps = Math.floor(((a + 47.0) * left + (b + 47.0) * right) / 2 + 0.5);
                    return (int) Math.min(Math.max(steps, -128), 127);
                },
                true,
                true);
        return WholeSumTable.of(pairs, new Side(true, -47, left), new Side(true, -47, right), 1, WHOLE)
                .isPresent();
    }

    /** Infinity less infinity: what becomes of a NaN is the processor's. */
    @Test
    void aRuleThatGivesNanHasNoTable() {
        Side huge = new Side(true, 0, Float.MAX_VALUE);
        for (int entry : new int[] {-128, 0, 127}) {
            byte[] pairs = PairTable.tabulate((a, b) -> entry, true, true);
            Steps same = new Steps(1, 1, 0, entry, entry, entry);
            assertTrue(AffinePairTable.sums(pairs, huge, huge, same).isEmpty());
            assertTrue(FusedSumTable.of(pairs, true, Float.POSITIVE_INFINITY, true, 1, 0, same)
                    .isEmpty());
            Side infinite = new Side(true, 0, Float.POSITIVE_INFINITY);
            assertTrue(AffinePairTable.products(pairs, infinite, CODES, same).isEmpty());
            assertTrue(
                    FinePairTable.sum(pairs, CODES, Double.POSITIVE_INFINITY, CODES, Double.POSITIVE_INFINITY, 0, same)
                            .isEmpty());
        }
    }

    @Test
    void aTableWithoutArithmetic() {
        byte[] pairs = PairTable.tabulate((a, b) -> 3 * a - b, true, false);
        PairTable table = PairTable.of(pairs);
        assertEquals((byte) (3 * -5 - 200), table.entry((byte) -5, (byte) 200));
        assertEquals((byte) (3 * 100 - 7), table.entry((byte) 100, (byte) 7));
        byte[] unsigned = PairTable.tabulate((a, b) -> 3 * a - b, false, true);
        assertEquals((byte) (3 * 251 + 56), PairTable.of(unsigned).entry((byte) -5, (byte) 200));
    }

    @Test
    void stepsFromAnotherLowestCode() {
        Steps steps = new Steps(2, 3, 4, -128, 127, 5).from(5);
        assertEquals(new Steps(2, 3, 4, 5, 127, 5), steps);
    }

    /** Slopes of both signs, all different, up to some that saturate. */
    @Test
    void trialsOfGatesHaveSlopesOfEveryKind() {
        Set<SlopeTable> tables = new LinkedHashSet<>();
        PairTrial.slopes().run((table, a, aOffset, b, bOffset, dst, dstOffset, length) -> tables.add(table));
        assertEquals(
                List.of(false, true), tables.stream().map(SlopeTable::isDivided).toList());
        for (SlopeTable table : tables) {
            float[] slopes = table.slopes;
            Set<Float> distinct = new HashSet<>();
            for (float slope : slopes) {
                distinct.add(slope);
            }
            assertEquals(256, distinct.size());
            assertEquals(-3.37f, slopes[0], 1e-5f);
            assertEquals(Math.pow(255, 3) / (1 << 18) - 3.37, slopes[255], 1e-4);
        }
    }

    /** Each table in turn, so that every way through a kernel is compared. */
    @Test
    void outputsOfATrialAreItsTables() {
        PairTrial<AffinePairTable> trial = PairTrial.sums();
        List<AffinePairTable> tables = new ArrayList<>();
        PairKernel<AffinePairTable> scalar = Kernels.SUMS.scalar();
        trial.run((table, a, aOffset, b, bOffset, dst, dstOffset, length) -> {
            tables.add(table);
            scalar.run(table, a, aOffset, b, bOffset, dst, dstOffset, length);
            for (int i = 0; i < length; i++) {
                assertEquals(table.entry(a[aOffset + i], b[bOffset + i]), dst[dstOffset + i]);
            }
        });
        assertNotSame(tables.get(0), tables.get(tables.size() - 1));
        assertEquals(2, trial.output().length);
    }
}
